/** One measured figure with its target; `met` is said by the figure, never by a test. */
export interface Figure {
  readonly question: string;
  readonly ours: number;
  readonly unit: string;
  readonly target: number;
}

/** Prints a table for people and a JSON line for each figure. */
export function printFigures(figures: readonly Figure[]): void {
  for (const { question, ours, unit, target } of figures) {
    const met = ours <= target;
    console.log(`${met ? 'met    ' : 'NOT MET'}  ${question}: ${ours} ${unit} (target ≤ ${target} ${unit})`);
  }
  for (const figure of figures) console.log(JSON.stringify({ ...figure, met: figure.ours <= figure.target }));
}
