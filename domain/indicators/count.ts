import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import { byId, joinedGroups } from './identities.ts';
import { createCountingIndex, readOccasions, type CountingIndex, type Evidence } from './occasions.ts';
import { holds, replaced } from './sorted.ts';
import { occasionsOf, type RecordKey } from './touched.ts';
import { parseIndicatorRule, type IndicatorRule } from './rule.ts';
import {
  retally,
  tallyRule,
  type Entry,
  type ExcludedReason,
  type NamelessSessions,
  type Tally
} from './tally.ts';

/** What is accepted, and how much more there would be if everything that awaits review were accepted. */
export interface AcceptedAndAwaiting {
  readonly accepted: number;
  readonly awaiting: number;
}

/** Someone or something found by the rule, with the rows that prove it, earliest first. */
export interface CountedEntity {
  readonly id: string;
  readonly evidence: readonly Evidence[];
}

export interface ExcludedEntity extends CountedEntity {
  readonly reason: ExcludedReason;
}

/** A group that has fewer different people than the rule asks for: «участников 4, нужно 5». */
export interface SmallGroup {
  readonly id: string;
  readonly people: AcceptedAndAwaiting;
  readonly minimum: number;
}

/** One indicator, counted. `accepted` is the number; everything else stands beside it and opens to its rows. */
export interface IndicatorCount extends AcceptedAndAwaiting {
  readonly indicator: string;
  readonly unit: IndicatorRule['count'];
  readonly target: number;
  /** Different from people: one person at three sessions is three. Nameless ones are in it. */
  readonly participations: AcceptedAndAwaiting;
  /** People without a name; in `accepted` and `awaiting` only as far as `counted` says. */
  readonly nameless: AcceptedAndAwaiting & { readonly counted: AcceptedAndAwaiting };
  /** Look-alike pairs among the accepted, and the number that would remain if all of them were merged. */
  readonly doubtful: { readonly pairs: number; readonly atLeast: number };
  readonly counted: readonly CountedEntity[];
  readonly waiting: readonly CountedEntity[];
  readonly excluded: readonly ExcludedEntity[];
  /** Found only as absent. */
  readonly absent: readonly CountedEntity[];
  readonly tooSmall: readonly SmallGroup[];
}

/** An indicator whose rule this program cannot read (a newer one, a broken one): shown as such, counts nothing. */
export interface UnreadableIndicator {
  readonly indicator: string;
  readonly message: string;
}

export interface ProjectCount {
  readonly project: string;
  readonly index: CountingIndex;
  /** In the indicators' order. */
  readonly counts: readonly IndicatorCount[];
  readonly unreadable: readonly UnreadableIndicator[];
  /** By indicator, for what a single item would give. */
  readonly tallies: ReadonlyMap<string, Tally>;
}

export interface CountOptions {
  /** Pairs of people that look alike and nobody decided about (`names/look-alikes.ts`). */
  readonly lookAlikes?: readonly (readonly [string, string])[];
  /** The index of the same records, when it was made already. */
  readonly index?: CountingIndex;
}

/** Counts the indicators of a project. The order of the records changes nothing. */
export function countIndicators(
  records: RecordSet,
  indicators: readonly RecordRow<'indicator'>[],
  project: RecordRow<'project'>,
  options: CountOptions = {}
): ProjectCount {
  const index = options.index ?? createCountingIndex(records);
  const counts: IndicatorCount[] = [];
  const unreadable: UnreadableIndicator[] = [];
  const tallies = new Map<string, Tally>();
  for (const indicator of indicators.toSorted(byOrder)) {
    const rule = parseIndicatorRule(indicator.values.rule);
    if (!rule.ok) {
      unreadable.push({ indicator: indicator.id, message: rule.error.message });
      continue;
    }
    const tally = tallyRule(index, rule.value, project);
    tallies.set(indicator.id, tally);
    const all = new Map([...tally.entries.keys()].map((id) => [id, undefined]));
    const nothing = countOfNothing(indicator, rule.value);
    counts.push(sumAgain(nothing, new Map(), tally, all, index, options.lookAlikes ?? []));
  }
  return { project: project.id, index, counts, unreadable, tallies };
}

/** Counts every project that has indicators; the records are read once. */
export function countProjects(
  records: RecordSet,
  options: Omit<CountOptions, 'index'> = {}
): readonly ProjectCount[] {
  const index = createCountingIndex(records);
  return [...records.all('project').values()]
    .toSorted((left, right) => byId(left.id, right.id))
    .map((project) =>
      countIndicators(records, records.byParent('indicator', project.id), project, { ...options, index })
    )
    .filter((count) => count.counts.length + count.unreadable.length > 0);
}

