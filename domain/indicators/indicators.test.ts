import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, RecordType, Values } from '#domain/records/registry.ts';
import { causeOf, explainChange, snapshotOf } from './changes.ts';
import { countIndicators, type IndicatorCount, type ProjectCount } from './count.ts';
import { forecast } from './forecast.ts';
import { createGainFinder } from './gain.ts';
import { projectIndicators } from './project-indicators.ts';
import { reportGaps } from './report-gaps.ts';
import { parseIndicatorRule } from './rule.ts';

type AnyRow = RecordRow<RecordType>;

function row<Type extends RecordType>(
  type: Type,
  id: string,
  values: Values<Type>,
  { seq = 1, by = 'worker' }: { seq?: number; by?: string } = {}
): RecordRow<Type> {
  return { type, id, seq, by, at: seq * 1000, values };
}

const project = row('project', 'p1', { title: 'Проект', from: '2026-06-01', to: '2027-05-31' });
const indicators = projectIndicators().map((template) =>
  row('indicator', template.code, {
    project: 'p1',
    order: template.order,
    title: template.title,
    target: template.target,
    unit: template.unit,
    rule: { ...template.rule }
  })
);

const people = (ids: string): AnyRow[] =>
  [...ids].map((id) => row('person', id, { surname: `Фамилия${id}`, name: 'Имя' }));
const marks = (
  session: string,
  ids: string,
  values: Values<'attendance'> = { status: 'present' }
): AnyRow[] => [...ids].map((id) => row('attendance', `${session}~${id}`, values));
const seminar = (id: string, values: Values<'event'> = {}, day = '2026-10-10'): AnyRow[] => [
  row('event', id, { project: 'p1', title: id, kind: 'seminar', state: 'held', from: day, ...values }),
  row('session', `s-${id}`, { event: id, date: day })
];
const decide = (
  type: 'sheet' | 'consultation',
  target: string,
  state: Values<'review'>['state'] = 'accepted',
  upTo = 10
): AnyRow =>
  row(
    'review',
    `${type}~${target}`,
    { state: state ?? 'accepted', upTo, by: 'olga' },
    { seq: 20, by: 'olga' }
  );
const note = (id: string, values: Values<'consultation'>): AnyRow =>
  row('consultation', id, {
    kind: 'consultation',
    project: 'p1',
    date: '2026-10-11',
    author: 'worker',
    ...values
  });

function countAll(
  rows: readonly AnyRow[],
  lookAlikes: readonly (readonly [string, string])[] = []
): ProjectCount {
  return countIndicators(createRecordSet(rows), indicators, project, { lookAlikes });
}
function count(rows: readonly AnyRow[], code: string): IndicatorCount {
  const found = countAll([project, ...rows]).counts.find((one) => one.indicator === code);
  if (found === undefined) throw new Error(`no indicator ${code}`);
  return found;
}
const ids = (entities: readonly { readonly id: string }[]): string => entities.map((one) => one.id).join('');
const numbers = (one: IndicatorCount): readonly number[] => [one.accepted, one.awaiting];

