import { createActions } from './actions.ts';
import { checkEnd } from './final-oracles.ts';
import { heal } from './healing.ts';
import { postgresDatabase, sqliteDatabase } from './kept-database.ts';
import { checkNewDevice } from './new-device.ts';
import { Trace, type Failure } from './trace.ts';
import { World } from './world.ts';

export interface ScheduleResult {
  readonly seed: number;
  readonly failures: readonly Failure[];
  /** The same for two runs of one seed. */
  readonly hash: string;
  readonly trace: readonly string[];
  /** Writes that people were told are saved. */
  readonly writes: number;
}

export interface ScheduleOptions {
  /** Address of a PostgreSQL that is there for the simulation; the server runs on SQLite without it. */
  readonly postgres?: string | undefined;
}

/** So many steps lie between two looks at what a new device would be given. */
const newDeviceEvery = 10;

/** Runs one schedule from its seed: trouble, healing, and what must hold then. */
export async function runSchedule(seed: number, options: ScheduleOptions = {}): Promise<ScheduleResult> {
  const { postgres } = options;
  const trace = new Trace();
  const database = await (postgres === undefined ? sqliteDatabase(seed) : postgresDatabase(postgres, seed));
  const world = await World.begin(seed, database, trace);
  trace.note(JSON.stringify(world.traits));
  try {
    const next = createActions(world);
    for (let step = 0; step < world.traits.steps && trace.failures.length === 0; step++) {
      await next();
      if (step % newDeviceEvery === 0) await checkNewDevice(world);
    }
    if (trace.failures.length === 0) await heal(world);
    if (trace.failures.length === 0) await checkEnd(world);
    if (trace.failures.length === 0) await checkNewDevice(world);
  } catch (error) {
    trace.fail('no error', error instanceof Error ? (error.stack ?? error.message) : String(error));
  } finally {
    await world.stop();
  }
  const { failures, lines } = trace;
  return { seed, failures, hash: trace.digest(), trace: lines, writes: world.model.writes.length };
}
