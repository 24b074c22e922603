import { isAccepted, isEnough, mostAtOnce, type ProjectCount } from './count.ts';
import type { Evidence } from './occasions.ts';
import type { Entry, Tally } from './tally.ts';

/** What one indicator would grow by. */
export interface Gain {
  readonly indicator: string;
  readonly value: number;
}

/** Answers for a session or a consultation: what accepting everything in it would give, indicator by indicator. */
export type GainFinder = (occasion: string) => readonly Gain[];

/**
 * The same as counting with and without the item, but only what it touches is looked at. Indicators that would gain
 * nothing are left out; the others keep their order.
 */
export function createGainFinder(project: ProjectCount): GainFinder {
  const touched = new Map([...project.tallies].map(([id, tally]) => [id, entriesByOccasion(tally)]));
  return (occasion) => {
    const gains: Gain[] = [];
    for (const [indicator, tally] of project.tallies) {
      const entries = touched.get(indicator)?.get(occasion) ?? [];
      const value = gainOf(tally, [...entries], occasion);
      if (value > 0) gains.push({ indicator, value });
    }
    return gains;
  };
}

/** Entries that a waiting row of an occasion speaks for. */
function entriesByOccasion(tally: Tally): ReadonlyMap<string, ReadonlySet<Entry>> {
  const touched = new Map<string, Set<Entry>>();
  for (const entry of tally.entries.values()) {
    if (entry.barred !== undefined || entry.awaiting === 0) continue;
    for (const evidence of entry.evidence) {
      if (evidence.standing !== 'awaiting') continue;
      const entries = touched.get(evidence.occasion);
      if (entries === undefined) touched.set(evidence.occasion, new Set([entry]));
      else entries.add(entry);
    }
  }
  return touched;
}

function gainOf(tally: Tally, entries: readonly Entry[], occasion: string): number {
  const minimum = tally.rule.minimumPeople ?? 0;
  const withIt = (evidence: Evidence): boolean =>
    isAccepted(evidence) || (evidence.standing === 'awaiting' && evidence.occasion === occasion);
  const added = entries.filter(
    (entry) => !isEnough(entry, minimum, isAccepted) && isEnough(entry, minimum, withIt)
  );
  let nameless = 0;
  for (const { counts, sessions } of tally.nameless.values()) {
    if (counts && sessions.has(occasion)) {
      nameless += mostAtOnce(sessions, withIt) - mostAtOnce(sessions, isAccepted);
    }
  }
  return added.length + nameless;
}