describe('people who received services', () => {
  const base = [...people('abcd'), ...seminar('e1'), ...marks('s-e1', 'ab')];

  it('counts nobody before review and shows how many wait', () => {
    expect(numbers(count(base, 'I0'))).toEqual([0, 2]);
  });

  it('counts a person once, whatever the number of participations', () => {
    const rows = [
      ...base,
      decide('sheet', 's-e1'),
      note('c1', { person: 'a', people: ['a', 'c'] }),
      note('c2', { kind: 'service', person: 'd' }),
      decide('consultation', 'c1')
    ];
    const found = count(rows, 'I0');
    expect(ids(found.counted)).toBe('abc');
    expect(ids(found.waiting)).toBe('d');
    expect(found.participations).toEqual({ accepted: 4, awaiting: 1 });
    expect(found.counted[0]?.evidence.map((one) => one.row)).toEqual(['s-e1~a', 'c1']);
  });

  it('takes late and left early for present, and keeps those absent apart', () => {
    const rows = [
      ...people('abcd'),
      ...seminar('e1'),
      ...marks('s-e1', 'a', { status: 'late' }),
      ...marks('s-e1', 'b', { status: 'left_early' }),
      ...marks('s-e1', 'c', { status: 'absent' }),
      ...marks('s-e1', 'd', { status: 'none' }),
      decide('sheet', 's-e1')
    ];
    const found = count(rows, 'I0');
    expect(ids(found.counted)).toBe('ab');
    expect(ids(found.absent)).toBe('c');
    expect(found.excluded).toEqual([]);
  });

  it('says why someone does not count', () => {
    const rows = [
      ...people('abcd'),
      ...seminar('e1'),
      ...marks('s-e1', 'ax'),
      decide('sheet', 's-e1', 'returned'),
      ...seminar('e2', {}, '2026-05-31'),
      ...marks('s-e2', 'b'),
      decide('sheet', 's-e2'),
      note('c1', { person: 'c' }),
      decide('consultation', 'c1', 'not_counted'),
      ...seminar('e3', { state: 'cancelled' }),
      ...marks('s-e3', 'd')
    ];
    expect(count(rows, 'I0').excluded.map(({ id, reason }) => [id, reason])).toEqual([
      ['a', 'returned'],
      ['b', 'out_of_period'],
      ['c', 'not_counted'],
      ['d', 'event_cancelled'],
      ['x', 'incomplete']
    ]);
  });

  it('includes the first and the last day of the project', () => {
    const rows = [
      ...people('ab'),
      ...seminar('e1', {}, '2026-06-01'),
      ...marks('s-e1', 'a'),
      ...seminar('e2', {}, '2027-05-31'),
      ...marks('s-e2', 'b')
    ];
    expect(count(rows, 'I0').awaiting).toBe(2);
  });

  it('gives what names no project to the only project of that day', () => {
    const rows = [
      ...people('a'),
      row('consultation', 'c1', { person: 'a', date: '2026-10-11', author: 'worker' })
    ];
    expect(count(rows, 'I0').awaiting).toBe(1);
    const second = row('project', 'p2', { title: 'Другой', from: '2026-01-01', to: '2026-12-31' });
    expect(count([...rows, second], 'I0').awaiting).toBe(0);
  });

  it('counts merged people once, also when aliases run in a circle', () => {
    const rows = [...base, decide('sheet', 's-e1'), row('alias', 'b', { kind: 'person', of: 'a' })];
    expect(ids(count(rows, 'I0').counted)).toBe('a');
    expect(count(rows, 'I0').participations.accepted).toBe(1);
    const circle = [...rows, row('alias', 'a', { kind: 'person', of: 'b' })];
    expect(ids(count(circle, 'I0').counted)).toBe('a');
    const toNowhere = [...base, decide('sheet', 's-e1'), row('alias', 'b', { kind: 'person', of: 'gone' })];
    expect(ids(count(toNowhere, 'I0').counted)).toBe('ab');
  });

  it('keeps nameless people apart unless the coordinator decided to count them', () => {
    const rows = (countNameless: boolean): AnyRow[] => [
      ...people('a'),
      ...seminar('e1', { countNameless }),
      row('session', 's-2', { event: 'e1', date: '2026-10-11' }),
      ...marks('s-e1', 'a'),
      ...marks('s-e1', 'xy', { status: 'present', nameless: true }),
      ...marks('s-2', 'z', { status: 'present', nameless: true }),
      decide('sheet', 's-e1')
    ];
    expect(count(rows(false), 'I0')).toMatchObject({
      accepted: 1,
      participations: { accepted: 3, awaiting: 1 },
      nameless: { accepted: 2, awaiting: 0, counted: { accepted: 0, awaiting: 0 } }
    });
    expect(numbers(count(rows(true), 'I0'))).toEqual([3, 0]);
  });

  it('lets a row that somebody changed after acceptance wait again, and only that row', () => {
    const changed = row('attendance', 's-e1~b', { status: 'late' }, { seq: 30 });
    expect(numbers(count([...base, decide('sheet', 's-e1'), changed], 'I0'))).toEqual([1, 1]);
    const byReviewer = { ...changed, by: 'olga' };
    expect(numbers(count([...base, decide('sheet', 's-e1'), byReviewer], 'I0'))).toEqual([2, 0]);
    const unsent = { ...changed, seq: 0 };
    expect(numbers(count([...base, decide('sheet', 's-e1'), unsent], 'I0'))).toEqual([1, 1]);
  });

  it('tells how far look-alikes may bring the number down', () => {
    const rows = [
      project,
      ...people('abc'),
      ...seminar('e1'),
      ...marks('s-e1', 'abc'),
      decide('sheet', 's-e1')
    ];
    const pairs = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'z']
    ] as const;
    expect(countAll(rows, pairs).counts[0]?.doubtful).toEqual({ pairs: 2, atLeast: 1 });
  });
});

