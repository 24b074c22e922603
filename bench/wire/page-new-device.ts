import { attendanceId } from '#domain/records/attendance.ts';
import { openOurs, type OurDevice } from './ours.ts';

/** What a page offers to the measurement that drives it. */
export interface NewDevicePage {
  /** Connects a new device and waits: ms until the sheet's people are readable, and until every stream is whole. */
  readonly load: (code: string, session: string, people: readonly string[]) => Promise<NewDeviceTimes>;
}

export interface NewDeviceTimes {
  readonly sheetMs: number;
  readonly wholeMs: number;
}

const looksEveryMs = 50;

const newDevice: NewDevicePage = {
  load: async (code, session, people) => {
    const startedAt = performance.now();
    const device = await openOurs('bench-new-device', code);
    void device.runner.now();
    const sheetMs = await until(() => hasSheet(device, session, people), startedAt);
    const wholeMs = await until(() => isWhole(device), startedAt);
    return { sheetMs, wholeMs };
  }
};
Object.assign(globalThis, { newDevice });

async function until(done: () => Promise<boolean>, startedAt: number): Promise<number> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, looksEveryMs));
  return performance.now() - startedAt;
}

async function hasSheet(
  { database }: OurDevice,
  session: string,
  people: readonly string[]
): Promise<boolean> {
  const rows = await database.records.bulkGet([
    ['session', session],
    ...people.flatMap((person): [string, string][] => [
      ['attendance', attendanceId(session, person)],
      ['person', person]
    ])
  ]);
  return rows.every((row) => row !== undefined);
}

async function isWhole({ database }: OurDevice): Promise<boolean> {
  const cursors = await database.cursors.toArray();
  return cursors.length > 0 && cursors.every((cursor) => cursor.complete);
}
