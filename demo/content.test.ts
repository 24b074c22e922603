import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { IndicatorCount, ProjectCount } from '#domain/indicators/count.ts';
import { reportGaps } from '#domain/indicators/report-gaps.ts';
import { checkInn, checkOgrn } from '#domain/names/requisites.ts';
import { problemsOf } from '#domain/survey/problems.ts';
import { parseAnswers } from '#domain/survey/answers.ts';
import { parseForm } from '#domain/survey/form.ts';
import { needsSurvey } from '#domain/survey/needs-survey.ts';
import { parseImportedWave } from '#domain/survey/wave-comparison.ts';
import type { DemoBatch, DemoChange } from './batch.ts';
import { demoCalendar } from './calendar.ts';
import { demoContent } from './content.ts';
import { addDays, clockOf } from './days.ts';
import { presentChange, reviewChange } from './events.ts';
import { personId } from './people.ts';
import { closedProject, runningProject } from './project-cards.ts';
import { accepted, counted } from './testing-count.ts';
import { createLog, type Log } from './testing-fold.ts';
import { expectedToday, schoolOf } from './today.ts';

const today = '2026-11-24';
const timeZone = 'Asia/Yekaterinburg';
const options = { seed: 'zimnik', today, timeZone, surveyLink: 'opros' };

function pushed(): Log {
  const log = createLog();
  log.push(demoContent(options).batches);
  return log;
}

function one(count: ProjectCount, place: number): IndicatorCount {
  const found = count.counts[place];
  if (found === undefined) throw new Error(`no indicator ${place}`);
  return found;
}

/** What the guest does: seven marks, one without a name, the group's fifth member; then the coordinator accepts. */
function story(marked: readonly string[]): { readonly captured: DemoBatch; readonly decided: DemoBatch } {
  const clock = clockOf(timeZone);
  const session = schoolOf(today).sessions[0]?.id ?? '';
  const w = clock(today, '10:10');
  const walkIn: DemoChange = {
    e: 'person',
    k: 'guest-1',
    set: { surname: 'Молданова', name: 'Мария', settlement: 's-sherkaly' }
  };
  const changes: DemoChange[] = [
    walkIn,
    ...marked.map((key) => presentChange(session, key, w)),
    { e: 'attendance', k: `${session}~guest-1`, set: { status: 'present', at: w } },
    { e: 'attendance', k: `${session}~nobody-1`, set: { status: 'present', at: w, nameless: true } },
    { e: 'sheet', k: session, set: { closed: true, at: w, present: 8 } },
    {
      e: 'consultation',
      k: 'guest-note',
      set: {
        kind: 'consultation',
        group: 'g-nash-dvor',
        people: [personId('gd5')],
        date: today,
        project: runningProject,
        topics: ['t-registration-2'],
        author: 'ivan'
      }
    }
  ];
  const at = clock(today, '14:00');
  return {
    captured: {
      device: 'field-guest',
      role: 'field',
      user: 'ivan',
      at: clock(today, '13:00'),
      operations: [{ w, by: 'ivan', changes }]
    },
    decided: {
      device: 'office-guest',
      role: 'coordinator',
      user: 'olga',
      at,
      operations: [
        {
          w: at,
          by: 'olga',
          changes: [
            reviewChange('sheet', session, 'accepted', at),
            reviewChange('consultation', 'guest-note', 'accepted', at)
          ]
        }
      ]
    }
  };
}

