import { attendanceParts, isPresent } from '#domain/records/attendance.ts';
import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, Values } from '#domain/records/registry.ts';
import { marksOf, reviewOf, standingOf, type Standing } from '#domain/review/review-state.ts';
import { byId, createIdentities, type Identities } from './identities.ts';
import { replaced } from './sorted.ts';

/** Why a row does not count, beside what review says of it. */
export type EvidenceStanding = Standing | 'out_of_period' | 'event_cancelled' | 'no_day' | 'absent';

/** One row that speaks for somebody: a person at a session, or somebody at a consultation. */
export interface Evidence {
  readonly type: 'attendance' | 'consultation';
  /** Id of the row. */
  readonly row: string;
  /** Id of the session or the consultation. */
  readonly occasion: string;
  readonly event: string | undefined;
  /** Empty where nobody knows it: such a row is not counted. */
  readonly day: string;
  /** The standing card of the person; undefined = nobody is named. */
  readonly person: string | undefined;
  readonly standing: EvidenceStanding;
}

/** A session or a consultation with everything that its rows say, ready to be matched with rules. */
export interface Occasion {
  readonly type: 'attendance' | 'consultation';
  readonly id: string;
  /** The standing card of the event. */
  readonly event: string | undefined;
  /** Undefined = belongs to no project, or nobody can tell to which. */
  readonly project: string | undefined;
  readonly day: string;
  readonly eventKind: Values<'event'>['kind'];
  readonly consultationKind: 'consultation' | 'service';
  readonly subjects: ReadonlySet<string>;
  /** Whom a consultation was for, when it was not a person. */
  readonly organisation: string | undefined;
  readonly group: string | undefined;
  readonly evidence: readonly Evidence[];
  /** Participants without a name; their evidence names nobody. */
  readonly nameless: readonly Evidence[];
  /** The coordinator's decision: its nameless participants count toward a target. */
  readonly countNameless: boolean;
}

/** Everything that counting reads from the records, made in one pass and shared by all indicators. */
export interface CountingIndex {
  readonly records: RecordSet;
  readonly identities: Identities;
  /** By day, then by id. */
  readonly occasions: readonly Occasion[];
  readonly projectOf: ProjectFinder;
}

/**
 * Reads sessions with their marks and consultations once. What has no day or no event is in it all the same, as not
 * counted, so that nobody's work disappears silently.
 */
export function createCountingIndex(records: RecordSet): CountingIndex {
  const identities = createIdentities(records);
  const projectOf = createProjectFinder(records);
  const sessions = new Set(records.all('session').keys());
  for (const mark of records.all('attendance').keys()) sessions.add(attendanceParts(mark).session);
  const keys: OccasionKey[] = [];
  for (const id of sessions) keys.push({ type: 'attendance', id });
  for (const id of records.all('consultation').keys()) keys.push({ type: 'consultation', id });
  return readOccasions({ records, identities, projectOf, occasions: [] }, keys).index;
}

export type OccasionKey = Pick<Occasion, 'type' | 'id'>;

/** Occasions before and after a change. One that only changed is in both. */
export interface OccasionChange {
  readonly gone: readonly Occasion[];
  readonly come: readonly Occasion[];
}

/** The index with some occasions read again from its records: those that were in it go, those that there are now come. */
export function readOccasions(
  before: CountingIndex,
  keys: readonly OccasionKey[]
): { readonly index: CountingIndex; readonly change: OccasionChange } {
  const { records, identities, projectOf } = before;
  const again = new Set(keys.map(({ id }) => id));
  const gone = before.occasions.filter(({ id }) => again.has(id));
  const come = keys.flatMap(({ type, id }) => {
    const occasion =
      type === 'attendance'
        ? occasionOfSession(id, records, identities, projectOf)
        : occasionOfConsultation(id, records, identities, projectOf);
    return occasion === undefined ? [] : [occasion];
  });
  come.sort(inTime);
  const occasions = replaced(before.occasions, gone, come, inTime);
  return { index: { ...before, occasions }, change: { gone, come } };
}

/** Order of occasions and of the rows that speak in them. */
export function inTime(left: { readonly day: string; readonly id: string }, right: typeof left): number {
  return byId(left.day, right.day) || byId(left.id, right.id);
}

/** The project of what names one or none, on a day. */
export type ProjectFinder = (named: string | undefined, day: string) => string | undefined;

/** What names no project belongs to the only one whose dates hold the day; what has no day either, to the latest. */
function createProjectFinder(records: RecordSet): ProjectFinder {
  const projects = [...records.all('project').values()];
  const latest = projects.toSorted(
    (left, right) => byId(right.values.from ?? '', left.values.from ?? '') || byId(left.id, right.id)
  )[0];
  return (named, day) => {
    if (named !== undefined) return named;
    if (day === '') return latest?.id;
    const fitting = projects.filter((project) => isWithin(day, project.values.from, project.values.to));
    return fitting.length === 1 ? fitting[0]?.id : undefined;
  };
}

/** Whether a day lies between two days, both included; a missing bound is open. */
export function isWithin(day: string, from: string | undefined, to: string | undefined): boolean {
  return (from === undefined || day >= from) && (to === undefined || day <= to);
}

