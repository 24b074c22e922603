/**
 * JSON with sorted keys and no spaces (RFC 8785 for values that JSON can hold): equal values give equal text.
 * Fields that are `undefined` are left out, and the value's own field of that name.
 */
export function canonicalJson(value: unknown, without?: string): string {
  // Written out for what most values are: the server makes such a text of every operation and of every change.
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : 'null';
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item ?? null)}`;
    return `[${text}]`;
  }
  for (const key of sortedKeys(value)) {
    const field = value[key];
    if (field === undefined || key === without) continue;
    text += `${text === '' ? '' : ','}${quoted(key)}:${canonicalJson(field)}`;
  }
  return `{${text}}`;
}

/** By UTF-16 code units, as RFC 8785 wants: so does `sort` without a comparison function. */
function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  for (let index = 1; index < keys.length; index++)
    if ((keys[index - 1] ?? '') > (keys[index] ?? '')) return keys.sort();
  return keys;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}

/** The few hundred names of fields and of those who write, quoted once: the server writes them for every mark. */
const quotedNames = new Map<string, string>();
const maxQuotedNames = 1_000;

/** The JSON of a text that comes again and again. */
export function quoted(name: string): string {
  const known = quotedNames.get(name);
  if (known !== undefined) return known;
  const text = JSON.stringify(name);
  if (quotedNames.size < maxQuotedNames && name.length < 64) quotedNames.set(name, text);
  return text;
}