/**
 * The projects' counts after rows of these keys have changed in the records, the same as counted from the beginning. Marks,
 * sheets, notes, sessions and decisions touch only whom they speak for; where more may have changed, all is counted. What
 * was counted before is taken over and not to be read any more.
 */
export function countAgain(
  before: readonly ProjectCount[],
  records: RecordSet,
  changed: readonly RecordKey[],
  options: Omit<CountOptions, 'index'> = {}
): readonly ProjectCount[] {
  const index = before[0]?.index;
  const keys = index === undefined ? undefined : occasionsOf(changed, index);
  if (index === undefined || keys === undefined) return countProjects(records, options);
  const { index: after, change } = readOccasions({ ...index, records }, keys);
  return before.map((count) => {
    const project = records.get('project', count.project);
    if (project === undefined) return count;
    const tallies = new Map(count.tallies);
    const counts = count.counts.map((one) => {
      const was = count.tallies.get(one.indicator);
      if (was === undefined) return one;
      const { nameless } = was;
      const { tally, touched } = retally(was, after, project, change);
      tallies.set(one.indicator, tally);
      return sumAgain(one, nameless, tally, touched, after, options.lookAlikes ?? []);
    });
    return { ...count, index: after, counts, tallies };
  });
}

function countOfNothing(indicator: RecordRow<'indicator'>, rule: IndicatorRule): IndicatorCount {
  const none = { accepted: 0, awaiting: 0 };
  return {
    indicator: indicator.id,
    unit: rule.count,
    target: indicator.values.target ?? 0,
    ...none,
    participations: none,
    nameless: { ...none, counted: none },
    doubtful: { pairs: 0, atLeast: 0 },
    counted: [],
    waiting: [],
    excluded: [],
    absent: [],
    tooSmall: []
  };
}

/** A count after entries of its tally have changed; by id what they were, and who had no name before. */
function sumAgain(
  before: IndicatorCount,
  namelessBefore: Tally['nameless'],
  tally: Tally,
  touched: ReadonlyMap<string, Entry | undefined>,
  index: CountingIndex,
  lookAlikes: readonly (readonly [string, string])[]
): IndicatorCount {
  const come = {
    counted: new Array<CountedEntity>(),
    waiting: new Array<CountedEntity>(),
    excluded: new Array<ExcludedEntity>(),
    absent: new Array<CountedEntity>(),
    tooSmall: new Array<SmallGroup>()
  };
  const nameless = sumNameless(tally.nameless);
  const left = sumNameless(namelessBefore).participations;
  const participations = {
    accepted: before.participations.accepted + nameless.participations.accepted - left.accepted,
    awaiting: before.participations.awaiting + nameless.participations.awaiting - left.awaiting
  };
  const minimum = tally.rule.minimumPeople ?? 0;
  for (const [id, was] of touched) {
    if (was !== undefined && was.barred === undefined) {
      participations.accepted -= was.accepted;
      participations.awaiting -= was.awaiting;
    }
    const entry = tally.entries.get(id);
    if (entry === undefined) continue;
    const state = entryState(entry, minimum);
    if (state.type === 'excluded') come.excluded.push({ ...entry, reason: state.reason });
    else come[state.type].push(entry);
    if (entry.barred !== undefined) continue;
    if (minimum > 0 && state.type !== 'counted') {
      const people = { accepted: peopleOf(entry, isAccepted), awaiting: 0 };
      people.awaiting = peopleOf(entry, mayBeAccepted) - people.accepted;
      if (people.accepted + people.awaiting > 0) come.tooSmall.push({ id: entry.id, people, minimum });
    }
    participations.accepted += entry.accepted;
    participations.awaiting += entry.awaiting;
  }
  const gone = [...touched.keys()].map((id) => ({ id }));
  const listed = <One extends { readonly id: string }>(kept: readonly One[], more: readonly One[]) =>
    replaced<{ readonly id: string }, One>(kept, gone, more, inOrder);
  const counted = listed(before.counted, come.counted);
  const waiting = listed(before.waiting, come.waiting);
  const doubtful =
    tally.rule.count === 'people' ? pairsAmong(counted, lookAlikes, index) : { pairs: 0, fewer: 0 };
  const accepted = counted.length + nameless.counted.accepted;
  return {
    ...before,
    accepted,
    awaiting: waiting.length + nameless.counted.awaiting,
    participations,
    nameless: { accepted: nameless.accepted, awaiting: nameless.awaiting, counted: nameless.counted },
    doubtful: { pairs: doubtful.pairs, atLeast: accepted - doubtful.fewer },
    counted,
    waiting,
    excluded: listed(before.excluded, come.excluded),
    absent: listed(before.absent, come.absent),
    tooSmall: listed(before.tooSmall, come.tooSmall)
  };
}