describe('organisations', () => {
  const cards = [
    row('organisation', 'N', { name: 'Лад', kind: 'ngo' }),
    row('organisation', 'M', { name: 'Дом культуры', kind: 'municipal' }),
    row('organisation', 'T', { name: 'ТОС', kind: 'unregistered' }),
    row('person', 'a', { surname: 'А', name: 'А', organisation: 'N' }),
    row('person', 'b', { surname: 'Б', name: 'Б', organisation: 'M' }),
    row('person', 'c', { surname: 'В', name: 'В' }),
    row('membership', 'T~c', { active: true })
  ];

  it('counts an NGO through its participant; municipal and unregistered ones are shown with the reason', () => {
    const rows = [
      ...cards,
      ...seminar('e1', { subjects: ['fundraising'] }),
      ...marks('s-e1', 'abc'),
      decide('sheet', 's-e1')
    ];
    const found = count(rows, 'I3');
    expect(ids(found.counted)).toBe('N');
    expect(found.excluded.map(({ id, reason }) => [id, reason])).toEqual([
      ['M', 'municipal'],
      ['T', 'not_ngo']
    ]);
    expect(count(rows, 'I1').accepted).toBe(0);
    expect(count(rows, 'I2').accepted).toBe(0);
  });

  it('takes a consultation, a service and practical work for practical help', () => {
    const rows = [
      ...cards,
      row('organisation', 'K', { name: 'Шанс', kind: 'ngo' }),
      row('organisation', 'L', { name: 'Клуб', kind: 'ngo' }),
      note('c1', { organisation: 'K' }),
      note('c2', { organisation: 'L', kind: 'service' }),
      ...seminar('e1', { kind: 'practical_work' }),
      ...marks('s-e1', 'a')
    ];
    expect(ids(count(rows, 'I2').waiting)).toBe('KLN');
  });

  it('reads the subject of a consultation from its topics', () => {
    const rows = [
      ...cards,
      row('topic', 't1', { title: 'Управление', subject: 'ngo_management' }),
      row('topic', 't2', { title: 'Отчёты правления', parent: 't1' }),
      note('c1', { organisation: 'N', topics: ['t2'] })
    ];
    expect(ids(count(rows, 'I1').waiting)).toBe('N');
  });
});

describe('groups', () => {
  const about = { group: 'g', subjects: ['registration'] } satisfies Values<'consultation'>;
  const rows = [
    ...people('abcdef'),
    row('group', 'g', { name: 'Наш двор' }),
    note('c1', { ...about, people: ['a', 'b', 'c'] }),
    note('c2', { ...about, people: ['c', 'd'] }),
    decide('consultation', 'c1'),
    decide('consultation', 'c2')
  ];

  it('shows why a group of four does not count', () => {
    const found = count(rows, 'I4');
    expect(found.accepted).toBe(0);
    expect(found.excluded.map((one) => one.reason)).toEqual(['group_too_small']);
    expect(found.tooSmall).toEqual([{ id: 'g', people: { accepted: 4, awaiting: 0 }, minimum: 5 }]);
  });

  it('counts it once the fifth member was consulted on registration and the note accepted', () => {
    const fifth = note('c3', { ...about, people: ['e'] });
    expect(numbers(count([...rows, fifth], 'I4'))).toEqual([0, 1]);
    expect(numbers(count([...rows, fifth, decide('consultation', 'c3')], 'I4'))).toEqual([1, 0]);
    const other = note('c3', { group: 'g', subjects: ['legal'], people: ['e'] });
    expect(numbers(count([...rows, other, decide('consultation', 'c3')], 'I4'))).toEqual([0, 0]);
  });

  it('does not take two cards of one person for two members', () => {
    const twin = note('c3', { ...about, people: ['e'] });
    const merged = row('alias', 'e', { kind: 'person', of: 'd' });
    expect(count([...rows, twin, decide('consultation', 'c3'), merged], 'I4').accepted).toBe(0);
  });
});

