import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordSet, type RecordSet, type RowChange } from '#domain/records/record-set.ts';
import type { RecordRow, RecordType } from '#domain/records/registry.ts';
import { reviewOf, seqInView } from '#domain/review/review-state.ts';
import { countAgain, countProjects, type ProjectCount } from './count.ts';
import { projectIndicators } from './project-indicators.ts';

type AnyRow = RecordRow<RecordType>;
type Given = Pick<AnyRow, 'type' | 'id' | 'values'>;

const people = [...'abcdef'];
const events = ['e1', 'e2'];
const sessions = ['s1', 's2', 's3'];
const notes = ['c1', 'c2'];
const lookAlikes = [
  ['a', 'b'],
  ['b', 'c'],
  ['d', 'x']
] as const;

const one = fc.constantFrom;
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 5 });
const rarely = <Value>(value: Value) =>
  fc.oneof({ weight: 11, arbitrary: one(undefined) }, { weight: 1, arbitrary: one(value) });
const given = (
  type: RecordType,
  id: fc.Arbitrary<string>,
  values: Readonly<Record<string, fc.Arbitrary<unknown>>>
): fc.Arbitrary<Given> =>
  fc.tuple(id, fc.record({ ...values, deletedAt: rarely(1) })).map(([key, all]) => ({
    type,
    id: key,
    values: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
  }));
const day = maybe(one('2026-05-31', '2026-10-10', '2026-10-11', '2026-10-12'));
const person = one(...people);

const mark = given(
  'attendance',
  fc.tuple(one(...sessions, 'gone'), person).map((parts) => parts.join('~')),
  { status: maybe(one('present', 'late', 'absent', 'none')), nameless: rarely(true) }
);
const near = [
  given('session', one(...sessions), { event: maybe(one(...events)), date: day }),
  given('sheet', one(...sessions), { closed: maybe(one(true)) }),
  given('consultation', one(...notes), {
    kind: maybe(one('consultation', 'service')),
    date: day,
    author: maybe(one('worker')),
    person: maybe(person),
    people: maybe(fc.uniqueArray(person, { maxLength: 6 })),
    nameless: maybe(fc.nat(2)),
    event: maybe(one(...events)),
    organisation: maybe(one('N', 'M')),
    group: maybe(one('g')),
    subjects: maybe(one(['registration'], ['fundraising'], ['project_design']))
  }),
  given('review', one(...sessions.map((id) => `sheet~${id}`), ...notes.map((id) => `consultation~${id}`)), {
    state: one('accepted', 'returned', 'not_counted'),
    upTo: fc.integer({ min: 11, max: 60 }),
    by: one('olga')
  }),
  given('consent', one('consent'), { person })
];
const far = [
  given('person', person, { surname: maybe(one('А')), name: one('Б'), organisation: maybe(one('N', 'M')) }),
  given('event', one(...events), {
    project: maybe(one('p1')),
    title: maybe(one('Семинар')),
    kind: one('seminar', 'practical_work'),
    state: one('held', 'planned', 'cancelled'),
    subjects: maybe(one(['project_design'])),
    from: day,
    countNameless: maybe(one(true))
  }),
  given('alias', one('b', 'e2'), { kind: one('person'), of: maybe(one('a', 'e1')) }),
  given('membership', one('g~a', 'N~c'), { active: maybe(one(true)) }),
  given('remark', one('r1', 'r2'), { target: one(...sessions), targetType: one('sheet'), done: one(true) })
];
const start: readonly Given[] = [
  { type: 'project', id: 'p1', values: { title: 'Проект', from: '2026-06-01', to: '2027-05-31' } },
  ...projectIndicators().map(({ code, order, target, rule }) => ({
    type: 'indicator' as const,
    id: code,
    values: { project: 'p1', order, target, rule: { ...rule } }
  })),
  { type: 'organisation', id: 'N', values: { name: 'Лад', kind: 'ngo' } },
  { type: 'organisation', id: 'M', values: { name: 'Дом культуры', kind: 'municipal' } },
  { type: 'group', id: 'g', values: { name: 'Наш двор' } }
];

