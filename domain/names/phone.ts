import { fail, ok, type Result } from '../result.ts';

export type PhoneError =
  | { readonly type: 'empty' }
  | { readonly type: 'unexpected_characters'; readonly characters: string }
  | { readonly type: 'too_short'; readonly digits: number }
  | { readonly type: 'too_long'; readonly digits: number }
  | { readonly type: 'unknown_code' };

const noBreakSpace = '\u00a0';
const nationalLength = 10;

/**
 * Reads a telephone number as people type it: 8…, +7…, ten digits, or a local number of five to seven digits.
 * The value is the stored form: `+79123456789`, for abroad `+` and the digits. A local number gets `areaCode`
 * (digits, as 34678) when together they make a full number; otherwise its digits are kept as they are.
 */
export function parsePhone(text: string, areaCode = ''): Result<string, PhoneError> {
  const typed = text.replace(/[\p{Cf}\s]/gu, '');
  if (typed === '') return fail({ type: 'empty' });
  const foreign = typed.replace(/^\+/, '').replace(/[\d()./\-‐‑‒–—−]/g, '');
  if (foreign !== '') return fail({ type: 'unexpected_characters', characters: foreign });

  const digits = typed.replace(/\D/g, '');
  if (typed.startsWith('+') && !digits.startsWith('7')) return parseForeign(digits);
  if (digits.length < nationalLength && !typed.startsWith('+')) return parseLocal(digits, areaCode);
  return parseNational(digits);
}

/**
 * The form people read: «+7 (912) 345-67-89», with `areaCode` «+7 (34678) 2-12-34», a local number «2-12-34».
 * Anything that is not a stored form is shown as it is.
 */
export function formatPhone(stored: string, areaCode = ''): string {
  if (/^\d{5,7}$/.test(stored)) return inPairs(stored);
  const national = /^\+7(\d{10})$/.exec(stored)?.[1];
  if (national === undefined) return stored;
  const code = areaCode !== '' && national.startsWith(areaCode) ? areaCode : national.slice(0, 3);
  return ['+7', `(${code})`, inPairs(national.slice(code.length))].join(noBreakSpace);
}

/** A number as people read it, however it was typed; what is no number stays as it is. */
export function readablePhone(typed: string): string {
  const number = parsePhone(typed);
  return number.ok ? formatPhone(number.value) : typed;
}

/** Digits for comparing and searching: a Russian number always as 7 and ten digits, whichever way it was written. */
export function phoneDigits(text: string): string {
  const digits = text.replace(/\D/g, '');
  if (digits.length === nationalLength && !text.trim().startsWith('+')) return `7${digits}`;
  return digits.length === nationalLength + 1 ? digits.replace(/^8/, '7') : digits;
}

function parseNational(digits: string): Result<string, PhoneError> {
  const hasPrefix = digits.length === nationalLength + 1 && /^[78]/.test(digits);
  if (digits.length > nationalLength && !hasPrefix) return fail({ type: 'too_long', digits: digits.length });
  // Ten digits from 7 or 89 are a number with its 7 or 8 and one digit lost: no such codes exist.
  if (digits.length < nationalLength || (!hasPrefix && /^(7|89)/.test(digits))) {
    return fail({ type: 'too_short', digits: digits.length });
  }
  const national = digits.slice(-nationalLength);
  return /^[34789]/.test(national) ? ok(`+7${national}`) : fail({ type: 'unknown_code' });
}

function parseLocal(digits: string, areaCode: string): Result<string, PhoneError> {
  if (digits.length < 5 || digits.length > 7) return fail({ type: 'too_short', digits: digits.length });
  return ok(areaCode.length + digits.length === nationalLength ? `+7${areaCode}${digits}` : digits);
}

function parseForeign(digits: string): Result<string, PhoneError> {
  if (digits.length < 8) return fail({ type: 'too_short', digits: digits.length });
  return digits.length > 15 ? fail({ type: 'too_long', digits: digits.length }) : ok(`+${digits}`);
}

/** 345-67-89, 34-56-78, 2-12-34 */
function inPairs(digits: string): string {
  return [digits.slice(0, -4), digits.slice(-4, -2), digits.slice(-2)].join('-');
}

/** A telephone number that stays on one line. */
export function unbrokenPhone(phone: string): string {
  return phone.replace(/ /g, '\u00a0').replace(/-/g, '\u2011');
}
