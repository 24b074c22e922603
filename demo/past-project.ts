import type { DemoChange } from './batch.ts';
import { holdConsultations, type PlannedConsultation } from './consultations.ts';
import { office, tabletAnna, tabletIvan } from './crew.ts';
import { addDays, type Clock } from './days.ts';
import {
  closeChange,
  eventChanges,
  planEvent,
  presentChange,
  reviewChange,
  type DemoEvent
} from './events.ts';
import { groupChanges, light, memory, winter } from './groups.ts';
import { organisationPlace } from './organisations.ts';
import { series } from './people.ts';
import { closedProject, closedProjectChanges, planChanges } from './project-cards.ts';
import { settlementId } from './settlements.ts';
import type { Timeline } from './timeline.ts';
import type { TopicSection } from './topics.ts';

const school = 'Школа социального проектирования для инициативных граждан';
const trainers = 'Школа начинающего тренера социального проектирования';
/** The 53 who designed projects: 30 at the school, 25 at the trainers' school, two of them at both. */
const designers = [...series('c', 1, 25), ...series('o', 1, 28)];

/** The project of 2022–2023 as it went: figures of the card reached (74 people, 53, 3/7/5, 3 groups), people invented. */
export function holdPastProject(timeline: Timeline, clock: Clock): void {
  timeline.exchange(office, clock('2022-06-01', '10:00'), [
    ...closedProjectChanges(),
    ...[memory, winter, light].flatMap((group) => groupChanges(group, '2022-06-01')),
    ...planChanges(closedProject, [
      line('Серия из трёх обучающих семинаров', 2, '2022-09-01', '2023-03-31'),
      line('Практическая работа с сотрудниками СО НКО', 2, '2022-11-01', '2022-11-30'),
      line('Консультации по регистрации НКО для инициативных групп', 2, '2022-07-01', '2023-04-30')
    ])
  ]);
  const place = { project: closedProject, settlement: settlementId('oktyabrskoe'), venue: 'Ресурсный центр' };
  hold(
    timeline,
    clock,
    planEvent('old-fund', '2022-09-22', {
      ...place,
      title: 'Начинающий фандрайзер',
      kind: 'seminar',
      subjects: ['fundraising']
    }),
    [...series('c', 1, 15), ...series('o', 29, 34)]
  );
  hold(
    timeline,
    clock,
    planEvent('old-work', '2022-11-10', {
      ...place,
      title: 'Практическая работа с сотрудниками СО НКО',
      kind: 'practical_work',
      subjects: ['accounting']
    }),
    [...series('c', 1, 18), 'o1']
  );
  hold(
    timeline,
    clock,
    planEvent('old-school', '2022-12-08', {
      ...place,
      title: school,
      kind: 'seminar',
      subjects: ['project_design']
    }),
    designers.slice(0, 30)
  );
  hold(
    timeline,
    clock,
    planEvent('old-trainer', '2023-03-16', {
      ...place,
      title: trainers,
      kind: 'seminar',
      subjects: ['trainer', 'project_design']
    }),
    designers.slice(28)
  );
  holdConsultations(timeline, clock, pastConsultations(), { day: '2023-05-30', office });
}

function line(title: string, task: number, from: string, to: string) {
  return {
    title,
    task,
    from,
    to,
    state: 'done' as const,
    responsible: 'Лескова О. В.',
    expected: 'Как в карточке проекта'
  };
}

function hold(timeline: Timeline, clock: Clock, event: DemoEvent, present: readonly string[]): void {
  const day = event.values.from ?? '';
  timeline.exchange(office, clock(addDays(day, -20), '11:00'), eventChanges(event));
  for (const session of event.sessions) {
    const closed = clock(session.date, '15:00');
    const marks = present.map((key) => presentChange(session.id, key, clock(session.date, '10:05')));
    timeline.exchange(tabletAnna, clock(session.date, '18:00'), [
      ...marks,
      closeChange(session.id, closed, present.length),
      { e: 'event', k: event.id, set: { state: 'held' } } satisfies DemoChange
    ]);
    const decided = clock(addDays(session.date, 2), '12:00');
    timeline.exchange(office, decided, [reviewChange('sheet', session.id, 'accepted', decided)]);
  }
}

/** Eighteen: one with each group, one on governing with each of three organisations, twelve more. */
function pastConsultations(): readonly PlannedConsultation[] {
  const base = { project: closedProject, state: 'accepted' as const };
  const groups = [memory, winter, light].map((group, index) => ({
    ...base,
    key: `old-group${index + 1}`,
    date: addDays('2022-10-03', index * 40),
    by: tabletIvan,
    section: 'registration' as const,
    turn: index,
    people: group.members,
    group: group.id,
    settlement: ['bolshie-leushi', 'komsomolsky', 'kamennoe'][index] ?? 'oktyabrskoe',
    phone: false
  }));
  const sections: readonly TopicSection[] = ['management', 'reporting', 'changes', 'publicity', 'accounting'];
  const organisations = sections.flatMap((section, order) =>
    [1, 2, 3].map((number): PlannedConsultation => {
      const organisation = `n${number}`;
      return {
        ...base,
        key: `old-${section}${number}`,
        date: addDays('2022-07-12', order * 55 + number * 9),
        by: order % 2 === 0 ? tabletAnna : tabletIvan,
        section,
        turn: order + number,
        people: [`c${number * 3 - 1}`],
        organisation,
        settlement: organisationPlace(organisation),
        phone: order > 1
      };
    })
  );
  return [...groups, ...organisations];
}
