import { expect, test } from 'vitest';
import { createRecordSet } from '#domain/records/record-set.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import type { AnyChange } from '$lib/storage/write.ts';
import { changeEvent, changePlan, invite, planEvent } from './commands.ts';
import { invitedTo } from './queries.ts';
import { emptyEvent, emptySession, typedEventOf } from './typed-event.ts';

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
  const id = await planEvent(app, {
    ...emptyEvent(''),
    title: ' Школа ',
    kind: 'school',
    sessions: [
      { ...emptySession(), date: '2027-02-03', hours: '1,5' },
      { ...emptySession(), date: '2027-02-01' }
    ]
  });
  expect(operations).toHaveLength(1);
  expect(operations[0]?.[0]).toEqual({
    type: 'event',
    id,
    set: {
      title: 'Школа',
      kind: 'school',
      subjects: [],
      facilitators: [],
      from: '2027-02-01',
      to: '2027-02-03',
      state: 'planned'
    }
  });
  expect(operations[0]?.[1]?.set).toEqual({ event: id, number: 1, date: '2027-02-03', hours: 1.5 });
  expect(operations[0]).toHaveLength(3);
});

test('changing an event writes only what was changed, against the rows that were shown', async () => {
  const { app, operations } = office();
  const records = createRecordSet([seminar, sitting, expected('p1')]);
  const before = typedEventOf(records, seminar);
  const typed = structuredClone(before);
  typed.venue = 'Дом культуры';
  typed.facilitators = [{ name: 'Раздольный Иван', external: true }];
  typed.sessions[0] = { ...emptySession(), ...typed.sessions[0], start: '11:00' };
  await changeEvent({ ...app, now: () => 9 }, records, { id: 'e1', shown: 5 }, before, typed);
  // The form shows the days of the sessions; the event's own wider dates follow only when a day is changed.
  expect(operations).toEqual([
    [
      {
        type: 'event',
        id: 'e1',
        set: { venue: 'Дом культуры', facilitators: [{ name: 'Раздольный Иван', external: true }] },
        shown: 5
      },
      { type: 'session', id: 's1', set: { start: '11:00' }, shown: 6 }
    ]
  ]);
  operations.length = 0;
  await changeEvent({ ...app, now: () => 9 }, records, { id: 'e1', shown: 5 }, before, before);
  expect(operations).toEqual([]);
});

test('an added session expects those who were expected, and a removed one is removed', async () => {
  const { app, operations } = office();
  const records = createRecordSet([seminar, sitting, expected('p1')]);
  const before = typedEventOf(records, seminar);
  const typed = { ...before, sessions: [{ ...emptySession(), date: '2027-01-20' }] };
  await changeEvent({ ...app, now: () => 9 }, records, { id: 'e1', shown: 5 }, before, typed);
  const changes = operations.flat();
  expect(changes).toContainEqual({ type: 'session', id: 's1', set: { deletedAt: 9 } });
  const added = changes.find((change) => change.type === 'session' && change.id !== 's1');
  expect(added?.set).toEqual({ event: 'e1', number: 1, date: '2027-01-20' });
  expect(changes).toContainEqual({
    type: 'event',
    id: 'e1',
    set: { from: '2027-01-20', to: '2027-01-20' },
    shown: 5
  });
  expect(changes).toContainEqual({
    type: 'attendance',
    id: `${added?.id ?? ''}~p1`,
    set: { expected: true }
  });
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