type EntryState =
  | { readonly type: 'counted' | 'waiting' | 'absent' }
  | { readonly type: 'excluded'; readonly reason: ExcludedReason };

function entryState(entry: Entry, minimum: number): EntryState {
  if (entry.absent > 0 && entry.absent === entry.evidence.length) return { type: 'absent' };
  if (entry.barred !== undefined) return { type: 'excluded', reason: entry.barred };
  if (entry.accepted > 0 && isEnough(entry, minimum, isAccepted)) return { type: 'counted' };
  const relied = entry.accepted + entry.awaiting;
  if (relied > 0 && isEnough(entry, minimum, mayBeAccepted)) return { type: 'waiting' };
  if (relied > 0) return { type: 'excluded', reason: 'group_too_small' };
  const reason = reasonsInOrder.find((one) => entry.evidence.some((evidence) => evidence.standing === one));
  return reason === undefined ? { type: 'absent' } : { type: 'excluded', reason };
}

const reasonsInOrder = ['returned', 'not_counted', 'out_of_period', 'event_cancelled', 'no_day'] as const;

/** Whether the rows that a person may rely on are enough: one row, or so many different people. */
export function isEnough(entry: Entry, minimum: number, relies: (evidence: Evidence) => boolean): boolean {
  return minimum === 0 ? entry.evidence.some(relies) : peopleOf(entry, relies) >= minimum;
}

function peopleOf(entry: Entry, relies: (evidence: Evidence) => boolean): number {
  const people = new Set<string>();
  for (const evidence of entry.evidence) {
    if (evidence.person !== undefined && relies(evidence)) people.add(evidence.person);
  }
  return people.size;
}

export function isAccepted(evidence: Evidence): boolean {
  return evidence.standing === 'accepted';
}

function mayBeAccepted(evidence: Evidence): boolean {
  return evidence.standing === 'accepted' || evidence.standing === 'awaiting';
}

function sumNameless(
  found: Tally['nameless']
): IndicatorCount['nameless'] & { readonly participations: AcceptedAndAwaiting } {
  const participations = { accepted: 0, awaiting: 0 };
  const all = { accepted: 0, awaiting: 0 };
  const counted = { accepted: 0, awaiting: 0 };
  for (const { counts, sessions } of found.values()) {
    const accepted = mostAtOnce(sessions, isAccepted);
    const awaiting = mostAtOnce(sessions, mayBeAccepted) - accepted;
    for (const sum of counts ? [all, counted] : [all]) {
      sum.accepted += accepted;
      sum.awaiting += awaiting;
    }
    for (const evidence of [...sessions.values()].flat()) {
      if (evidence.standing === 'accepted') participations.accepted += 1;
      else if (evidence.standing === 'awaiting') participations.awaiting += 1;
    }
  }
  return { ...all, counted, participations };
}

/** The most nameless people at one session: the number that is certain, since nobody can tell them apart. */
export function mostAtOnce(sessions: NamelessSessions, relies: (evidence: Evidence) => boolean): number {
  let most = 0;
  for (const evidence of sessions.values()) most = Math.max(most, evidence.filter(relies).length);
  return most;
}

function pairsAmong(
  counted: readonly CountedEntity[],
  lookAlikes: readonly (readonly [string, string])[],
  index: CountingIndex
): { pairs: number; fewer: number } {
  const isCounted = (id: string): boolean => holds(counted, { id }, inOrder);
  const pairs = lookAlikes
    .map(([left, right]) => [index.identities.resolve(left), index.identities.resolve(right)] as const)
    .filter(([left, right]) => left !== right && isCounted(left) && isCounted(right));
  const groups = new Set(joinedGroups(pairs).values());
  return { pairs: pairs.length, fewer: [...groups].reduce((total, group) => total + group.length - 1, 0) };
}

function byOrder(left: RecordRow<'indicator'>, right: RecordRow<'indicator'>): number {
  return (left.values.order ?? 0) - (right.values.order ?? 0) || byId(left.id, right.id);
}

function inOrder(left: { readonly id: string }, right: { readonly id: string }): number {
  return byId(left.id, right.id);
}
