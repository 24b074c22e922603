import { toStore } from 'svelte/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceDatabase } from './database.ts';
import type { DeviceEnvironment } from './environment.ts';
import { ensureIdentity } from './identity.ts';
import { liveNumbers, liveState, liveUnder, liveWaiting } from './live-rows.ts';
import { write } from './write.ts';

let database: DeviceDatabase;
let serial = 0;
const stops: (() => void)[] = [];
const environment: DeviceEnvironment = {
  now: () => 1_764_000_000_000,
  mono: () => 1,
  randomBytes: (length) => new Uint8Array(length)
};

beforeEach(async () => {
  database = new DeviceDatabase(`live-${serial++}`);
  await ensureIdentity(database, { device: 'd1', secret: 's', role: 'field', user: 'u7', name: '' });
});

afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Reads as a screen does, which keeps the rows followed. */
function watch<Value>(live: { readonly value: Value }): { readonly latest: () => Value } {
  stops.push(toStore(() => live.value).subscribe(() => undefined));
  return { latest: () => live.value };
}

const mark = (person: string, status: 'present' | 'none', on = database) =>
  write(on, environment, {
    by: 'u7',
    changes: [{ type: 'attendance', id: `s1~${person}`, set: { status } }]
  });

describe('marks that a screen follows', () => {
  it('show a write at once after its commit, without reading it again', async () => {
    await mark('p1', 'present');
    await mark('p2', 'present');
    const { latest } = watch(liveUnder(database, 'attendance', 's1'));
    await vi.waitFor(() => expect(latest()).toHaveLength(2));
    const untouched = latest()?.[1];
    const reads = [vi.spyOn(database.records, 'bulkGet'), vi.spyOn(database.records, 'where')];
    const written = mark('p1', 'none');
    expect(latest()?.[0]?.values.status).toBe('present');
    await written;
    expect(latest()?.[0]?.values.status).toBe('none');
    expect(latest()?.[1]).toBe(untouched);
    // The write itself looks at the row once; nobody else has.
    expect(reads[0]).toHaveBeenCalledTimes(1);
    expect(reads[1]).not.toHaveBeenCalled();
  });

  it('show nothing of a write that was not stored', async () => {
    await mark('p1', 'present');
    const { latest } = watch(liveUnder(database, 'attendance', 's1'));
    await vi.waitFor(() => expect(latest()).toHaveLength(1));
    const broken: DeviceEnvironment = {
      ...environment,
      fault: () => {
        throw new Error('The battery is empty');
      }
    };
    const change = { type: 'attendance', id: 's1~p1', set: { status: 'none' } } as const;
    await expect(write(database, broken, { by: 'u7', changes: [change] })).rejects.toThrow();
    await mark('p2', 'present');
    await vi.waitFor(() => expect(latest()).toHaveLength(2));
    expect(latest()?.[0]?.values.status).toBe('present');
  });

  it('show what another connection writes, what is received in a batch, and what goes away', async () => {
    const { latest } = watch(liveUnder(database, 'attendance', 's1'));
    const other = new DeviceDatabase(database.name);
    await mark('p1', 'present', other);
    await vi.waitFor(() => expect(latest()?.[0]?.values.status).toBe('present'));
    const row = await database.records.get(['attendance', 's1~p1']);
    if (row === undefined) throw new Error('The mark is not stored');
    await database.records.bulkPut(
      Array.from({ length: 80 }, (_, index) => ({ ...row, k: `s1~batch${index}` }))
    );
    await vi.waitFor(() => expect(latest()).toHaveLength(81));
    await database.records.delete(['attendance', 's1~batch7']);
    await vi.waitFor(() => expect(latest()).toHaveLength(80));
    await database.records.put({ ...row, k: 's2~p1', p: 's2' });
    await mark('p3', 'present');
    await vi.waitFor(() => expect(latest()).toHaveLength(81));
    other.close();
  });
});

describe('what waits', () => {
  it('follows the outbox', async () => {
    const { latest } = watch(liveWaiting(database));
    await mark('p1', 'present');
    await mark('p2', 'present');
    await vi.waitFor(() => expect(latest()).toEqual([['attendance/s1~p1'], ['attendance/s1~p2']]));
    await database.outbox.bulkDelete([1]);
    await vi.waitFor(() => expect(latest()).toEqual([['attendance/s1~p2']]));
  });
});

describe('where the device stands, as the safety line follows it', () => {
  it('shows a write at once after its commit, without reading again', async () => {
    await mark('p1', 'present');
    const waiting = watch(liveNumbers(database));
    const state = watch(liveState(database));
    await vi.waitFor(() => expect([waiting.latest()?.length, state.latest()?.[0]?.nextN]).toEqual([1, 2]));
    const reads = [vi.spyOn(database.outbox, 'bulkGet'), vi.spyOn(database.outbox, 'toCollection')];
    const stateReads = vi.spyOn(database.meta, 'bulkGet');
    await mark('p2', 'present');
    expect([waiting.latest(), state.latest()?.[0]?.nextN]).toEqual([[1, 2], 3]);
    for (const read of [...reads, stateReads]) expect(read).not.toHaveBeenCalled();
  });

  it('shows what another connection writes, and what was delivered', async () => {
    const waiting = watch(liveNumbers(database));
    const state = watch(liveState(database));
    const other = new DeviceDatabase(database.name);
    await mark('p1', 'present', other);
    await mark('p2', 'present', other);
    await vi.waitFor(() => expect([waiting.latest(), state.latest()?.[0]?.nextN]).toEqual([[1, 2], 3]));
    await database.outbox.delete(1);
    await database.meta.update('state', { exchangedAt: 7 });
    await vi.waitFor(() => expect([waiting.latest(), state.latest()?.[0]?.exchangedAt]).toEqual([[2], 7]));
    other.close();
  });
});
