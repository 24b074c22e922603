import * as fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { reportGaps } from '#domain/indicators/report-gaps.ts';
import { isComplete } from '#domain/records/definition.ts';
import { definitionOf } from '#domain/records/registry.ts';
import { canonicalJson } from '#domain/sync/canonical-json.ts';
import { plainValues } from '#domain/sync/merge.ts';
import { parseOperation } from '#domain/sync/operation.ts';
import { wireOperations } from './batch.ts';
import { demoContent } from './content.ts';
import { clockOf, addDays } from './days.ts';
import { people } from './people.ts';
import { closedProject, runningProject } from './project-cards.ts';
import { obstacleOf } from './season.ts';
import { accepted, counted } from './testing-count.ts';
import { createLog } from './testing-fold.ts';

const timeZone = 'Asia/Yekaterinburg';
const dayMs = 86_400_000;
const days = fc
  .date({ min: new Date('2024-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
/** Ends of the year and of months, leap days, the days after them. */
const hardDays = [
  '2028-02-29',
  '2028-03-01',
  '2027-02-28',
  '2026-12-31',
  '2027-01-01',
  '2027-05-31',
  '2030-10-31'
];

test('for any day and seed: deterministic, in order of time, before today, and valid', () => {
  fc.assert(
    fc.property(days, fc.string(), (day, seed) => {
      const options = { seed, today: day, timeZone, surveyLink: 'opros' };
      const { batches } = demoContent(options);
      expect(canonicalJson(demoContent(options).batches)).toBe(canonicalJson(batches));
      const moments = batches.map((batch) => batch.at);
      expect(moments).toEqual(moments.toSorted((left, right) => left - right));
      expect(moments.at(-1)).toBeLessThan(clockOf(timeZone)(day, '00:00'));
      for (const batch of batches) {
        for (const operation of batch.operations) expect(operation.w).toBeLessThanOrEqual(batch.at);
        for (const operation of wireOperations(batch, { lastSeq: 1, firstNumber: 1 })) {
          expect(parseOperation(operation)).toMatchObject({ ok: true, value: { kind: 'operation' } });
          for (const { e, set } of operation.ch) {
            for (const [field, value] of Object.entries(set)) {
              const schema = definitionOf(e)?.fields[field];
              if (schema === undefined || !v.is(schema, value))
                throw new Error(`${e}.${field}: ${String(value)}`);
            }
          }
        }
      }
      const log = createLog();
      log.push(batches);
      for (const record of log.all()) {
        const definition = definitionOf(record.e);
        if (definition === undefined || !isComplete(definition, plainValues(record)))
          throw new Error(`${record.e}/${record.k} is incomplete`);
      }
    }),
    { numRuns: 5, examples: [['2028-02-29', '']] }
  );
});

test('on any day the script has its numbers, its gaps and its silent tablet, from midnight to midnight', () => {
  fc.assert(
    fc.property(days, fc.integer({ min: 0, max: dayMs - 1 }), (today, sinceMidnight) => {
      const { batches } = demoContent({ seed: 'zimnik', today, timeZone, surveyLink: 'opros' });
      const log = createLog();
      log.push(batches);
      const rows = log.rows();
      const running = counted(rows, runningProject);
      expect(accepted(running)).toEqual(['61/70', '3/3', '6/7', '5/5', '2/3', '47/50', '2/3']);
      expect(running.counts.map(({ excluded }) => excluded.length)).toEqual([3, 0, 1, 0, 1, 0, 0]);
      expect(running.counts[0]?.doubtful).toEqual({ pairs: 2, atLeast: 59 });
      expect(accepted(counted(rows, closedProject))).toEqual([
        '74/70',
        '3/3',
        '7/7',
        '5/5',
        '3/3',
        '53/50',
        '3/3'
      ]);
      expect(reportGaps(rows, runningProject, today).filter(({ gaps }) => gaps.length > 0)).toHaveLength(4);
      const silentSince = batches.filter(({ device }) => device === 'field-demo3').at(-1)?.at ?? 0;
      const now = clockOf(timeZone)(today, '00:00') + sinceMidnight;
      expect(Math.floor((now - silentSince) / dayMs)).toBe(5);
    }),
    { numRuns: 5, examples: hardDays.map((day) => [day, 0] as [string, number]) }
  );
});

test('a day of the centre begins five hours before the same day of UTC, in winter and in summer', () => {
  fc.assert(
    fc.property(days, (day) => {
      expect(clockOf(timeZone)(day, '00:00')).toBe(Date.parse(`${addDays(day, -1)}T19:00:00Z`));
    })
  );
});

test('whatever the seed, names are written as people write them', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      for (const { key, values } of people(seed)) {
        expect(values.surname, key).toMatch(/^\p{Lu}[\p{L}\p{M}]+(?:-\p{Lu}[\p{L}\p{M}]+)*$/u);
        if (values.patronymic === undefined) continue;
        expect(values.patronymic, key).toMatch(/(?:ович|евич|ьич|овна|евна|ична| оглы)$/u);
        expect(values.patronymic, key).not.toMatch(/Павелов|Михаилов|Андреов|Сергеов|Геннадиев/u);
        const isWoman = values.patronymic.endsWith('на');
        if (isWoman) expect(values.surname, key).toMatch(/(?:а|ая|-Обская)$/u);
      }
    }),
    { numRuns: 20 }
  );
});

test('a journey is cancelled by what cancels journeys in that season', () => {
  expect(obstacleOf('2027-01-15').reason).toBe('frost_day');
  expect(obstacleOf('2026-11-17').reason).toBe('frost_day');
  expect(obstacleOf('2027-05-02').note).toMatch(/Ледоход/);
  expect(obstacleOf('2027-07-08').note).toMatch(/Шторм/);
  expect(obstacleOf('2027-10-20').note).toMatch(/Ледостав/);
});
