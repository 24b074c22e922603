import { writeFileSync } from 'node:fs';
import type { ScheduleResult } from './schedule.ts';

/** Counts and prints what passed and what failed. */
export class Report {
  passed = 0;
  failed = 0;
  readonly #failures: { readonly what: string; readonly details: readonly string[] }[] = [];

  pass(): void {
    this.passed += 1;
  }

  fail(what: string, details: readonly string[]): void {
    this.failed += 1;
    this.#failures.push({ what, details });
    console.log(`${what}\n  ${details.slice(0, 5).join('\n  ').slice(0, 2_000)}`);
  }

  schedule(result: ScheduleResult, what = 'seed'): void {
    if (result.failures.length === 0) return this.pass();
    const details = result.failures.map(({ oracle, detail }) => `${oracle}: ${detail}`);
    this.fail(
      `${what} ${result.seed} failed (again: npm run sim -- --seeds 1 --seed ${result.seed} --trace)`,
      details
    );
  }

  write(file: string, run: Readonly<Record<string, unknown>>): void {
    const { passed, failed } = this;
    writeFileSync(file, `${JSON.stringify({ passed, failed, ...run, failures: this.#failures }, null, 2)}\n`);
  }
}
