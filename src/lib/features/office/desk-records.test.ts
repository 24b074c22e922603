import { toStore } from 'svelte/store';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DeviceDatabase } from '$lib/storage/database.ts';
import type { DeviceEnvironment } from '$lib/storage/environment.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { write } from '$lib/storage/write.ts';
import { DeskRecords } from './desk-records.ts';

let database: DeviceDatabase;
let serial = 0;
let stop: () => void = () => undefined;
const environment: DeviceEnvironment = {
  now: () => 1_764_000_000_000,
  mono: () => 1,
  randomBytes: (length) => new Uint8Array(length)
};

beforeEach(async () => {
  database = new DeviceDatabase(`desk-${serial++}`);
  await ensureIdentity(database, { device: 'd1', secret: 's', role: 'coordinator', user: 'u1', name: '' });
});

afterEach(() => stop());

const mark = (person: string, status: 'present' | 'none') =>
  write(database, environment, {
    by: 'u1',
    changes: [{ type: 'attendance', id: `s1~${person}`, set: { status } }]
  });

async function openDesk(): Promise<DeskRecords> {
  const records = new DeskRecords(database);
  stop = toStore(() => records.value).subscribe(() => undefined);
  await vi.waitFor(() => expect(records.value).toBeDefined());
  return records;
}

it('reads the records of a desk once and then only what changes', async () => {
  await mark('p1', 'present');
  const records = await openDesk();
  const reads = vi.spyOn(database.records, 'toArray');
  const before = records.value;
  await mark('p2', 'present');
  await mark('p1', 'none');
  expect(records.value).not.toBe(before);
  expect(records.value?.byParent('attendance', 's1').map(({ id, values }) => [id, values.status])).toEqual([
    ['s1~p1', 'none'],
    ['s1~p2', 'present']
  ]);
  await database.records.delete(['attendance', 's1~p2']);
  await vi.waitFor(() => expect(records.value?.get('attendance', 's1~p2')).toBeUndefined());
  expect(reads).not.toHaveBeenCalled();
});

it('tells whoever has counted which rows have changed since, and that it does not know after reading anew', async () => {
  const records = await openDesk();
  expect(records.changedSince(0)).toBeUndefined();
  const { version } = records;
  expect(records.changedSince(version)).toEqual([]);
  await mark('p1', 'present');
  await mark('p2', 'present');
  expect(records.changedSince(version)).toEqual([
    { type: 'attendance', id: 's1~p1' },
    { type: 'attendance', id: 's1~p2' }
  ]);
});