describe('the running project', () => {
  const count = counted(pushed().rows(), runningProject);

  test('has the accepted numbers of the script', () => {
    expect(accepted(count)).toEqual(['61/70', '3/3', '6/7', '5/5', '2/3', '47/50', '2/3']);
    expect(count.unreadable).toEqual([]);
  });

  test('leaves nobody waiting among the people, one organisation and one designer elsewhere', () => {
    expect(count.counts.map((indicator) => indicator.awaiting)).toEqual([0, 0, 1, 0, 0, 1, 0]);
    expect(one(count, 0).nameless).toMatchObject({ accepted: 0, awaiting: 0 });
  });

  test('has two look-alike pairs, so that 47 would become 45 and 61 become 59', () => {
    expect(one(count, 5).doubtful).toEqual({ pairs: 2, atLeast: 45 });
    expect(one(count, 0).doubtful).toEqual({ pairs: 2, atLeast: 59 });
  });

  test('does not count four: two returned, one out of period, one municipal', () => {
    expect(
      one(count, 0)
        .excluded.map(({ reason }) => reason)
        .sort()
    ).toEqual(['out_of_period', 'returned', 'returned']);
    expect(one(count, 2).excluded.map(({ reason }) => reason)).toEqual(['municipal']);
    expect([1, 3, 5, 6].flatMap((place) => one(count, place).excluded)).toEqual([]);
  });

  test('shows «Наш двор» as one person short', () => {
    expect(one(count, 4).tooSmall).toEqual([
      { id: 'g-nash-dvor', people: { accepted: 4, awaiting: 0 }, minimum: 5 }
    ]);
  });

  test('goes from 61 to 69 and from 2 groups to 3, whomever of the eighteen the guest marks', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...expectedToday], { minLength: 6, maxLength: 6 }), (marked) => {
        const log = pushed();
        const { captured, decided } = story(marked);
        log.push([captured]);
        const waiting = counted(log.rows(), runningProject);
        expect([one(waiting, 0).accepted, one(waiting, 0).awaiting]).toEqual([61, 8]);
        expect([one(waiting, 4).awaiting, one(waiting, 5).awaiting]).toEqual([1, 8]);
        log.push([decided]);
        const after = counted(log.rows(), runningProject);
        expect(accepted(after)).toEqual(['69/70', '3/3', '6/7', '5/5', '3/3', '54/50', '2/3']);
        expect(one(after, 0).nameless.accepted).toBe(1);
      }),
      { numRuns: 8 }
    );
  });
});

