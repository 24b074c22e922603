import type { Values } from '#domain/records/registry.ts';
import type { DemoChange, DemoDevice, DemoOperation } from './batch.ts';
import { consentChanges } from './consents.ts';
import { office, tabletAnna, tabletIvan } from './crew.ts';
import { addDays, type Clock } from './days.ts';
import {
  closeChange,
  eventChanges,
  expectedChanges,
  planEvent,
  presentChange,
  reviewChange,
  stateChange
} from './events.ts';
import { people, personChange, personId, sameOnTwoTablets, series } from './people.ts';
import { runningProject } from './project-cards.ts';
import { settlementId } from './settlements.ts';
import type { Timeline } from './timeline.ts';

/** People whose cards were born on a tablet yesterday, not in the register before. */
export const bornYesterday: ReadonlySet<string> = new Set(sameOnTwoTablets.flat());

const morning = series('c', 16, 30);
const afternoon = series('c', 31, 43);

/**
 * Yesterday: two tablets filled one sheet without having seen each other, which left one conflict (Волдин Игорь) and
 * two people written twice; and one sheet was returned with a remark that nobody answered yet.
 */
export function holdYesterday(timeline: Timeline, clock: Clock, today: string): void {
  holdTrainersSchool(timeline, clock, today);
  holdReturnedMeeting(timeline, clock, today);
}

function holdTrainersSchool(timeline: Timeline, clock: Clock, today: string): void {
  const date = addDays(today, -1);
  const school = planEvent('next-trainer', date, {
    project: runningProject,
    title: 'Школа начинающего тренера социального проектирования',
    kind: 'seminar',
    subjects: ['trainer', 'project_design'],
    settlement: settlementId('oktyabrskoe'),
    venue: 'Ресурсный центр'
  });
  const session = school.sessions[0]?.id ?? '';
  timeline.exchange(office, clock(addDays(date, -14), '12:30'), [
    ...eventChanges(school),
    ...expectedChanges(session, [...morning, ...afternoon])
  ]);

  const [first, second] = [sameOnTwoTablets.map(([key]) => key), sameOnTwoTablets.map(([, key]) => key)];
  const by = (device: DemoDevice, w: number, changes: readonly DemoChange[]): DemoOperation => ({
    w,
    by: device.user,
    changes
  });
  const marks = (device: DemoDevice, keys: readonly string[], time: string): readonly DemoOperation[] =>
    keys.map((key, index) => {
      const w = clock(date, time) + index * 15_000;
      return by(device, w, [...newCard(key), { ...presentChange(session, key, w), sawAll: false }]);
    });

  const volodin = `${session}~${personId('c20')}`;
  const one = clock(date, '10:42');
  const two = clock(date, '12:10');
  const ivan = tabletIvan;
  timeline.push({
    device: ivan.id,
    role: ivan.role,
    user: ivan.user,
    at: clock(date, '17:20'),
    operations: [
      ...marks(
        ivan,
        morning.filter((key) => key !== 'c20'),
        '10:01'
      ),
      by(ivan, one, [{ e: 'attendance', k: volodin, set: { status: 'present', at: one }, sawAll: false }]),
      ...marks(ivan, first, '10:44')
    ]
  });
  const anna = tabletAnna;
  const closed = clock(date, '15:05');
  timeline.push({
    device: anna.id,
    role: anna.role,
    user: anna.user,
    at: clock(date, '17:45'),
    operations: [
      ...marks(anna, afternoon, '11:50'),
      by(anna, two, [{ e: 'attendance', k: volodin, set: { status: 'left_early', at: two }, sawAll: false }]),
      ...marks(anna, second, '12:15'),
      by(anna, closed, [
        closeChange(session, closed, morning.length + afternoon.length + first.length + second.length),
        stateChange(school.id, { state: 'held' })
      ])
    ]
  });
  const decided = clock(date, '20:20');
  timeline.exchange(office, decided, [reviewChange('sheet', session, 'accepted', decided)]);

  function newCard(key: string): readonly DemoChange[] {
    if (!bornYesterday.has(key)) return [];
    // Their names do not depend on the seed.
    const card = people('').filter((person) => person.key === key);
    return [...card.map(personChange), ...consentChanges(card, date, tabletAnna.user)];
  }
}

function holdReturnedMeeting(timeline: Timeline, clock: Clock, today: string): void {
  const date = addDays(today, -1);
  const meeting = planEvent('next-meeting', date, {
    project: runningProject,
    title: 'Встреча с активом посёлка',
    kind: 'meeting',
    subjects: ['volunteers'],
    settlement: settlementId('kamennoe'),
    venue: 'Клуб',
    start: '09:00',
    end: '10:30'
  });
  const session = meeting.sessions[0]?.id ?? '';
  const present = [...series('c', 19, 24), 'r1', 'r2'];
  timeline.exchange(office, clock(addDays(date, -10), '12:40'), [
    ...eventChanges(meeting),
    ...expectedChanges(session, present)
  ]);
  const w = clock(date, '10:40');
  timeline.exchange(tabletAnna, clock(date, '17:50'), [
    ...present.map((key) => presentChange(session, key, w)),
    closeChange(session, w, present.length, present.length + 1),
    stateChange(meeting.id, { state: 'held' })
  ]);
  const at = clock(date, '20:40');
  const text = 'На бумажном листе девять подписей, здесь отмечено восемь. Уточните, пожалуйста.';
  const remark: Values<'remark'> = {
    to: tabletAnna.user,
    targetType: 'sheet',
    target: session,
    text,
    from: office.user,
    at,
    done: false
  };
  timeline.exchange(office, at, [
    reviewChange('sheet', session, 'returned', at, text),
    { e: 'remark', k: 'remark-yesterday', set: remark }
  ]);
}
