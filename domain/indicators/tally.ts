import type { RecordRow, Values } from '#domain/records/registry.ts';
import { isWithin, type CountingIndex, type Evidence, type Occasion } from './occasions.ts';
import type { IndicatorRule, RuleSource } from './rule.ts';

/** Why something that was found does not count. */
export type ExcludedReason =
  | 'returned'
  | 'not_counted'
  | 'out_of_period'
  | 'event_cancelled'
  | 'event_not_held'
  | 'no_sheet'
  | 'municipal'
  | 'not_ngo'
  | 'no_day'
  | 'incomplete'
  | 'group_too_small';

/** Everything that speaks for one person, organisation, group or event under one rule. */
export interface Entry {
  readonly id: string;
  readonly evidence: Evidence[];
  /** How many of its rows are accepted, await review, and say that somebody was absent. */
  accepted: number;
  awaiting: number;
  absent: number;
  /** Cannot count whatever its evidence: a municipal institution is no СО НКО. */
  readonly barred: ExcludedReason | undefined;
}

/** Participants without a name of one event, session by session: they cannot be told apart between sessions. */
export type NamelessSessions = Map<string, readonly Evidence[]>;

/** One indicator's rule applied to the records, before anything is summed. */
export interface Tally {
  readonly rule: IndicatorRule;
  readonly entries: ReadonlyMap<string, Entry>;
  /** By event or, outside events, by consultation. */
  readonly nameless: ReadonlyMap<string, { readonly counts: boolean; readonly sessions: NamelessSessions }>;
}

/** Applies a rule to the occasions of a project: who is spoken for, and by which rows. */
export function tallyRule(index: CountingIndex, rule: IndicatorRule, project: RecordRow<'project'>): Tally {
  const entries = new Map<string, Entry>();
  const nameless = new Map<string, { counts: boolean; sessions: NamelessSessions }>();
  const speakFor = createSpeaker(index, rule, (id, evidence) => addTo(entries, index, rule, id, evidence));
  const from = later(project.values.from, rule.period?.from);
  const to = earlier(project.values.to, rule.period?.to);

  for (const occasion of index.occasions) {
    if (occasion.project !== project.id) continue;
    if (!rule.from.some((source) => isFrom(occasion, source))) continue;
    const inPeriod = isWithin(occasion.day, from, to);
    for (const found of occasion.evidence) speakFor(occasion, inPeriod ? found : outOfPeriod(found));
    if (rule.count === 'events') {
      for (const found of occasion.nameless) speakFor(occasion, inPeriod ? found : outOfPeriod(found));
    }
    if (rule.count === 'people' && inPeriod && occasion.nameless.length > 0) {
      const key = occasion.event ?? occasion.id;
      const listed = nameless.get(key) ?? { counts: occasion.countNameless, sessions: new Map() };
      listed.sessions.set(occasion.id, occasion.nameless);
      nameless.set(key, listed);
    }
  }
  if (rule.count === 'events') addEventsWithoutSheet(index, rule, project, entries);
  return { rule, entries, nameless };
}

function addTo(
  entries: Map<string, Entry>,
  index: CountingIndex,
  rule: IndicatorRule,
  id: string,
  evidence: Evidence
): void {
  let entry = entries.get(id);
  if (entry === undefined) {
    entry = emptyEntry(id, bar(index, rule, id));
    entries.set(id, entry);
  }
  entry.evidence.push(evidence);
  if (evidence.standing === 'accepted') entry.accepted += 1;
  else if (evidence.standing === 'awaiting') entry.awaiting += 1;
  else if (evidence.standing === 'absent') entry.absent += 1;
}

function emptyEntry(id: string, barred: ExcludedReason | undefined): Entry {
  return { id, evidence: [], accepted: 0, awaiting: 0, absent: 0, barred };
}

function isFrom(occasion: Occasion, source: RuleSource): boolean {
  if (source.records !== occasion.type) return false;
  const { subjects } = source;
  if (subjects !== undefined && !subjects.some((subject) => occasion.subjects.has(subject))) return false;
  switch (source.records) {
    case 'attendance':
      return isOneOf(occasion.eventKind, source.eventKinds);
    case 'consultation':
      return isOneOf(occasion.consultationKind, source.kinds);
  }
}

function isOneOf(code: string | undefined, allowed: readonly string[] | undefined): boolean {
  return allowed === undefined || (code !== undefined && allowed.includes(code));
}

function outOfPeriod(evidence: Evidence): Evidence {
  return evidence.standing === 'absent' || evidence.standing === 'no_day'
    ? evidence
    : { ...evidence, standing: 'out_of_period' };
}

type Speaker = (occasion: Occasion, evidence: Evidence) => void;