/** Marks of a session that is not there are an occasion too. */
function occasionOfSession(
  id: string,
  records: RecordSet,
  identities: Identities,
  projectOf: ProjectFinder
): Occasion | undefined {
  const session = records.get('session', id);
  if (session === undefined && records.byParent('attendance', id).length === 0) return undefined;
  const eventId = session?.values.event;
  const event = eventId === undefined ? undefined : records.get('event', eventId);
  const day = session?.values.date ?? event?.values.from ?? '';

  const review = reviewOf(records, 'sheet', id);
  const standingEvent = resolved(event?.id, identities);
  const named = new Map<string, Evidence>();
  const nameless: Evidence[] = [];
  for (const mark of marksOf(records, id)) {
    const { status } = mark.values;
    if (status === 'none') continue;
    const person =
      mark.values.nameless === true ? undefined : identities.resolve(mark.id.slice(mark.id.indexOf('~') + 1));
    const evidence: Evidence = {
      type: 'attendance',
      row: mark.id,
      occasion: id,
      event: standingEvent,
      day,
      person,
      standing: markStanding(event, day, isPresent(status), standingOf(mark, review))
    };
    if (person === undefined) nameless.push(evidence);
    else keepBetter(named, evidence, person);
  }
  return {
    type: 'attendance',
    id,
    event: standingEvent,
    project: projectOf(event?.values.project, day),
    day,
    eventKind: event?.values.kind,
    consultationKind: 'consultation',
    subjects: new Set(event?.values.subjects),
    organisation: undefined,
    group: undefined,
    evidence: [...named.values()].sort(byRow),
    nameless: nameless.sort(byRow),
    countNameless: countsNameless(standingEvent, records)
  };
}

function markStanding(
  event: RecordRow<'event'> | undefined,
  day: string,
  isThere: boolean,
  standing: Standing
): EvidenceStanding {
  if (!isThere) return 'absent';
  if (event === undefined || day === '') return 'no_day';
  return event.values.state === 'cancelled' ? 'event_cancelled' : standing;
}

function occasionOfConsultation(
  id: string,
  records: RecordSet,
  identities: Identities,
  projectOf: ProjectFinder
): Occasion | undefined {
  const consultation = records.get('consultation', id);
  if (consultation === undefined) return undefined;
  const { values } = consultation;
  const day = values.date ?? '';
  if (values.author === undefined) return undefined;

  const event = values.event === undefined ? undefined : records.get('event', values.event);
  const standingEvent = resolved(event?.id, identities);
  const standing =
    day === '' ? 'no_day' : standingOf(consultation, reviewOf(records, 'consultation', consultation.id));
  const evidence = {
    type: 'consultation',
    row: consultation.id,
    occasion: consultation.id,
    event: standingEvent,
    day,
    standing
  } as const;
  const named = new Set([...present(values.person), ...(values.people ?? [])].map(identities.resolve));
  return {
    type: 'consultation',
    id: consultation.id,
    event: standingEvent,
    project: projectOf(values.project ?? event?.values.project, day),
    day,
    eventKind: undefined,
    consultationKind: values.kind ?? 'consultation',
    subjects: consultationSubjects(values, records),
    organisation: resolved(values.organisation, identities),
    group: values.group,
    evidence:
      named.size === 0
        ? [{ ...evidence, person: undefined }]
        : [...named].map((person) => ({ ...evidence, person })),
    nameless: Array.from({ length: values.nameless ?? 0 }, () => ({ ...evidence, person: undefined })),
    countNameless: countsNameless(standingEvent, records)
  };
}

/** What the coordinator decided on the card that stands, so that merged events agree. */
function countsNameless(event: string | undefined, records: RecordSet): boolean {
  return event !== undefined && records.get('event', event)?.values.countNameless === true;
}

/** Its own subjects and those of its topics; a topic without a subject has its parent's. */
function consultationSubjects(values: Values<'consultation'>, records: RecordSet): ReadonlySet<string> {
  const found = new Set<string>(values.subjects);
  for (const id of values.topics ?? []) {
    let topic = records.get('topic', id);
    for (let depth = 0; topic !== undefined && depth < 8; depth++) {
      if (topic.values.subject !== undefined) {
        found.add(topic.values.subject);
        break;
      }
      topic = topic.values.parent === undefined ? undefined : records.get('topic', topic.values.parent);
    }
  }
  return found;
}

/** Two cards of one person at one session are one participation: the row that is worth more speaks. */
function keepBetter(named: Map<string, Evidence>, evidence: Evidence, person: string): void {
  const other = named.get(person);
  if (other === undefined || isBetter(evidence, other)) named.set(person, evidence);
}

function isBetter(one: Evidence, other: Evidence): boolean {
  const difference = worth[other.standing] - worth[one.standing];
  return difference < 0 || (difference === 0 && one.row < other.row);
}

const worth: Readonly<Record<EvidenceStanding, number>> = {
  accepted: 6,
  awaiting: 5,
  returned: 4,
  not_counted: 3,
  out_of_period: 2,
  event_cancelled: 1,
  no_day: 0.5,
  absent: 0
};

function byRow(left: Evidence, right: Evidence): number {
  return byId(left.row, right.row);
}

function resolved(id: string | undefined, identities: Identities): string | undefined {
  return id === undefined ? undefined : identities.resolve(id);
}

function present(id: string | undefined): readonly string[] {
  return id === undefined ? [] : [id];
}
