import type { DemoDevice } from './batch.ts';
import { holdConsultations } from './consultations.ts';
import { office, tabletAnna, tabletIvan, tabletLyudmila } from './crew.ts';
import { addDays, monthStart, type Clock } from './days.ts';
import {
  closeChange,
  eventChanges,
  expectedChanges,
  planEvent,
  presentChange,
  reviewChange,
  stateChange,
  type DemoEvent
} from './events.ts';
import { groupChanges, mothers, shore, yard } from './groups.ts';
import { series } from './people.ts';
import { planChanges, runningProject, runningProjectChanges } from './project-cards.ts';
import { runningConsultations } from './running-consultations.ts';
import { runningPlan } from './running-plan.ts';
import { obstacleOf } from './season.ts';
import { settlementId } from './settlements.ts';
import type { Timeline } from './timeline.ts';
import { calendarChanges } from './today.ts';
import { holdYesterday } from './yesterday.ts';

/** The running project's first and last day: five months before today's month and half a year after. */
export function projectDates(today: string): { readonly from: string; readonly to: string } {
  return { from: monthStart(today, -5), to: addDays(monthStart(today, 7), -1) };
}

/** The continuation around today: indicators 61/70, 3/3, 6/7, 5/5, 2/3, 47/50, 2/3 accepted. */
export function holdRunningProject(timeline: Timeline, clock: Clock, today: string): void {
  const { from, to } = projectDates(today);
  const day = (days: number): string => addDays(today, days);
  timeline.exchange(office, clock(addDays(from, -20), '10:00'), [
    ...runningProjectChanges(from, to),
    ...[shore, mothers, yard].flatMap((group) => groupChanges(group, from)),
    ...planChanges(runningProject, runningPlan(from, today))
  ]);

  const place = (key: string, venue: string) => ({
    project: runningProject,
    settlement: settlementId(key),
    venue
  });
  hold(
    tabletIvan,
    planEvent('next-work', day(-40), {
      ...place('oktyabrskoe', 'Ресурсный центр'),
      title: 'Практическая работа с сотрудниками СО НКО',
      kind: 'practical_work',
      subjects: ['accounting']
    }),
    series('c', 1, 15),
    'accepted'
  );
  hold(
    tabletAnna,
    planEvent('next-fund', day(-7), {
      ...place('priobie', 'Библиотека «Подорожник»'),
      title: 'Начинающий фандрайзер',
      kind: 'seminar',
      subjects: ['fundraising']
    }),
    [...series('c', 1, 15), ...series('c', 30, 34)],
    'accepted'
  );
  hold(
    tabletIvan,
    planEvent('next-table', day(-3), {
      ...place('talinka', 'Дом культуры'),
      title: 'Круглый стол «Волонтёры в посёлке»',
      kind: 'meeting',
      subjects: ['volunteers'],
      // Two sittings: when one sheet is returned during the showing, the other still awaits review.
      days: [0, 1]
    }),
    series('c', 21, 29),
    'awaiting'
  );

  const frozen = planEvent('next-frost', day(-7), {
    ...place('karymkary', 'Дом культуры «Лесник»'),
    title: 'Практическая работа: документы для заявки',
    kind: 'practical_work',
    subjects: ['project_design', 'accounting'],
    plannedPeople: 12,
    state: 'planned'
  });
  timeline.exchange(office, clock(day(-30), '12:00'), eventChanges(frozen));
  const obstacle = obstacleOf(day(-7));
  timeline.exchange(tabletIvan, clock(day(-7), '08:10'), [
    stateChange(frozen.id, {
      state: 'cancelled',
      reason: obstacle.reason,
      reasonNote: obstacle.note,
      movedTo: day(7)
    })
  ]);
  holdSilentTrip();
  holdYesterday(timeline, clock, today);
  holdConsultations(timeline, clock, runningConsultations(today, from), { day: day(-1), office });
  timeline.exchange(office, clock(day(-1), '20:50'), calendarChanges(today));

  /** Planned at the office, marked and closed on a tablet the same day, decided about two days later. */
  function hold(
    tablet: DemoDevice,
    event: DemoEvent,
    present: readonly string[],
    review: 'accepted' | 'awaiting'
  ): void {
    const planned = addDays(event.values.from ?? today, -14);
    timeline.exchange(office, clock(planned, '11:30'), [
      ...eventChanges(event),
      ...event.sessions.flatMap(({ id }) => expectedChanges(id, present))
    ]);
    const { id: device, role, user } = tablet;
    for (const { id: session, date } of event.sessions) {
      const marks = present.map((key, index) => {
        const w = clock(date, '10:02') + index * 12_000;
        return { w, by: user, changes: [presentChange(session, key, w)] };
      });
      const w = clock(date, '14:20');
      const closing = [closeChange(session, w, present.length), stateChange(event.id, { state: 'held' })];
      const operations = [...marks, { w, by: user, changes: closing }];
      timeline.push({ device, role, user, at: clock(date, '17:40'), operations });
      if (review === 'awaiting') continue;
      const decided = clock(addDays(date, 2), '12:15');
      timeline.exchange(office, decided, [reviewChange('sheet', session, 'accepted', decided)]);
    }
  }

  /** Людмила held a trip in Перегрёбное; its sheet waits on her tablet, silent for five days. */
  function holdSilentTrip(): void {
    const trip = planEvent('next-trip', day(-6), {
      ...place('peregrebnoe', 'Клуб «Причал»'),
      title: 'Выездная приёмная: с чего начать доброе дело',
      kind: 'trip',
      subjects: ['other'],
      plannedPeople: 12
    });
    const session = trip.sessions[0]?.id ?? '';
    timeline.exchange(office, clock(day(-20), '11:30'), [
      ...eventChanges(trip),
      ...expectedChanges(session, series('k', 1, 12))
    ]);
    const { id: device, role, user } = tabletLyudmila;
    const w = clock(day(-6), '15:10');
    timeline.push({
      device,
      role,
      user,
      // Midnight: five days the whole day long, whether counted by the calendar or by hours.
      at: clock(day(-5), '00:00'),
      operations: [{ w, by: user, changes: [stateChange(trip.id, { state: 'held' })] }],
      waiting: { count: 12, oldest: w + 60_000 }
    });
  }
}
