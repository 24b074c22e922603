/** The list with the one at `place` moved by `step` places; a step over an end leaves it as it is. */
export function moved(placed: readonly string[], place: number, step: -1 | 1): readonly string[] {
  const one = placed[place];
  const target = place + step;
  if (one === undefined || target < 0 || target >= placed.length) return placed;
  const rest = placed.filter((_, index) => index !== place);
  return [...rest.slice(0, target), one, ...rest.slice(target)];
}
