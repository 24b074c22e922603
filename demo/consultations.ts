import type { Values } from '#domain/records/registry.ts';
import type { DemoBatch, DemoChange, DemoDevice } from './batch.ts';
import { addDays, weekday, type Clock } from './days.ts';
import { reviewChange } from './events.ts';
import { organisationId } from './organisations.ts';
import { personId } from './people.ts';
import { settlementId } from './settlements.ts';
import type { Timeline } from './timeline.ts';
import { topicId, topicSubject, type TopicSection } from './topics.ts';
import { wordsOf } from './consultation-words.ts';

/** One consultation of the history. Exactly one of organisation, group and person says whom it was for. */
export interface PlannedConsultation {
  readonly key: string;
  readonly date: string;
  readonly by: DemoDevice;
  readonly project: string;
  readonly section: TopicSection;
  /** Which topic of the section, which words. */
  readonly turn: number;
  readonly people: readonly string[];
  readonly organisation?: string;
  readonly group?: string;
  readonly settlement: string;
  readonly phone: boolean;
  readonly state: 'accepted' | 'awaiting';
  readonly followUp?: { readonly text: string; readonly date: string; readonly done: boolean };
  readonly service?: NonNullable<Values<'consultation'>['service']>;
  readonly confidential?: true;
}

const otherChannels = ['in_person', 'in_person', 'messenger', 'trip', 'email', 'messenger'] as const;
const lengths = [15, 20, 30, 25, 45, 10, 60] as const;

/** Notes pushed in the evening of their day, week by week decided about. */
export function holdConsultations(
  timeline: Timeline,
  clock: Clock,
  planned: readonly PlannedConsultation[],
  lastReview: { readonly day: string; readonly office: DemoDevice }
): void {
  const decisions = new Map<string, string[]>();
  for (const consultation of planned) {
    timeline.push(noteBatch(consultation, clock));
    if (consultation.state === 'awaiting') continue;
    const friday = addDays(consultation.date, (11 - weekday(consultation.date)) % 7);
    const after = friday > consultation.date ? friday : addDays(consultation.date, 1);
    const day = after < lastReview.day ? after : lastReview.day;
    decisions.set(day, [...(decisions.get(day) ?? []), consultation.key]);
  }
  for (const [day, keys] of decisions) {
    const at = clock(day, '20:30');
    const changes = keys.map((key) => reviewChange('consultation', consultationId(key), 'accepted', at));
    timeline.exchange(lastReview.office, at, changes);
  }
}

function noteBatch(consultation: PlannedConsultation, clock: Clock): DemoBatch {
  const { id: device, role, user } = consultation.by;
  const w = clock(consultation.date, '18:40');
  const changes = noteChanges(consultation);
  return {
    device,
    role,
    user,
    at: clock(consultation.date, '19:10'),
    operations: [{ w, by: user, changes }]
  };
}

function noteChanges(consultation: PlannedConsultation): readonly DemoChange[] {
  const { key, service, group, organisation, people, section, turn, followUp } = consultation;
  const words = wordsOf(section, turn);
  const isHidden = consultation.confidential === true;
  const values: Values<'consultation'> = {
    kind: service === undefined ? 'consultation' : 'service',
    ...(service === undefined ? {} : { service }),
    project: consultation.project,
    ...(group === undefined ? {} : { group }),
    ...(organisation === undefined ? {} : { organisation: organisationId(organisation) }),
    ...(group === undefined && organisation === undefined ? { person: personId(people[0] ?? '') } : {}),
    people: people.map(personId),
    settlement: settlementId(consultation.settlement),
    date: consultation.date,
    minutes: service === undefined ? (lengths[turn % lengths.length] ?? 20) : 5,
    channel: consultation.phone ? 'phone' : (otherChannels[turn % otherChannels.length] ?? 'in_person'),
    author: consultation.by.user,
    ...(service === undefined
      ? { topics: [topicId(section, turn)], subjects: [topicSubject(section)], result: words.result }
      : {}),
    ...(service === undefined && !isHidden ? { request: words.request, advice: words.advice } : {}),
    ...(isHidden ? { confidential: true } : {}),
    ...(followUp === undefined
      ? {}
      : { followUp: followUp.text, followUpDate: followUp.date, followUpDone: followUp.done })
  };
  const note: DemoChange = { e: 'consultation', k: consultationId(key), set: values };
  if (!isHidden) return [note];
  const hidden: Values<'confidential_text'> = {
    author: consultation.by.user,
    request: 'В организации спор о подписи на финансовых документах, просят совета без огласки.',
    advice: 'Рассказали о порядке смены руководителя и о праве членов созвать внеочередное собрание.'
  };
  return [note, { e: 'confidential_text', k: consultationId(key), set: hidden }];
}

function consultationId(key: string): string {
  return `con-${key}`;
}
