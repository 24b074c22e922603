import type { RecordRow, Values } from '#domain/records/registry.ts';
import {
  inTime,
  isWithin,
  type CountingIndex,
  type Evidence,
  type Occasion,
  type OccasionChange
} from './occasions.ts';
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
  readonly evidence: readonly Evidence[];
  /** How many of its rows are accepted, await review, and say that somebody was absent. */
  readonly accepted: number;
  readonly awaiting: number;
  readonly absent: number;
  /** Cannot count whatever its evidence: a municipal institution is no СО НКО. */
  readonly barred: ExcludedReason | undefined;
}

/** Participants without a name of one event, session by session: they cannot be told apart between sessions. */
export type NamelessSessions = ReadonlyMap<string, readonly Evidence[]>;

/** One indicator's rule applied to the records, before anything is summed. */
export interface Tally {
  readonly rule: IndicatorRule;
  readonly entries: Map<string, Entry>;
  /** By event or, outside events, by consultation. */
  readonly nameless: ReadonlyMap<string, { readonly counts: boolean; readonly sessions: NamelessSessions }>;
}

/** Applies a rule to the occasions of a project: who is spoken for, and by which rows. */
export function tallyRule(index: CountingIndex, rule: IndicatorRule, project: RecordRow<'project'>): Tally {
  const nothing: Tally = { rule, entries: new Map(), nameless: new Map() };
  const { tally } = retally(nothing, index, project, { gone: [], come: index.occasions });
  if (rule.count !== 'events') return tally;
  for (const id of index.records.all('event').keys()) {
    const event = index.identities.resolve(id);
    if (!tally.entries.has(event) && lacksSheet(index, rule, project, event))
      tally.entries.set(event, toEntry(event, [], 'no_sheet'));
  }
  return tally;
}

/**
 * A tally after some occasions have changed; by id what each entry was that is not the same any more. The new tally takes over
 * the entries of the given one, which is not to be read any more.
 */
export function retally(
  before: Tally,
  index: CountingIndex,
  project: RecordRow<'project'>,
  { gone, come }: OccasionChange
): { readonly tally: Tally; readonly touched: ReadonlyMap<string, Entry | undefined> } {
  const { rule } = before;
  const fits = createFitting(rule, project);
  const found = new Map<string, Evidence[]>();
  const add = (id: string, evidence: Evidence | undefined): void => {
    const listed = found.get(id) ?? [];
    if (evidence !== undefined) listed.push(evidence);
    found.set(id, listed);
  };
  const leaving = createSpeaker(index, rule, (id) => add(id, undefined));
  const coming = createSpeaker(index, rule, add);
  for (const occasion of gone) speak(occasion, rule, fits, leaving);
  for (const occasion of come) speak(occasion, rule, fits, coming);
  const nameless = namelessAfter(before, fits, { gone, come });
  const left = new Set(gone.map(({ id }) => id));
  const { entries } = before;
  const touched = new Map<string, Entry | undefined>();
  for (const [id, evidence] of found) {
    const was = entries.get(id);
    touched.set(id, was);
    const stays = was?.evidence.filter(({ occasion }) => !left.has(occasion)) ?? [];
    const all = stays.length === 0 ? evidence : [...stays, ...evidence].sort(inTimeOfOccasion);
    if (all.length > 0) entries.set(id, toEntry(id, all, bar(index, rule, id)));
    else if (lacksSheet(index, rule, project, id)) entries.set(id, toEntry(id, [], 'no_sheet'));
    else entries.delete(id);
  }
  return { tally: { rule, entries, nameless }, touched };
}

type Fitting = (occasion: Occasion) => 'no' | 'in_period' | 'out_of_period';

/** Whether an occasion is of the project and of what the rule counts from. */
function createFitting(rule: IndicatorRule, project: RecordRow<'project'>): Fitting {
  const from = later(project.values.from, rule.period?.from);
  const to = earlier(project.values.to, rule.period?.to);
  return (occasion) => {
    if (occasion.project !== project.id) return 'no';
    if (!rule.from.some((source) => isFrom(occasion, source))) return 'no';
    return isWithin(occasion.day, from, to) ? 'in_period' : 'out_of_period';
  };
}

function speak(occasion: Occasion, rule: IndicatorRule, fits: Fitting, speakFor: Speaker): void {
  const fit = fits(occasion);
  if (fit === 'no') return;
  const rows = rule.count === 'events' ? [...occasion.evidence, ...occasion.nameless] : occasion.evidence;
  for (const row of rows) speakFor(occasion, fit === 'in_period' ? row : outOfPeriod(row));
}

function namelessAfter(
  { rule, nameless }: Tally,
  fits: Fitting,
  { gone, come }: OccasionChange
): Tally['nameless'] {
  if (rule.count !== 'people') return nameless;
  const after = new Map(nameless);
  const put = (occasion: Occasion, rows: readonly Evidence[]): void => {
    const key = occasion.event ?? occasion.id;
    const listed = after.get(key);
    const sessions = new Map(listed?.sessions);
    if (rows.length > 0) sessions.set(occasion.id, rows);
    else sessions.delete(occasion.id);
    if (sessions.size === 0) after.delete(key);
    else after.set(key, { counts: listed?.counts ?? occasion.countNameless, sessions });
  };
  for (const occasion of gone) put(occasion, []);
  for (const occasion of come)
    if (occasion.nameless.length > 0 && fits(occasion) === 'in_period') put(occasion, occasion.nameless);
  return after;
}

function inTimeOfOccasion(left: Evidence, right: Evidence): number {
  return inTime({ day: left.day, id: left.occasion }, { day: right.day, id: right.occasion });
}

function toEntry(id: string, evidence: readonly Evidence[], barred: ExcludedReason | undefined): Entry {
  let [accepted, awaiting, absent] = [0, 0, 0];
  for (const { standing } of evidence) {
    if (standing === 'accepted') accepted += 1;
    else if (standing === 'awaiting') awaiting += 1;
    else if (standing === 'absent') absent += 1;
  }
  return { id, evidence, accepted, awaiting, absent, barred };
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
function lacksSheet(
  index: CountingIndex,
  rule: IndicatorRule,
  project: RecordRow<'project'>,
  id: string
): boolean {
  if (rule.count !== 'events') return false;
  return index.identities.cardsOf(id).some((card) => {
    const values = index.records.get('event', card)?.values;
    if (values?.state !== 'held' || values.project !== project.id) return false;
    return rule.from.some(
      (source) =>
        source.records === 'attendance' &&
        isOneOf(values.kind, source.eventKinds) &&
        (source.subjects === undefined ||
          source.subjects.some((subject) => values.subjects?.includes(subject)))
    );
  });
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
