import { parsePhone } from '#domain/names/phone.ts';
import { fail, ok, type Result } from '#domain/result.ts';

export type FieldKind =
  | 'line'
  | 'text'
  /** Several texts, one a line. */
  | 'lines'
  | 'day'
  | 'phone'
  | 'email'
  | 'count'
  /** Typed in roubles, stored in kopecks. */
  | 'money'
  | 'choice'
  /** Several of the options. */
  | 'choices';

/** One question of a record's form. */
export interface FormField {
  /** Field of the record. */
  readonly key: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly hint?: string;
  readonly required?: boolean;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  /** Width of the box in characters when the answer has a known length. */
  readonly characters?: number;
  /** A warning under the box that forbids nothing. */
  readonly warn?: (text: string) => string | undefined;
}

/** What is typed: every field as text, several values one a line. */
export type TypedFields = Record<string, string>;

export type FieldError = { readonly type: 'no_number' | 'no_money' | 'too_many' };

const mostLines = 20;
const kopecks = 100;

/** A stored value as it is typed. */
export function toTyped(kind: FieldKind, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(String).join('\n');
  if (kind === 'money' && typeof value === 'number') return moneyText(value);
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
}

/** What was typed as a value to store; undefined = nothing. */
export function fromTyped(kind: FieldKind, text: string): Result<unknown, FieldError> {
  const tidy = text.trim();
  if (tidy === '') return ok(undefined);
  switch (kind) {
    case 'lines':
    case 'choices': {
      const lines = tidy
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean);
      return lines.length > mostLines ? fail({ type: 'too_many' }) : ok(lines);
    }
    case 'count': {
      const digits = withoutSpaces(tidy);
      return /^\d{1,6}$/.test(digits) ? ok(Number(digits)) : fail({ type: 'no_number' });
    }
    case 'money':
      return readMoney(tidy);
    case 'phone': {
      // What is no number that we know of stays as it was typed.
      const parsed = parsePhone(tidy);
      return ok(parsed.ok ? parsed.value : tidy);
    }
    default:
      return ok(tidy);
  }
}

function readMoney(text: string): Result<number, FieldError> {
  const parts = /^(\d{1,12})(?:[.,](\d{1,2}))?$/.exec(withoutSpaces(text).replace(/₽$/, ''));
  if (parts === null) return fail({ type: 'no_money' });
  const [, roubles = '0', rest = ''] = parts;
  return ok(Number(roubles) * kopecks + Number(rest.padEnd(2, '0')));
}

function moneyText(value: number): string {
  const roubles = Math.floor(value / kopecks);
  const rest = value % kopecks;
  return rest === 0 ? String(roubles) : `${roubles},${String(rest).padStart(2, '0')}`;
}

function withoutSpaces(text: string): string {
  return text.replace(/[\s\u00a0\u202f]/g, '');
}

/** What a record's form shows when it opens. */
export function typedOf(
  fields: readonly FormField[],
  values: Readonly<Record<string, unknown>>
): TypedFields {
  return Object.fromEntries(fields.map(({ key, kind }) => [key, toTyped(kind, values[key])]));
}

export interface ReadForm {
  /** Only the fields that a person changed; `null` empties one (I17). */
  readonly set: Readonly<Record<string, unknown>>;
  readonly problems: ReadonlyMap<string, FieldError | { readonly type: 'missing' }>;
}

/** Reads a form against what it showed when it was opened. */
export function readForm(fields: readonly FormField[], before: TypedFields, typed: TypedFields): ReadForm {
  const set: Record<string, unknown> = {};
  const problems = new Map<string, FieldError | { readonly type: 'missing' }>();
  for (const { key, kind, required } of fields) {
    const text = typed[key] ?? '';
    if (required === true && text.trim() === '') problems.set(key, { type: 'missing' });
    if (text.trim() === (before[key] ?? '').trim()) continue;
    const read = fromTyped(kind, text);
    if (read.ok) set[key] = read.value ?? null;
    else problems.set(key, read.error);
  }
  return { set, problems };
}
