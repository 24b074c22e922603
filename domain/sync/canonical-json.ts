/**
 * JSON with sorted keys and no spaces (RFC 8785 for values that JSON can hold): equal values give equal text.
 * Fields that are `undefined` are left out.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields: Readonly<Record<string, unknown>> = { ...value };
    let text = '';
    // Without a comparison function, keys are sorted by UTF-16 code units, as RFC 8785 wants.
    for (const key of Object.keys(fields).sort()) {
      if (fields[key] === undefined) continue;
      text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(fields[key])}`;
    }
    return `{${text}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
