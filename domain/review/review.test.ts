import { describe, expect, it } from 'vitest';
import { createRecordSet, type RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, RecordType, Values } from '#domain/records/registry.ts';
import { consentState } from './consent-state.ts';
import { inboxOf } from './inbox.ts';
import { reviewOf, standingOf } from './review-state.ts';

function row<Type extends RecordType>(
  type: Type,
  id: string,
  values: Values<Type>,
  seq = 1,
  by = 'worker'
): RecordRow<Type> {
  return { type, id, seq, by, at: seq * 1000, values };
}
const set = (...rows: readonly RecordRow<RecordType>[]): RecordSet => createRecordSet(rows);

const event = row('event', 'e', {
  project: 'p',
  title: 'Школа',
  kind: 'school',
  state: 'held',
  from: '2026-10-10'
});
const session = row('session', 's', { event: 'e', date: '2026-10-10' });
const mark = row('attendance', 's~a', { status: 'present' }, 5);
const review = (state: 'accepted' | 'returned' | 'not_counted'): RecordRow<'review'> =>
  row('review', 'sheet~s', { state, upTo: 5, by: 'olga', reason: 'Уточните дату' }, 8, 'olga');
const stateOf = (...rows: readonly RecordRow<RecordType>[]): string =>
  reviewOf(set(event, session, mark, ...rows), 'sheet', 's').state;

describe('the state of a sheet', () => {
  it('is new until decided', () => {
    expect(stateOf()).toBe('new');
  });
  it('is what was decided while nobody changed it', () => {
    expect(stateOf(review('accepted'))).toBe('accepted');
    expect(stateOf(review('returned'))).toBe('returned');
    expect(stateOf(review('not_counted'))).toBe('not_counted');
  });
  it('is changed after review when someone else wrote later', () => {
    const later = row('attendance', 's~b', { status: 'present' }, 9);
    expect(stateOf(review('accepted'), later)).toBe('changed_after_review');
    expect(stateOf(review('accepted'), { ...later, by: 'olga' })).toBe('accepted');
  });
  it('is not changed by an invitation', () => {
    expect(stateOf(review('accepted'), row('attendance', 's~b', { expected: true }, 9))).toBe('accepted');
  });
  it('comes back for review when the remark was answered without a change', () => {
    const remark = row(
      'remark',
      'r',
      { to: 'worker', text: '…', target: 's', targetType: 'sheet', done: true },
      9
    );
    const records = set(event, session, mark, review('returned'), remark);
    const outcome = reviewOf(records, 'sheet', 's');
    expect(outcome).toMatchObject({ state: 'changed_after_review', decided: 'returned' });
    expect(standingOf(mark, outcome)).toBe('awaiting');
  });
});

describe('the inbox', () => {
  const people = ['a', 'b', 'c'].map((id) =>
    row('person', id, { surname: id, name: id, ...(id === 'c' ? { ageBand: '14_17' as const } : {}) })
  );
  const project = row('project', 'p', { title: 'Проект', from: '2026-06-01', to: '2027-05-31' });
  const indicator = row('indicator', 'I0', {
    project: 'p',
    title: 'Люди',
    target: 70,
    rule: { count: 'people', from: [{ records: 'attendance' }, { records: 'consultation' }] }
  });
  const note = row(
    'consultation',
    'c1',
    { date: '2026-10-12', author: 'igor', person: 'a', project: 'p' },
    12
  );
  const records = set(
    project,
    indicator,
    event,
    session,
    ...people,
    mark,
    note,
    row('attendance', 's~b', { status: 'late' }, 6),
    row('attendance', 's~c', { status: 'present' }, 7, 'igor'),
    row('attendance', 's~x', { status: 'present', nameless: true }, 7),
    row('attendance', 's~d', { expected: true }, 3),
    row('sheet', 's', { paperCount: 3 }, 7),
    row('consent', 'k1', { person: 'a', kind: 'processing', state: 'given', date: '2026-10-10' }),
    row('consent', 'k2', { person: 'b', kind: 'processing', state: 'given', date: '2026-10-10' }),
    row('consent', 'k3', { person: 'c', kind: 'processing', state: 'given', date: '2026-10-10' }),
    row('response', 'q1', { campaign: 'k', form: 'f', version: 1, answers: {} }, 11)
  );

  it('holds what awaits a decision, newest first', () => {
    expect(inboxOf(records).map((item) => item.target)).toEqual(['c1', 'q1', 's']);
  });

  it('sums a sheet up and tells what accepting it gives', () => {
    const sheet = inboxOf(records).find((item) => item.type === 'sheet');
    expect(sheet).toMatchObject({
      seqInView: 7,
      authors: ['worker', 'igor'],
      event: 'e',
      sheet: {
        closed: false,
        participants: 4,
        nameless: 1,
        unmarked: 1,
        // The consent of somebody aged 15 is the parent's.
        consents: { given: 2, needed: 3 },
        paperCount: 3
      },
      gains: [{ indicator: 'I0', value: 3 }]
    });
  });

  it('addresses a note to its consultant', () => {
    expect(inboxOf(records)[0]).toMatchObject({ authors: ['igor'], gains: [{ indicator: 'I0', value: 1 }] });
  });

  it('lets a decided item go', () => {
    const decided = row('review', 'response~q1', { state: 'accepted', upTo: 11, by: 'olga' }, 13, 'olga');
    const left = inboxOf(set(row('response', 'q1', { answers: {} }, 11), decided));
    expect(left).toEqual([]);
  });
});

describe('consent', () => {
  it('is what the latest paper says', () => {
    const given = row('consent', 'k1', {
      person: 'a',
      kind: 'processing',
      state: 'given',
      date: '2026-10-01'
    });
    const withdrawn = row('consent', 'k2', {
      person: 'a',
      kind: 'processing',
      state: 'withdrawn',
      date: '2026-09-01',
      withdrawnOn: '2026-10-05'
    });
    expect(consentState(set(given), ['a'])).toBe('given');
    expect(consentState(set(given, withdrawn), ['a'])).toBe('withdrawn');
    expect(consentState(set(given), ['b'])).toBeUndefined();
  });
});
