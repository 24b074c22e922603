import type { Terminal } from './terminal.ts';

/** What is done of how much. */
export type Step = 'copied' | 'photos' | 'replayed' | 'compared';
export type Progress = (step: Step, done: number, of: number) => void;

/** Shorter work says only its result. */
const quietMs = 2_000;

/** Tells how far a long work is, a line every two seconds. */
export function tellProgress({ say, words }: Terminal, clock: () => number): Progress {
  let toldAt = clock();
  return (step, done, of) => {
    const now = clock();
    if (now - toldAt < quietMs || of === 0) return;
    toldAt = now;
    say(`  ${words.progress[step]}: ${Math.floor((done * 100) / of)} %`);
  };
}
