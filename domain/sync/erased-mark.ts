/** Stands where an erased value stood. */
export const erasedMark: Readonly<Record<string, unknown>> = { erased: true };

export function isErasedMark(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'erased' in value && value.erased === true;
}