describe('projects being designed and seminars held', () => {
  it('counts participants of the design schools and design consultations', () => {
    const rows = [
      ...people('abcde'),
      ...seminar('e1', { kind: 'school', subjects: ['project_design'] }),
      ...marks('s-e1', 'a'),
      ...seminar('e2', { subjects: ['trainer'] }),
      ...marks('s-e2', 'b'),
      ...seminar('e3', { subjects: ['fundraising'] }),
      ...marks('s-e3', 'c'),
      note('c1', { person: 'd', subjects: ['project_design'] }),
      note('c2', { person: 'e', subjects: ['legal'] })
    ];
    expect(ids(count(rows, 'I5').waiting)).toBe('abd');
  });

  it('counts a seminar that was held and has an accepted sheet, once for all its sessions', () => {
    const rows = [
      ...people('a'),
      ...seminar('e1'),
      row('session', 's-2', { event: 'e1', date: '2026-10-11' }),
      ...marks('s-e1', 'a'),
      ...marks('s-2', 'a'),
      decide('sheet', 's-e1'),
      ...seminar('e2', { kind: 'school' }),
      ...marks('s-e2', 'a'),
      ...seminar('e3'),
      ...seminar('e4', { state: 'running' }),
      ...marks('s-e4', 'a'),
      ...seminar('e5', { kind: 'meeting' }),
      ...marks('s-e5', 'a')
    ];
    const found = count(rows, 'I6');
    expect(numbers(found)).toEqual([1, 1]);
    expect(found.excluded.map(({ id, reason }) => [id, reason])).toEqual([
      ['e3', 'no_sheet'],
      ['e4', 'event_not_held']
    ]);
  });
});

describe('rules as data', () => {
  it('reads every rule of the reference project back', () => {
    for (const { rule } of projectIndicators()) {
      expect(parseIndicatorRule(JSON.parse(JSON.stringify(rule)))).toEqual({ ok: true, value: rule });
    }
  });

  it('shows an indicator whose rule cannot be read instead of counting it wrongly', () => {
    const broken = row('indicator', 'X', { project: 'p1', rule: { count: 'people', from: [], new: 1 } });
    const found = countIndicators(createRecordSet([project]), [broken], project);
    expect(found.counts).toEqual([]);
    expect(found.unreadable.map((one) => one.indicator)).toEqual(['X']);
  });
});

describe('why a number changed', () => {
  const before = [
    ...people('abcd'),
    ...seminar('e1'),
    ...marks('s-e1', 'abc'),
    note('c1', { person: 'd' }),
    decide('sheet', 's-e1'),
    decide('consultation', 'c1')
  ];
  it('names who left and the reason', () => {
    const kept = snapshotOf(count(before, 'I0'));
    const after = [
      ...before,
      row('alias', 'b', { kind: 'person', of: 'a' }),
      row('attendance', 's-e1~c', { status: 'absent' }, { seq: 40 }),
      decide('consultation', 'c1', 'returned')
    ];
    const counted = countAll([project, ...after]);
    const people0 = counted.counts[0];
    if (people0 === undefined) throw new Error('nothing counted');
    const change = explainChange(kept, people0, counted.index.identities);
    expect([change.before, change.after]).toEqual([4, 1]);
    expect(change.left.map(({ id, reason }) => [id, reason])).toEqual([
      ['b', { type: 'merged', into: 'a' }],
      ['c', { type: 'mark_changed' }],
      ['d', { type: 'excluded', reason: 'returned' }]
    ]);
    const causes = change.left.map((left) => causeOf(counted.index.records, left)?.by);
    expect(causes).toEqual(['worker', 'worker', 'olga']);
    expect(change.came).toEqual([]);
  });
});

