import { expect, test } from 'vitest';
import { createRecordSet, type RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, RecordType, Values } from '#domain/records/registry.ts';
import { peopleAt } from './event-people.ts';

function row<Type extends RecordType>(
  type: Type,
  id: string,
  values: Values<Type>,
  seq = 1
): RecordRow<Type> {
  return { type, id, seq, by: 'worker', at: seq * 1000, values };
}
const present = { status: 'present' } as const;
const nameless = { status: 'present', nameless: true } as const;
const records = (...more: readonly RecordRow<RecordType>[]): RecordSet =>
  createRecordSet([
    row('event', 'e', { title: 'Школа' }),
    row('session', 's1', { event: 'e' }),
    row('session', 's2', { event: 'e' }),
    row('attendance', 's1~anna', present, 5),
    row('attendance', 's2~anna', present, 5),
    row('attendance', 's1~ivan', { status: 'absent' }, 5),
    row('attendance', 's1~x1', nameless, 5),
    row('attendance', 's2~x2', nameless, 5),
    row('attendance', 's2~x3', nameless, 5),
    ...more
  ]);

test('people are counted once over the sessions, those without a name apart, by the fullest session', () => {
  expect(peopleAt(records(), 'e')).toEqual({ people: 1, nameless: 2 });
});

test('two cards of one person are one person', () => {
  const twice = row('attendance', 's2~anya', present, 5);
  expect(peopleAt(records(twice), 'e').people).toBe(2);
  expect(peopleAt(records(twice, row('alias', 'anya', { of: 'anna' })), 'e').people).toBe(1);
});

test('what is not accepted yet, or will not be, does not stand among the accepted', () => {
  const accepted = new Set(['accepted'] as const);
  const review = row('review', 'sheet~s1', { state: 'accepted', upTo: 5, by: 'olga' }, 8);
  expect(peopleAt(records(), 'e', accepted)).toEqual({ people: 0, nameless: 0 });
  expect(peopleAt(records(review), 'e', accepted)).toEqual({ people: 1, nameless: 1 });
});
