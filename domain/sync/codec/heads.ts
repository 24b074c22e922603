/** Log hashes are 64 hex digits; on the wire 43 characters of 6 bits each. */

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
/** Stands before a hash that has another form. */
const asItIs = '=';

export function packHash(hash: string): string {
  if (!/^[0-9a-f]{64}$/.test(hash)) return asItIs + hash;
  let text = '';
  let bits = '';
  for (const digit of hash) {
    bits += Number.parseInt(digit, 16).toString(2).padStart(4, '0');
    if (bits.length < 6) continue;
    text += digits.charAt(Number.parseInt(bits.slice(0, 6), 2));
    bits = bits.slice(6);
  }
  return text + digits.charAt(Number.parseInt(bits.padEnd(6, '0'), 2));
}

export function unpackHash(text: string): string {
  if (text.startsWith(asItIs)) return text.slice(1);
  const bits = Array.from(text, (digit) => digits.indexOf(digit).toString(2).padStart(6, '0')).join('');
  const hex = bits.slice(0, 256).match(/[01]{4}/g) ?? [];
  return hex.map((four) => Number.parseInt(four, 2).toString(16)).join('');
}