/** A row as somebody writes it; `isLocal` = the centre has not numbered it yet. */
type Done = Given & { readonly by?: string; readonly isLocal?: boolean };

/** Work that counts: held in the project's time, with people whose cards are whole. */
const work: readonly Given[] = [
  ...people.map((id): Given => ({ type: 'person', id, values: { surname: 'А', name: id } })),
  ...events.map((id): Given => {
    const held = { state: 'held', kind: 'seminar', from: '2026-10-10' } as const;
    return { type: 'event', id, values: { project: 'p1', title: id, ...held } };
  }),
  ...sessions.map((id, index): Given => {
    const event = events[index % 2] ?? '';
    return { type: 'session', id, values: { event, date: '2026-10-10' } };
  }),
  ...sessions.flatMap((id) =>
    ['a', 'b', 'c'].map((of): Given => ({
      type: 'attendance',
      id: `${id}~${of}`,
      values: { status: 'present' }
    }))
  ),
  ...notes.map((id): Given => {
    const values = { author: 'worker', date: '2026-10-11', person: 'd', project: 'p1' };
    return { type: 'consultation', id, values: { kind: 'consultation', ...values } };
  })
];

const reviewed = [
  ...sessions.map((target) => ({ targetType: 'sheet' as const, target })),
  ...notes.map((target) => ({ targetType: 'consultation' as const, target }))
];
const remarks = ['r1', 'r2', 'r3'];

/** What one person does next; what it means depends on what is there by then. */
type Move = {
  /** Rows of one operation are counted together, otherwise one by one. */
  readonly together: boolean;
  /** The rows leave this browser: the right to read them was taken away. */
  readonly isGone: boolean;
} & (
  | {
      readonly does: 'decides';
      readonly of: (typeof reviewed)[number];
      readonly state: 'new' | 'accepted' | 'returned' | 'not_counted';
      /** How far the decision looked: at all that is there, not quite, or further than that. */
      readonly view: number;
      readonly remark: string;
      readonly isLocal: boolean;
    }
  | { readonly does: 'answers'; readonly remark: string; readonly done: boolean; readonly by: string }
  | { readonly does: 'moves a remark'; readonly remark: string; readonly to: (typeof reviewed)[number] }
  | { readonly does: 'drops a remark'; readonly remark: string; readonly isBack: boolean }
  | { readonly does: 'writes'; readonly given: Given; readonly by: string; readonly isLocal: boolean }
  | { readonly does: 'voids'; readonly row: readonly [RecordType, string]; readonly isBack: boolean }
);

const author = one('worker', 'worker', 'olga', 'pavel');
const target = one(...reviewed);
const aRemark = one(...remarks);
const often = fc.boolean();
const rare = fc.nat(9).map((drawn) => drawn === 0);
const how = { together: often, isGone: rare };
const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      ...how,
      does: one('decides' as const),
      of: target,
      state: one('accepted', 'accepted', 'returned', 'returned', 'not_counted', 'new'),
      view: one(0, 0, 0, -1, -3, 2),
      remark: aRemark,
      isLocal: often
    })
  },
  {
    weight: 3,
    arbitrary: fc.record({ ...how, does: one('answers' as const), remark: aRemark, done: often, by: author })
  },
  fc.record({ ...how, does: one('moves a remark' as const), remark: aRemark, to: target }),
  fc.record({ ...how, does: one('drops a remark' as const), remark: aRemark, isBack: often }),
  {
    weight: 4,
    arbitrary: fc.record({
      ...how,
      does: one('writes' as const),
      given: fc.oneof({ weight: 3, arbitrary: mark }, ...near, ...far),
      by: author,
      isLocal: often
    })
  },
  {
    weight: 3,
    arbitrary: fc.record({
      ...how,
      does: one('voids' as const),
      row: one<readonly [RecordType, string]>(
        ...notes.map((id) => ['consultation', id] as const),
        ...sessions.flatMap((id) => [['session', id] as const, ['sheet', id] as const]),
        ...sessions.map((id) => ['attendance', `${id}~a`] as const),
        ['event', 'e1']
      ),
      isBack: often
    })
  }
);