describe('what lacks a day or a session', () => {
  it('is not counted and says so, instead of disappearing', () => {
    const found = count(
      [
        ...people('ab'),
        row('attendance', 'gone~a', { status: 'present' }),
        row('consultation', 'c9', { kind: 'consultation', author: 'worker', person: 'b' }),
        decide('consultation', 'c9')
      ],
      'I0'
    );
    expect(found.excluded.map(({ id, reason }) => [id, reason])).toEqual([
      ['a', 'no_day'],
      ['b', 'no_day']
    ]);
    expect(numbers(found)).toEqual([0, 0]);
  });
});

describe('forecast', () => {
  const evenly = [...'abcdefghij'].map((id, index) => ({
    id,
    evidence: [
      {
        type: 'attendance',
        row: id,
        occasion: 's',
        event: undefined,
        day: `2026-06-${String(1 + index * 3).padStart(2, '0')}`,
        person: id,
        standing: 'accepted'
      } as const
    ]
  }));
  it('continues the pace to the last day', () => {
    // 10 people in 40 days; 20 days left: 5 more.
    const until = { from: '2026-06-01', to: '2026-07-30' };
    expect(forecast({ accepted: 10, counted: evenly }, until, '2026-07-10')).toEqual({
      value: 15,
      on: '2026-07-30'
    });
  });
  it('says nothing when there is too little to go by', () => {
    const dates = { from: '2026-06-01', to: '2027-05-31' };
    expect(forecast({ accepted: 4, counted: evenly.slice(0, 4) }, dates, '2026-07-10')).toBeUndefined();
    expect(forecast({ accepted: 10, counted: evenly }, dates, '2026-06-20')).toBeUndefined();
    expect(forecast({ accepted: 10, counted: evenly }, dates, '2027-05-31')).toBeUndefined();
  });
});

describe('what the report lacks', () => {
  it('lists it event by event', () => {
    const rows = [
      ...people('ab'),
      row('consent', 'k1', { person: 'a', kind: 'processing', state: 'given', date: '2026-10-10' }),
      ...seminar('e1'),
      ...marks('s-e1', 'ab'),
      row('sheet', 's-e1', { closed: true, paperCount: 3 }),
      decide('sheet', 's-e1'),
      ...seminar('e2', {}, '2026-10-12'),
      ...seminar('e3', { state: 'cancelled' }),
      ...seminar('e4', { state: 'planned' }, '2026-12-01'),
      ...seminar('e5', { state: 'planned' }, '2026-10-13'),
      ...marks('s-e5', 'a'),
      ...seminar('e6', {}, '2026-10-14'),
      ...marks('s-e6', 'a'),
      row('sheet', 's-e6', { closed: true, paperCount: 1 }),
      decide('sheet', 's-e6')
    ];
    expect(reportGaps(createRecordSet(rows), 'p1', '2026-11-01')).toEqual([
      {
        event: 'e1',
        day: '2026-10-10',
        gaps: [
          { type: 'paper_differs', session: 's-e1', inApp: 2, onPaper: 3 },
          { type: 'consents_missing', session: 's-e1', missing: 1 }
        ]
      },
      { event: 'e2', day: '2026-10-12', gaps: [{ type: 'no_sheet', session: 's-e2' }] },
      {
        event: 'e5',
        day: '2026-10-13',
        gaps: [
          { type: 'not_marked_held' },
          { type: 'sheet_open', session: 's-e5' },
          { type: 'not_reviewed', session: 's-e5' }
        ]
      },
      { event: 'e6', day: '2026-10-14', gaps: [] }
    ]);
  });
});