/**
 * Adds a row to those whom it speaks for. An organisation is helped by a consultation that names it, or by a participant
 * who belongs to it; a consultation for a person does not speak for that person's organisation.
 */
function createSpeaker(
  index: CountingIndex,
  rule: IndicatorRule,
  add: (id: string, evidence: Evidence) => void
): Speaker {
  switch (rule.count) {
    case 'people':
      return (_occasion, evidence) => {
        if (evidence.person !== undefined) add(evidence.person, evidence);
      };
    case 'events':
      return (occasion, evidence) => {
        if (occasion.event !== undefined) add(occasion.event, evidence);
      };
    case 'organisations':
      return createBodySpeaker(index, 'organisation', add);
    case 'groups':
      return createBodySpeaker(index, 'group', add);
  }
}

function createBodySpeaker(
  index: CountingIndex,
  type: 'organisation' | 'group',
  add: (id: string, evidence: Evidence) => void
): Speaker {
  const known = new Map<string, readonly string[]>();
  const memberships = new Map<string, string[]>();
  for (const row of index.records.all('membership').values()) {
    const [body = '', person = ''] = row.id.split('~');
    if (row.values.active !== true || index.records.get(type, body) === undefined) continue;
    const listed = memberships.get(person);
    if (listed === undefined) memberships.set(person, [body]);
    else listed.push(body);
  }
  return (occasion, evidence) => {
    const named = occasion[type];
    if (named !== undefined) add(named, evidence);
    if (occasion.type === 'consultation' || evidence.person === undefined) return;
    let bodies = known.get(evidence.person);
    if (bodies === undefined) {
      bodies = ofPerson(evidence.person);
      known.set(evidence.person, bodies);
    }
    for (const body of bodies) add(body, evidence);
  };

  /** What stands on the person's card; without it, the memberships. Merged cards speak together. */
  function ofPerson(person: string): readonly string[] {
    const cards = index.identities.cardsOf(person);
    const standing = index.records.get('person', person)?.values[type];
    const written =
      standing ?? cards.map((card) => index.records.get('person', card)?.values[type]).find(isGiven);
    const found = written === undefined ? cards.flatMap((card) => memberships.get(card) ?? []) : [written];
    return [...new Set(found.map(index.identities.resolve))];
  }
}

function bar(index: CountingIndex, rule: IndicatorRule, id: string): ExcludedReason | undefined {
  switch (rule.count) {
    case 'people':
      return isCompletePerson(index, id) ? undefined : 'incomplete';
    case 'organisations': {
      const card = index.records.get('organisation', id);
      if (card?.values.name === undefined) return 'incomplete';
      const { kind } = card.values;
      if (rule.organisationKinds === undefined || isOneOf(kind, rule.organisationKinds)) return undefined;
      return kind === 'municipal' ? 'municipal' : 'not_ngo';
    }
    case 'groups':
      return index.records.get('group', id)?.values.name === undefined ? 'incomplete' : undefined;
    case 'events':
      return barOfEvent(index.records.get('event', id)?.values);
  }
}

function barOfEvent(event: Values<'event'> | undefined): ExcludedReason | undefined {
  if (event?.title === undefined) return 'incomplete';
  if (event.state === 'cancelled') return 'event_cancelled';
  return event.state === 'held' ? undefined : 'event_not_held';
}

/** Surname and first name are there or were erased, on the standing card or on one merged with it. */
function isCompletePerson(index: CountingIndex, id: string): boolean {
  return index.identities.cardsOf(id).some((card) => {
    const values = index.records.get('person', card)?.values;
    return (values?.surname !== undefined && values.name !== undefined) || values?.erased !== undefined;
  });
}

/** An event marked as held without a single mark is found by no row, and must be seen all the same. */
function addEventsWithoutSheet(
  index: CountingIndex,
  rule: IndicatorRule,
  project: RecordRow<'project'>,
  entries: Map<string, Entry>
): void {
  for (const event of index.records.all('event').values()) {
    const { values } = event;
    if (values.state !== 'held' || values.project !== project.id) continue;
    const id = index.identities.resolve(event.id);
    if (entries.has(id)) continue;
    const fits = rule.from.some(
      (source) =>
        source.records === 'attendance' &&
        isOneOf(values.kind, source.eventKinds) &&
        (source.subjects === undefined ||
          source.subjects.some((subject) => values.subjects?.includes(subject)))
    );
    if (fits) entries.set(id, emptyEntry(id, 'no_sheet'));
  }
}

function later(one: string | undefined, other: string | undefined): string | undefined {
  return one === undefined || (other !== undefined && other > one) ? other : one;
}

function earlier(one: string | undefined, other: string | undefined): string | undefined {
  return one === undefined || (other !== undefined && other < one) ? other : one;
}

function isGiven(id: string | undefined): id is string {
  return id !== undefined;
}
