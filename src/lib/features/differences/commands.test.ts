import { expect, test } from 'vitest';
import { createRecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, RecordType } from '#domain/records/registry.ts';
import type { AnyChange } from '$lib/storage/write.ts';
import { reopenConflict, resolveConflict } from './commands.ts';
import { openConflicts, standingValue, versionsOf } from './queries.ts';

const early = { value: 'present', by: 'ivan', device: 't1', n: 4, at: 100, base: 0, suspect: false };
const late = { value: 'left_early', by: 'anna', device: 't2', n: 9, at: 200, base: 0, suspect: false };

function conflictOf(state: 'open' | 'resolved'): RecordRow<'conflict'> {
  return {
    type: 'conflict',
    id: 'attendance~s1~p1~status',
    seq: 12,
    by: '',
    at: 200,
    values: {
      state,
      targetType: 'attendance',
      target: 's1~p1',
      field: 'status',
      values: [early],
      standing: late,
      at: 200
    }
  };
}

const mark: RecordRow<'attendance'> = {
  type: 'attendance',
  id: 's1~p1',
  seq: 11,
  by: 'anna',
  at: 200,
  values: { status: 'left_early' }
};

function office() {
  const operations: (readonly AnyChange[])[] = [];
  const app = {
    device: { user: 'olga' },
    write: (changes: readonly AnyChange[]) => {
      operations.push(changes);
      return Promise.resolve({ n: operations.length });
    }
  } as unknown as Parameters<typeof resolveConflict>[0];
  return { app, operations };
}

function recordsOf(...rows: RecordRow<RecordType>[]) {
  return createRecordSet(rows);
}

test('versions stand in the order of writing and the one that stands is marked', () => {
  const versions = versionsOf(recordsOf(mark), conflictOf('open'));
  expect(versions.map(({ value, device, stands }) => [value, device, stands])).toEqual([
    ['present', 't1', false],
    ['left_early', 't2', true]
  ]);
});

test('a value that was changed after the conflict is what stands', () => {
  const changed: RecordRow<'attendance'> = { ...mark, values: { status: 'present' } };
  expect(standingValue(recordsOf(changed), conflictOf('open'))).toBe('present');
});

test('keeping what stands only closes the difference', async () => {
  const { app, operations } = office();
  await resolveConflict(app, conflictOf('open'), undefined, 'left_early');
  expect(operations).toEqual([
    [
      {
        type: 'conflict',
        id: 'attendance~s1~p1~status',
        set: { state: 'resolved', resolvedBy: 'olga' }
      }
    ]
  ]);
});

test('choosing the other value writes it and closes the difference in one operation', async () => {
  const { app, operations } = office();
  await resolveConflict(app, conflictOf('open'), { value: 'present' }, 'left_early');
  expect(operations).toHaveLength(1);
  expect(operations[0]?.[1]).toEqual({ type: 'attendance', id: 's1~p1', set: { status: 'present' } });
});

test('«Вернуть как было» opens the difference again and restores the value that stood', async () => {
  const { app, operations } = office();
  const undo = await resolveConflict(app, conflictOf('open'), { value: 'present' }, 'left_early');
  await reopenConflict(app, undo);
  expect(operations[1]).toEqual([
    { type: 'conflict', id: 'attendance~s1~p1~status', set: { state: 'open', resolvedBy: null } },
    { type: 'attendance', id: 's1~p1', set: { status: 'left_early' } }
  ]);
});

test('settled differences are not listed as open', () => {
  expect(openConflicts(recordsOf(conflictOf('resolved')))).toEqual([]);
  expect(openConflicts(recordsOf(conflictOf('open')))).toHaveLength(1);
});
