/** What a part of the simulation came to. */
export interface Outcome {
  /** Things that were looked at and were right. */
  readonly passed: number;
  readonly problems: readonly string[];
}

export type Say = (line: string) => void;

/** Collects what was right and what was wrong. */
export class Findings implements Outcome {
  passed = 0;
  readonly problems: string[] = [];

  /** Notes one thing that was looked at: right when nothing is wrong. */
  note(what: string, wrong: readonly string[]): void {
    if (wrong.length === 0) this.passed += 1;
    else this.problems.push(...wrong.slice(0, 5).map((one) => `${what}: ${one}`));
  }
}

export function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Whole seconds since a moment of the monotonic clock. */
export function seconds(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 1_000);
}
