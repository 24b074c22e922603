import { plant } from './planted-build.ts';
import { plantedBugs } from './planted.ts';
import { runSchedule, type ScheduleOptions, type ScheduleResult } from './schedule.ts';

/** What a process of the simulation is asked to do. */
export type Task =
  | { readonly kind: 'schedule'; readonly seed: number; readonly twice: boolean; readonly trace: boolean }
  /** Plants a bug and runs seeds until one of them finds it. */
  | { readonly kind: 'planted'; readonly bug: string; readonly seeds: readonly number[] };

export type Outcome =
  | { readonly kind: 'schedule'; readonly result: ScheduleResult; readonly again: string | undefined }
  | {
      readonly kind: 'planted';
      readonly tried: number;
      readonly found: { readonly seed: number; readonly oracle: string } | undefined;
    }
  /** The bug could not be planted where it stands. */
  | { readonly kind: 'broken'; readonly detail: string };

async function carryOut(task: Task, options: ScheduleOptions): Promise<Outcome> {
  if (task.kind === 'planted') return findPlanted(task.bug, task.seeds, options);
  const result = await runSchedule(task.seed, options);
  const again = task.twice ? (await runSchedule(task.seed, options)).hash : undefined;
  const isAsked = task.trace || result.failures.length > 0;
  return { kind: 'schedule', result: isAsked ? result : { ...result, trace: [] }, again };
}

async function findPlanted(
  name: string,
  seeds: readonly number[],
  options: ScheduleOptions
): Promise<Outcome> {
  const bug = plantedBugs.find((one) => one.name === name);
  if (bug === undefined) return { kind: 'broken', detail: `there is no bug ${name}` };
  const run = await plant(bug);
  let tried = 0;
  for (const seed of seeds) {
    tried += 1;
    const [failure] = (await run(seed, options)).failures;
    // What was planted does not even run: nothing is proved by finding that.
    if (failure !== undefined && /^(Reference|Syntax)Error/.test(failure.detail))
      return { kind: 'broken', detail: failure.detail };
    if (failure !== undefined) return { kind: 'planted', tried, found: { seed, oracle: failure.oracle } };
  }
  return { kind: 'planted', tried, found: undefined };
}

// What devices tell their consoles of is no news here.
console.info = () => undefined;
// Whoever asked is gone: nobody wants the answer.
process.on('disconnect', () => process.exit());
const postgres = process.env['ZIMNIK_SIM_POSTGRES'];
process.on('message', (task: Task) => {
  void carryOut(task, { postgres })
    .catch((error: unknown): Outcome => ({ kind: 'broken', detail: String(error) }))
    .then((outcome) => process.send?.(outcome));
});