test('the closed project of the card reached its figures', () => {
  const count = counted(pushed().rows(), closedProject);
  expect(accepted(count)).toEqual(['74/70', '3/3', '7/7', '5/5', '3/3', '53/50', '3/3']);
  expect(count.counts.map((indicator) => indicator.awaiting)).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

describe('what the story shows', () => {
  const log = pushed();
  const rows = log.rows();

  test('is one open conflict: Волдин, «Присутствует» 10:42 against «Уход раньше» 12:10', () => {
    const conflicts = [...rows.all('conflict').values()];
    expect(conflicts).toHaveLength(1);
    const [conflict] = conflicts;
    const clock = clockOf(timeZone);
    expect(conflict?.values).toMatchObject({
      state: 'open',
      field: 'status',
      target: `next-trainer-1~${personId('c20')}`,
      values: [{ value: 'present', device: 'field-demo1', at: clock('2026-11-23', '10:42') }],
      standing: { value: 'left_early', device: 'field-demo2', at: clock('2026-11-23', '12:10') }
    });
  });

  test('is a returned sheet with an unanswered remark', () => {
    expect([...rows.all('remark').values()].map((remark) => remark.values.done)).toEqual([false]);
    expect(rows.get('review', 'sheet~next-meeting-1')?.values.state).toBe('returned');
  });

  test('is a tablet silent for five days with twelve records waiting', () => {
    const silent = demoContent(options)
      .batches.filter((batch) => batch.device === 'field-demo3')
      .at(-1);
    expect(silent?.at).toBe(clockOf(timeZone)('2026-11-19', '00:00'));
    expect(silent?.waiting?.count).toBe(12);
  });

  test('is 120 consultations, half by telephone, one confidential, three open cases of registration', () => {
    const notes = [...rows.all('consultation').values()];
    expect(notes).toHaveLength(120);
    expect(notes.filter((note) => note.values.channel === 'phone')).toHaveLength(60);
    expect(notes.filter((note) => note.values.confidential)).toHaveLength(1);
    expect(rows.all('confidential_text').size).toBe(1);
    const contacts = notes.filter((note) => note.values.followUp !== undefined);
    const cases = ['g-bereg', 'g-mamy-andry', 'g-nash-dvor'].map((group) =>
      contacts.filter((note) => note.values.group === group)
    );
    expect(cases.map((notesOfCase) => notesOfCase.length)).toEqual([5, 7, 4]);
    for (const notesOfCase of cases) {
      expect(notesOfCase.filter((note) => note.values.followUpDone === false)).toHaveLength(1);
    }
  });

  test('is a running wave of 41 answers, three from Шеркалы, and the imported wave', () => {
    const responses = [...rows.all('response').values()];
    expect(responses).toHaveLength(41);
    expect(responses.filter((row) => row.values.settlement === 's-sherkaly')).toHaveLength(3);
    for (const response of responses) {
      const answers = parseAnswers(response.values.answers);
      if (!answers.ok) throw new Error(response.id);
      expect(problemsOf(needsSurvey, answers.value)).toEqual([]);
    }
    expect(new Set(responses.map((row) => row.values.code)).size).toBe(41);
    expect(parseImportedWave(rows.get('campaign', 'campaign-2021')?.values.imported).ok).toBe(true);
    expect(parseForm(rows.get('form', 'needs~1')?.values.definition).ok).toBe(true);
  });

  test('is a register of realistic size with valid requisites', () => {
    expect(rows.all('settlement').size).toBe(24);
    expect(rows.all('person').size).toBeGreaterThanOrEqual(170);
    const organisations = [...rows.all('organisation').values()];
    expect(organisations).toHaveLength(30);
    for (const { values } of organisations) {
      if (values.inn !== undefined) expect(checkInn(values.inn).ok).toBe(true);
      if (values.ogrn !== undefined) expect(checkOgrn(values.ogrn).ok).toBe(true);
    }
  });

  test('is four events that lack something for the report', () => {
    const lacking = reportGaps(rows, runningProject, today).filter(({ gaps }) => gaps.length > 0);
    expect(lacking.map(({ event }) => event)).toEqual([
      'next-trip',
      'next-table',
      'next-meeting',
      `school-${today}`
    ]);
  });

  test('is eighteen expected today with the people of the script among them', () => {
    const listed = rows.byParent('attendance', `school-${today}-1`);
    expect(listed).toHaveLength(18);
    expect(listed.every((row) => row.values.expected === true && row.values.status === undefined)).toBe(true);
    const names = listed.map((row) => {
      const { surname, name, patronymic } = rows.get('person', row.id.split('~')[1] ?? '')?.values ?? {};
      return [surname, name, patronymic].filter(Boolean).join(' ');
    });
    expect(names).toContain('Ёлкина Фёкла Семёновна');
    expect(names).toContain('Сэ̄рипова Ӈара');
    expect(names.filter((name) => name === 'Тарлин Пётр Петрович')).toHaveLength(2);
    const states = [...rows.all('consent').values()].map((consent) => consent.values.state);
    expect(states.filter((state) => state === 'awaited')).toHaveLength(1);
    expect(states.filter((state) => state === 'refused')).toHaveLength(1);
  });

  test('is allowed to whoever wrote it', () => {
    expect(log.forbidden).toEqual([]);
  });
});

test('a later start adds that day’s school and next week’s event, and changes nothing else', () => {
  const log = pushed();
  const before = new Map(log.all().map((record) => [`${record.e}/${record.k}`, record]));
  const later = addDays(today, 5);
  log.push(demoCalendar({ today: later, timeZone }).batches);
  const added = log.all().filter((record) => !before.has(`${record.e}/${record.k}`));
  const changed = log.all().filter((record) => before.get(`${record.e}/${record.k}`)?.seq !== record.seq);
  expect(changed).toHaveLength(added.length);
  expect(log.rows().byParent('attendance', schoolOf(later).sessions[0]?.id ?? '')).toHaveLength(18);
  expect(accepted(counted(log.rows(), runningProject))[0]).toBe('61/70');
});

test('a day of showing on which nobody wrote makes room', () => {
  const log = pushed();
  log.push(demoCalendar({ today: addDays(today, 5), timeZone, untouchedDays: [today] }).batches);
  expect(log.rows().get('event', schoolOf(today).id)).toBeUndefined();
  expect(log.rows().get('event', schoolOf(addDays(today, 5)).id)).toBeDefined();
});
