import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRecordSet, type RowChange } from '#domain/records/record-set.ts';
import type { RecordRow, RecordType } from '#domain/records/registry.ts';
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
