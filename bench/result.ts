/** One measured figure; whether it meets its target is said, never tested. */
export interface Figure {
  readonly question: string;
  readonly ours: number;
  readonly unit: string;
  /** The most it may be; absent where there is nothing to reach, only to compare. */
  readonly target?: number;
  /** What others would use instead, measured in the same run. */
  readonly peer?: string;
  readonly theirs?: number;
}

/** Prints a table for people, with what was kept before, and a JSON line for each figure. */
export function printFigures(
  figures: readonly Figure[],
  keptBefore: (figure: Figure) => number | undefined
): void {
  for (const figure of figures) {
    const { question, ours, unit, target, peer, theirs } = figure;
    const met = isMet(figure);
    const mark = met === undefined ? '       ' : met ? 'met    ' : 'NOT MET';
    const wanted = target === undefined ? '' : ` (target ≤ ${target} ${unit})`;
    const compared = peer === undefined ? '' : `; ${peer}: ${theirs} ${unit}, ${ratio(figure)} times ours`;
    const before = keptBefore(figure);
    const changed = before === undefined || before === ours ? '' : `; kept before: ${before} ${unit}`;
    console.log(`${mark}  ${question}: ${ours} ${unit}${wanted}${compared}${changed}`);
  }
  for (const figure of figures)
    console.log(JSON.stringify({ ...figure, ratio: ratio(figure), met: isMet(figure) }));
}

function isMet({ ours, target }: Figure): boolean | undefined {
  return target === undefined ? undefined : ours <= target;
}

/** Three digits that say something, however small it is. */
function ratio({ ours, theirs }: Figure): number | undefined {
  return theirs === undefined ? undefined : Number((theirs / ours).toPrecision(3));
}
