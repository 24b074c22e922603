import { expect, test } from 'vitest';
import { createRecordSet } from '#domain/records/record-set.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import type { AnyChange } from '$lib/storage/write.ts';
import { changePlan, invite, planEvent } from './commands.ts';
import { invitedTo } from './queries.ts';

function office() {
  const operations: (readonly AnyChange[])[] = [];
  let next = 0;
  return {
    operations,
    app: {
      newId: () => `new${next++}`,
      write: (changes: readonly AnyChange[]) => {
        operations.push(changes);
        return Promise.resolve({ n: operations.length });
      }
    }
  };
}

const seminar: RecordRow<'event'> = {
  type: 'event',
  id: 'e1',
  seq: 5,
  by: 'olga',
  at: 1,
  values: { title: 'Семинар', kind: 'seminar', from: '2027-01-15', to: '2027-01-16', state: 'planned' }
};
const sitting: RecordRow<'session'> = {
  type: 'session',
  id: 's1',
  seq: 6,
  by: 'olga',
  at: 1,
  values: { event: 'e1', number: 1, date: '2027-01-16', start: '10:00' }
};

function expected(person: string, answer?: 'coming'): RecordRow<'attendance'> {
  return {
    type: 'attendance',
    id: `s1~${person}`,
    seq: 7,
    by: 'olga',
    at: 1,
    values: { expected: true, ...(answer === undefined ? {} : { answer }) }
  };
}

test('an event takes its days from its sessions, whatever their order', async () => {
  const { app, operations } = office();
  const session = { start: '', end: '', topic: '', hours: 0 };
  const id = await planEvent(app, {
    title: 'Школа',
    kind: 'school',
    subjects: [],
    project: '',
    settlement: '',
    venue: '',
    facilitators: [],
    sessions: [
      { ...session, date: '2027-02-03' },
      { ...session, date: '2027-02-01' }
    ]
  });
  expect(operations).toHaveLength(1);
  expect(operations[0]?.[0]).toMatchObject({ id, set: { from: '2027-02-01', to: '2027-02-03' } });
  expect(operations[0]).toHaveLength(3);
});

test('inviting many people to several sessions stays within the size of an operation', async () => {
  const { app, operations } = office();
  const people = Array.from({ length: 15 }, (_, index) => `p${index}`);
  await invite(app, ['s1', 's2'], people);
  expect(operations.map((changes) => changes.length)).toEqual([20, 10]);
  expect(operations.flat()).toContainEqual({ type: 'attendance', id: 's2~p3', set: { expected: true } });
});

test('a cancelled event keeps its reason and is judged against the row that was shown', async () => {
  const { app, operations } = office();
  const copy = await changePlan(app, createRecordSet([seminar]), seminar, {
    state: 'cancelled',
    reason: 'frost_day',
    reasonNote: '',
    movedTo: ''
  });
  expect(copy).toBeUndefined();
  expect(operations).toEqual([
    [
      {
        type: 'event',
        id: 'e1',
        set: { state: 'cancelled', reason: 'frost_day', reasonNote: null, movedTo: null },
        shown: 5
      }
    ]
  ]);
});

test('a moved event gets a copy with its sessions as far apart as before and the same invitations', async () => {
  const { app, operations } = office();
  const records = createRecordSet([seminar, sitting, expected('p1'), expected('p2')]);
  const copy = await changePlan(app, records, seminar, {
    state: 'moved',
    reason: 'winter_road_closed',
    reasonNote: '',
    movedTo: '2027-01-25'
  });
  const changes = operations.flat();
  expect(changes.find((change) => change.id === 'e1')).toMatchObject({
    set: { state: 'moved', movedTo: '2027-01-25' }
  });
  expect(changes.find((change) => change.id === copy)).toMatchObject({
    set: { title: 'Семинар', from: '2027-01-25', to: '2027-01-26', state: 'planned' }
  });
  const session = changes.find((change) => change.type === 'session');
  expect(session).toMatchObject({ set: { event: copy, date: '2027-01-26', start: '10:00' } });
  expect(changes.filter((change) => change.type === 'attendance').map((change) => change.id)).toEqual([
    `${session?.id ?? ''}~p1`,
    `${session?.id ?? ''}~p2`
  ]);
});

test('a person invited to several sessions is listed once, with the answer given', () => {
  const records = createRecordSet([seminar, sitting, expected('p1', 'coming')]);
  expect(invitedTo(records, 'e1')).toEqual([{ person: 'p1', answer: 'coming' }]);
});
