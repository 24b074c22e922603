import type { DemoChange } from './batch.ts';
import { eventChanges, expectedChanges, planEvent, type DemoEvent } from './events.ts';
import { series } from './people.ts';
import { runningProject } from './project-cards.ts';
import { settlementId } from './settlements.ts';
import { addDays } from './days.ts';

/** The eighteen who are expected today. Nobody of them is counted in the running project yet. */
export const expectedToday: readonly string[] = series('t', 1, 18);

/** Today's school in Шеркалы. Its ids carry the date, so that each day of showing has its own. */
export function schoolOf(day: string): DemoEvent {
  return planEvent(`school-${day}`, day, {
    project: runningProject,
    title: 'Школа социального проектирования для инициативных граждан',
    kind: 'seminar',
    subjects: ['project_design'],
    settlement: settlementId('sherkaly'),
    venue: 'Дом культуры',
    state: 'planned',
    plannedPeople: 18,
    facilitators: [
      { name: 'Раздольный Иван Игоревич', external: false },
      { name: 'Приглашённый специалист', external: true }
    ],
    // The next sittings are weeks away: on another day of showing they do not stand beside that day's own.
    days: [0, 14, 28]
  });
}

/** What comes a week after a day of showing: an empty sheet with twelve invited. */
export function nextWeekOf(day: string): DemoEvent {
  return planEvent(`week-${day}`, addDays(day, 7), {
    project: runningProject,
    title: 'Практическая работа: документы для заявки',
    kind: 'practical_work',
    subjects: ['project_design', 'accounting'],
    settlement: settlementId('karymkary'),
    venue: 'Дом культуры «Лесник»',
    state: 'planned',
    plannedPeople: 12,
    start: '11:00',
    end: '15:00'
  });
}

/** The calendar around a day of showing: today's school and next week's event with their lists. */
export function calendarChanges(day: string): readonly DemoChange[] {
  const school = schoolOf(day);
  const next = nextWeekOf(day);
  return [
    ...eventChanges(school),
    ...school.sessions.flatMap(({ id }) => expectedChanges(id, expectedToday)),
    ...eventChanges(next),
    ...expectedChanges(next.sessions[0]?.id ?? '', series('q', 1, 12))
  ];
}