/** The rows that a move changes now, in the order in which they are written. */
function resolve(move: Move, records: RecordSet): readonly Done[] {
  const present = (type: RecordType, id: string): AnyRow | undefined => records.get(type, id);
  switch (move.does) {
    case 'decides': {
      const { targetType, target: id } = move.of;
      const upTo = Math.max(0, seqInView(records, targetType, id) + move.view);
      const { state, isLocal } = move;
      const by = 'olga';
      const decision = { type: 'review', id: `${targetType}~${id}`, values: { state, upTo, by } } as const;
      if (state !== 'returned') return [{ ...decision, by, isLocal }];
      const values = { to: 'worker', targetType, target: id, text: 'Нет подписей' };
      return [
        { ...decision, by, isLocal },
        { type: 'remark', id: move.remark, values, by, isLocal }
      ];
    }
    case 'answers': {
      const values = present('remark', move.remark)?.values;
      if (values === undefined) return [];
      const answer = move.done ? { done: true, answer: 'Собраны' } : { done: undefined, answer: undefined };
      const answered = { ...values, ...answer };
      return [{ type: 'remark', id: move.remark, values: answered, by: move.by }];
    }
    case 'moves a remark': {
      const values = present('remark', move.remark)?.values;
      return values === undefined
        ? []
        : [{ type: 'remark', id: move.remark, values: { ...values, ...move.to } }];
    }
    case 'drops a remark':
      return dropped('remark', move.remark, move.isBack);
    case 'writes':
      return [{ ...move.given, by: move.by, isLocal: move.isLocal }];
    case 'voids':
      return dropped(...move.row, move.isBack);
  }

  function dropped(type: RecordType, id: string, isBack: boolean): readonly Done[] {
    const first = work.find((row) => row.type === type && row.id === id)?.values;
    const values = present(type, id)?.values ?? first ?? {};
    if (isBack) return [{ type, id, values }];
    // A mark and an event say themselves that they do not count.
    if (type === 'attendance') return [{ type, id, values: { ...values, status: 'none' } }];
    if (type === 'event') return [{ type, id, values: { ...values, state: 'cancelled' } }];
    return [{ type, id, values: { ...values, deletedAt: 1 } }];
  }
}

/** The states and standings that the generated work must come to. */
const everyState = [
  ...['new', 'accepted', 'returned', 'not_counted', 'changed_after_review'].map((state) => `state ${state}`),
  ...['accepted', 'awaiting', 'returned', 'not_counted', 'absent', 'event_cancelled'].map(
    (standing) => `row ${standing}`
  ),
  'answered after it was returned',
  'accepted again after an answer'
];

function reachedIn(records: RecordSet, counts: readonly ProjectCount[]): readonly string[] {
  const outcomes = reviewed.map(({ targetType, target: id }) => ({
    ...reviewOf(records, targetType, id),
    isAnswered: records
      .byParent('remark', id)
      .some(({ values }) => values.done === true && values.targetType === targetType)
  }));
  const standings = new Set<string>(
    (counts[0]?.index.occasions ?? []).flatMap(({ evidence }) => evidence.map(({ standing }) => standing))
  );
  return [
    ...outcomes.map(({ state }) => `state ${state}`),
    ...[...standings].map((standing) => `row ${standing}`).filter((name) => everyState.includes(name)),
    ...outcomes.flatMap(({ state, decided, isAnswered }) => [
      ...(isAnswered && decided === 'returned' && state === 'changed_after_review'
        ? ['answered after it was returned']
        : []),
      ...(isAnswered && state === 'accepted' ? ['accepted again after an answer'] : [])
    ])
  ];
}

/** Everything that is told of a count, and what gains are made of, whatever order it was found in. */
function told(counts: readonly ProjectCount[]) {
  return counts.map(({ project, unreadable, index, tallies, counts: all }) => ({
    project,
    unreadable,
    all,
    occasions: index.occasions,
    tallies: [...tallies].map(([id, { entries, nameless }]) => ({
      id,
      entries: [...entries].sort(([left], [right]) => (left < right ? -1 : 1)),
      nameless
    }))
  }));
}

