import { describe, expect, it } from 'vitest';
import { createIdentities } from '#domain/indicators/identities.ts';
import { createRecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, RecordType, Values } from '#domain/records/registry.ts';
import { summariseSheet } from './inbox.ts';
import { countSheet, type CountedRow } from './sheet-counts.ts';

function counted(person: string, over: Partial<CountedRow> = {}): CountedRow {
  return { person, nameless: false, status: 'present', signature: undefined, consent: undefined, ...over };
}

function row<Type extends RecordType>(type: Type, id: string, values: Values<Type>): RecordRow<Type> {
  return { type, id, seq: 1, by: 'ivan', at: 1, values };
}

describe('the sums under a sheet', () => {
  it('count named people, with the nameless only among those present', () => {
    const counts = countSheet([
      counted('a', { signature: 'paper', consent: 'given' }),
      counted('b', { status: 'absent' }),
      counted('c', { status: 'none' }),
      counted('x', { nameless: true })
    ]);
    expect(counts).toMatchObject({ total: 3, marked: 2, unmarked: 1, present: 2, nameless: 1 });
    expect(counts).toMatchObject({ signedOnPaper: 1, unsigned: 0, withoutConsent: 0 });
  });

  it('count two rows of one person once, by the row that says more', () => {
    expect(countSheet([counted('a', { status: 'none' }), counted('a')])).toMatchObject({
      total: 1,
      present: 1,
      unmarked: 0
    });
  });

  it('are the ones that the desk shows, merged cards and a parent’s consent included', () => {
    const records = createRecordSet([
      row('person', 'a', { surname: 'Алачева', name: 'Мария' }),
      row('person', 'b', { surname: 'Алачёва', name: 'Мария' }),
      row('person', 'child', { surname: 'Волдин', name: 'Пётр', ageBand: '14_17' }),
      row('alias', 'b', { of: 'a', kind: 'person' }),
      row('consent', 'k', { person: 'child', kind: 'parent', state: 'given' }),
      row('attendance', 's~a', { status: 'present' }),
      row('attendance', 's~b', { status: 'present' }),
      row('attendance', 's~child', { status: 'late' }),
      row('attendance', 's~x', { status: 'present', nameless: true }),
      row('attendance', 's~y', { expected: true })
    ]);
    expect(summariseSheet(records, 's', createIdentities(records))).toMatchObject({
      participants: 3,
      nameless: 1,
      unmarked: 1,
      consents: { given: 1, needed: 2 }
    });
  });
});
