import { fail, ok, type Result } from '../result.ts';

/**
 * What looks wrong in a requisite. It is a warning and never blocks saving: people in the field copy from stamps.
 * `region_00` also covers numbers of zeros only, which would pass every check digit.
 */
export type RequisiteWarning =
  | { readonly type: 'unexpected_characters' }
  | { readonly type: 'wrong_length'; readonly digits: number; readonly expected: readonly number[] }
  | { readonly type: 'region_00' }
  | { readonly type: 'wrong_first_digit' }
  | { readonly type: 'check_digit' };

const inn10Weights = [2, 4, 10, 3, 5, 9, 4, 6, 8];
const inn12FirstWeights = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
const inn12SecondWeights = [3, ...inn12FirstWeights];

/** Checks a taxpayer number (ИНН): 10 digits of an organisation or 12 of a person. The value is the digits alone. */
export function checkInn(text: string): Result<string, RequisiteWarning> {
  const digits = withoutSeparators(text);
  if (!/^\d*$/.test(digits)) return fail({ type: 'unexpected_characters' });
  if (digits.length !== 10 && digits.length !== 12) return wrongLength(digits, [10, 12]);
  if (digits.startsWith('00')) return fail({ type: 'region_00' });
  const holds =
    digits.length === 10
      ? hasCheckDigit(digits, inn10Weights)
      : hasCheckDigit(digits, inn12FirstWeights) && hasCheckDigit(digits, inn12SecondWeights);
  return holds ? ok(digits) : fail({ type: 'check_digit' });
}

/** Checks a registration number: ОГРН, 13 digits from 1 or 5, or ОГРНИП, 15 digits from 3. The value is the digits alone. */
export function checkOgrn(text: string): Result<string, RequisiteWarning> {
  const digits = withoutSeparators(text);
  if (!/^\d*$/.test(digits)) return fail({ type: 'unexpected_characters' });
  if (digits.length !== 13 && digits.length !== 15) return wrongLength(digits, [13, 15]);
  if (!(digits.length === 13 ? /^[15]/ : /^3/).test(digits)) return fail({ type: 'wrong_first_digit' });
  if (digits.slice(3, 5) === '00') return fail({ type: 'region_00' });
  // 14 digits are below 2^53, so the remainder is exact.
  const remainder = (Number(digits.slice(0, -1)) % (digits.length === 13 ? 11 : 13)) % 10;
  return remainder === Number(digits.slice(-1)) ? ok(digits) : fail({ type: 'check_digit' });
}

/** Checks the form of a КПП: nine characters, the fifth and sixth may be Latin capitals. It has no check digit. */
export function checkKpp(text: string): Result<string, RequisiteWarning> {
  const code = withoutSeparators(text).toUpperCase();
  if (code.length !== 9) return wrongLength(code, [9]);
  return /^\d{4}[\dA-Z]{2}\d{3}$/.test(code) ? ok(code) : fail({ type: 'unexpected_characters' });
}

/** The digit that stands right after the weighted ones must equal their sum modulo 11 modulo 10. */
function hasCheckDigit(digits: string, weights: readonly number[]): boolean {
  const sum = weights.reduce(
    (total, weight, position) => total + weight * Number(digits.charAt(position)),
    0
  );
  return (sum % 11) % 10 === Number(digits.charAt(weights.length));
}

function withoutSeparators(text: string): string {
  return text.replace(/[\s\p{Cf}\-‐‑‒–—−]/gu, '');
}

function wrongLength(digits: string, expected: readonly number[]): Result<never, RequisiteWarning> {
  return fail({ type: 'wrong_length', digits: digits.length, expected });
}
