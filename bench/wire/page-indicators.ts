import { countAgain, countProjects } from '#domain/indicators/count.ts';
import { projectIndicators } from '#domain/indicators/project-indicators.ts';
import { attendanceParts } from '#domain/records/attendance.ts';
import { createRecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, RecordType, Values } from '#domain/records/registry.ts';
import { reviewId } from '#domain/records/review.ts';
import { mulberry32 } from '#domain/mulberry32.ts';
import { randomId } from './chance.ts';

/** What a page offers to the measurement that drives it. */
export interface IndicatorsPage {
  /** Counts a centre's indicators so many times from its records; gives the ms of each, and of each after one more mark. */
  readonly measure: (records: number, times: number) => IndicatorTimes;
}

export interface IndicatorTimes {
  readonly records: number;
  readonly wholeMs: readonly number[];
  readonly oneMoreMs: readonly number[];
}

type AnyRow = RecordRow<RecordType>;

const people = 10_000;
const organisations = 300;
const hall = 50;
const kinds = ['seminar', 'school', 'practical_work', 'meeting', 'webinar', 'trip'] as const;
const subjects = ['project_design', 'fundraising', 'ngo_management', 'registration'] as const;
const dayMs = 86_400_000;

const page: IndicatorsPage = {
  measure: (records, times) => {
    const rows = makeRows(records);
    const wholeMs: number[] = [];
    for (let time = 0; time < times; time += 1) {
      const startedAt = performance.now();
      countProjects(createRecordSet(rows));
      wholeMs.push(performance.now() - startedAt);
    }
    let set = createRecordSet(rows);
    let counts = countProjects(set);
    const oneMoreMs: number[] = [];
    const marks = rows.filter(({ type }) => type === 'attendance');
    for (let time = 0; time < times; time += 1) {
      const mark = marks[(time * 7_919) % marks.length];
      if (mark === undefined) throw new Error('There are no marks');
      const { session } = attendanceParts(mark.id);
      const row: AnyRow = { ...mark, id: `${session}~newcomer-${time}`, seq: records * 2 + time };
      const startedAt = performance.now();
      set = set.after([{ type: row.type, id: row.id, row }]);
      counts = countAgain(counts, set, [row]);
      oneMoreMs.push(performance.now() - startedAt);
    }
    const again = JSON.stringify(counts.map((count) => count.counts));
    const whole = JSON.stringify(countProjects(set).map((count) => count.counts));
    if (again !== whole) throw new Error('Counting again gave another number than counting');
    return { records: rows.length, wholeMs, oneMoreMs };
  }
};
Object.assign(globalThis, { indicators: page });

/** A centre of a region over five years: cards, events with their sheets, consultations, decisions; the same at every run. */
function makeRows(count: number): readonly AnyRow[] {
  const random = mulberry32(11);
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const rows: AnyRow[] = [];
  let seq = 0;
  const add = <Type extends RecordType>(
    type: Type,
    id: string,
    values: Values<Type>,
    by = 'worker'
  ): void => {
    seq += 1;
    rows.push({ type, id, seq, by, at: 1_700_000_000_000 + seq, values });
  };
  add('project', 'p1', { title: 'Проект', from: '2021-01-01', to: '2025-12-31' });
  for (const { code, order, title, target, unit, rule } of projectIndicators())
    add('indicator', code, { project: 'p1', order, title, target, unit, rule: { ...rule } });
  const bodies = Array.from({ length: organisations }, () => randomId(random));
  for (const [index, id] of bodies.entries())
    add('organisation', id, { name: `Организация ${index}`, kind: index % 3 === 0 ? 'municipal' : 'ngo' });
  const cards = Array.from({ length: people }, () => randomId(random));
  for (const [index, id] of cards.entries()) {
    const values = { surname: `Фамилия${index}`, name: 'Имя' };
    add('person', id, index % 4 === 0 ? { ...values, organisation: pick(bodies) } : values);
  }
  let day = Date.UTC(2021, 0, 10);
  const decide = (type: 'sheet' | 'consultation', target: string): void => {
    const luck = random();
    if (luck > 0.9) return;
    const state = luck < 0.85 ? 'accepted' : 'returned';
    add('review', reviewId(type, target), { state, upTo: seq, by: 'olga' }, 'olga');
  };
  while (rows.length < count) {
    const event = randomId(random);
    const session = randomId(random);
    day += dayMs;
    const date = new Date(day).toISOString().slice(0, 10);
    add('event', event, {
      project: 'p1',
      title: 'Семинар',
      kind: pick(kinds),
      state: 'held',
      subjects: [pick(subjects)],
      from: date
    });
    add('session', session, { event, date });
    const first = Math.floor(random() * (people - hall));
    for (const person of cards.slice(first, first + hall))
      add('attendance', `${session}~${person}`, { status: random() < 0.9 ? 'present' : 'absent' });
    decide('sheet', session);
    const note = randomId(random);
    add('consultation', note, {
      kind: 'consultation',
      project: 'p1',
      date,
      author: 'worker',
      person: pick(cards),
      organisation: pick(bodies),
      subjects: [pick(subjects)]
    });
    decide('consultation', note);
  }
  return rows;
}