describe('counting again after a change', () => {
  const change = fc.oneof({ weight: 6, arbitrary: mark }, ...near, ...far);
  const steps = fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { maxLength: 12, size: 'max' });

  it('gives what counting from the beginning gives, after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40, size: 'max' }), steps, (before, after) => {
        let seq = 0;
        const toRow = ({ type, id, values }: Given): AnyRow => {
          seq += 1;
          return { type, id, seq, by: 'worker', at: seq, values };
        };
        const rows = [...start, ...before].map(toRow);
        let records = createRecordSet(rows);
        let counts = countProjects(records, { lookAlikes });
        for (const step of after) {
          const changed = step.map(toRow);
          rows.push(...changed);
          records = records.after(changed.map((row): RowChange => ({ type: row.type, id: row.id, row })));
          counts = countAgain(counts, records, changed, { lookAlikes });
          expect(told(counts)).toEqual(told(countProjects(createRecordSet(rows), { lookAlikes })));
        }
      }),
      { numRuns: 300 }
    );
  });

  it('gives what counting from the beginning gives, after each step of work that is returned, answered and voided', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(move, { minLength: 5, maxLength: 30, size: 'max' }), (moves) => {
        const rows = new Map<string, AnyRow>();
        let seq = 0;
        const toRow = ({ type, id, values, by = 'worker', isLocal = false }: Done): AnyRow => {
          seq += 1;
          return { type, id, seq: isLocal ? 0 : seq, by, at: seq, values };
        };
        const keep = (row: AnyRow): void => void rows.set(`${row.type}/${row.id}`, row);
        for (const done of [...start, ...work]) keep(toRow(done));
        let records = createRecordSet(rows.values());
        let counts = countProjects(records, { lookAlikes });
        for (const each of moves) {
          const changed = resolve(each, records).map(toRow);
          // As they come in one operation, or one after another.
          for (const together of each.together ? [changed] : changed.map((row) => [row])) {
            together.forEach(keep);
            records = records.after(
              together.map((row): RowChange => ({
                type: row.type,
                id: row.id,
                row: each.isGone ? undefined : row
              }))
            );
            if (each.isGone) for (const { type, id } of together) rows.delete(`${type}/${id}`);
            counts = countAgain(counts, records, together, { lookAlikes });
            expect(told(counts)).toEqual(told(countProjects(createRecordSet(rows.values()), { lookAlikes })));
          }
          for (const name of reachedIn(records, counts)) reached.add(name);
        }
      }),
      { numRuns: 300 }
    );
    // Otherwise the moves would have proved nothing.
    expect([...reached].sort()).toEqual([...everyState].sort());
  });

  it('looks at nobody whom a mark does not speak of', () => {
    const rows = [
      ...start,
      ...people.map((id) => ({ type: 'person' as const, id, values: { surname: 'А', name: 'Б' } })),
      { type: 'event' as const, id: 'e1', values: { project: 'p1', title: 'Семинар', state: 'held' } },
      ...['s1', 's2'].map((id) => ({
        type: 'session' as const,
        id,
        values: { event: 'e1', date: '2026-10-10' }
      })),
      { type: 'attendance' as const, id: 's1~a', values: { status: 'present' } }
    ].map((row): AnyRow => ({ ...row, seq: 1, by: 'worker', at: 1 }));
    const records = createRecordSet(rows);
    const counts = countProjects(records);
    const row: AnyRow = {
      type: 'attendance',
      id: 's2~b',
      seq: 2,
      by: 'worker',
      at: 2,
      values: { status: 'present' }
    };
    const again = countAgain(counts, records.after([{ type: row.type, id: row.id, row }]), [row]);
    expect(again[0]?.counts[0]?.waiting.map(({ id }) => id)).toEqual(['a', 'b']);
    const entryOfA = (of: readonly ProjectCount[]) => of[0]?.tallies.get('I0')?.entries.get('a');
    expect(entryOfA(again)).toBe(entryOfA(counts));
  });
});
