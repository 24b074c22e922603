/** Something is typed, and it is no number. */
export function isWrongNumber(text: string): boolean {
  return text.trim() !== '' && readNumber(text) === undefined;
}

/** A number as people type it: «4», «1 250,5»; undefined = no number. */
export function readNumber(text: string): number | undefined {
  const plain = text.replace(/[\s\u00a0]/g, '').replace(',', '.');
  return /^[-+−]?\d+(\.\d*)?$/.test(plain) ? Number(plain.replace('−', '-')) : undefined;
}