describe('for any records', () => {
  const personIds = [...'abcdefgh'];
  const person = fc.constantFrom(...personIds);
  const standing = fc.constantFrom('accepted', 'returned', 'not_counted', undefined);
  const occasion = fc.record({
    isEvent: fc.boolean(),
    nameless: fc.nat(2),
    countNameless: fc.boolean(),
    group: fc.boolean(),
    people: fc.uniqueArray(person, { maxLength: 6 }),
    state: standing,
    day: fc.constantFrom('2026-05-01', '2026-08-01', '2026-09-01')
  });
  const aliases = fc.array(fc.tuple(person, person), { maxLength: 3 });
  const any = fc.record({ occasions: fc.array(occasion, { maxLength: 8 }), aliases });

  function rowsOf(
    {
      occasions,
      aliases: merged
    }: {
      occasions: (typeof occasion extends fc.Arbitrary<infer O> ? O : never)[];
      aliases: [string, string][];
    },
    accepted: (index: number) => boolean = () => false
  ): AnyRow[] {
    const rows: AnyRow[] = [
      project,
      row('group', 'g', { name: 'Берег' }),
      row('organisation', 'N', { name: 'Лад', kind: 'ngo' }),
      ...personIds.map((id) =>
        row('person', id, { surname: id, name: id, ...(id < 'd' ? { organisation: 'N' } : {}) })
      ),
      ...new Map(merged.map(([from, to]) => [from, row('alias', from, { kind: 'person', of: to })])).values()
    ];
    for (const [index, one] of occasions.entries()) {
      const { countNameless, day } = one;
      const state = accepted(index) ? 'accepted' : one.state;
      if (one.isEvent) {
        rows.push(...seminar(`e${index}`, { subjects: ['project_design'], countNameless }, day));
        rows.push(...marks(`s-e${index}`, one.people.join('')));
        rows.push(...marks(`s-e${index}`, '12'.slice(0, one.nameless), { status: 'late', nameless: true }));
        if (state !== undefined) rows.push(decide('sheet', `s-e${index}`, state));
      } else {
        rows.push(
          note(`c${index}`, {
            date: day,
            subjects: ['registration'],
            nameless: one.nameless,
            people: one.people,
            ...(one.group ? { group: 'g' } : { organisation: 'N' })
          })
        );
        if (state !== undefined) rows.push(decide('consultation', `c${index}`, state));
      }
    }
    return rows;
  }
  const summary = (rows: readonly AnyRow[]): unknown => countAll(rows).counts;

  it('the order of the records changes nothing', () => {
    fc.assert(
      fc.property(any, fc.infiniteStream(fc.nat()), (data, order) => {
        const rows = rowsOf(data);
        const shuffled = rows
          .map((one) => ({ one, at: Number(order.next().value) }))
          .sort((left, right) => left.at - right.at)
          .map(({ one }) => one);
        expect(summary(shuffled)).toEqual(summary(rows));
      })
    );
  });

  it('accepting more never lowers a number, and accepting all that waits gives accepted + awaiting', () => {
    fc.assert(
      fc.property(any, fc.nat(7), (data, chosen) => {
        const now = countAll(rowsOf(data)).counts;
        const isNew = (index: number): boolean => data.occasions[index]?.state === undefined;
        const one = countAll(rowsOf(data, (index) => index === chosen && isNew(index))).counts;
        const all = countAll(rowsOf(data, isNew)).counts;
        for (const [index, count] of now.entries()) {
          expect(one[index]?.accepted).toBeGreaterThanOrEqual(count.accepted);
          expect(all[index]?.accepted).toBe(count.accepted + count.awaiting);
          expect(all[index]?.participations.accepted).toBe(
            count.participations.accepted + count.participations.awaiting
          );
          expect(all[index]?.awaiting).toBe(0);
        }
      })
    );
  });

  it('what an item promises is what accepting it gives', () => {
    fc.assert(
      fc.property(any, fc.nat(7), (data, chosen) => {
        const one = data.occasions[chosen];
        if (one?.state !== undefined || one === undefined) return;
        const now = countAll(rowsOf(data));
        const promised = createGainFinder(now)(`${one.isEvent ? 's-e' : 'c'}${chosen}`);
        const then = countAll(rowsOf(data, (index) => index === chosen)).counts;
        const given = then
          .map((count, index) => ({
            indicator: count.indicator,
            value: count.accepted - (now.counts[index]?.accepted ?? 0)
          }))
          .filter(({ value }) => value > 0);
        expect(promised).toEqual(given);
      })
    );
  });
});
