import { joinedGroups } from '#domain/indicators/identities.ts';
import { concerns } from '#domain/sync/erasure.ts';
import { plainValues, type StoredRecord } from '#domain/sync/merge.ts';
import type { Change } from '#domain/sync/operation.ts';
import type { ReadSnapshot } from '#server/storage/server-storage.ts';

/** What an erasure concerns. */
export interface Scope {
  /** Every id whose personal data go. */
  readonly ids: Set<string>;
  /** `type/id` → the record, there or only in operations that were held or refused. */
  readonly concerned: Map<string, readonly [type: string, id: string]>;
  /** Held and refused operations with something of it. */
  readonly problems: readonly StoredRecord[];
}

/** Follows the ids from record to record: a person's consultation, its confidential words, the remark about it. */
export async function findConcerned(
  snapshot: ReadSnapshot,
  centre: string,
  given: readonly string[]
): Promise<Scope> {
  const ids = new Set(await withMerged(snapshot, centre, given));
  const concerned = new Map<string, readonly [string, string]>();
  const problems = new Map<string, StoredRecord>();
  let fresh = [...ids];
  const look = (type: string, id: string, values: Readonly<Record<string, unknown>>): void => {
    if (!concerns(type, id, values, ids)) return;
    concerned.set(`${type}/${id}`, [type, id]);
    // An id that names its person needs no entry of its own.
    if (concerns(type, id, {}, ids)) return;
    ids.add(id);
    fresh.push(id);
  };
  while (fresh.length > 0) {
    const asked = fresh;
    fresh = [];
    for (const record of await snapshot.recordsMentioning(centre, asked)) {
      look(record.e, record.k, plainValues(record));
      if (record.e !== 'problem') continue;
      problems.set(record.k, record);
      for (const { e, k, set } of changesOf(record)) look(e, k, set);
    }
  }
  return { ids, concerned, problems: [...problems.values()] };
}

/** All cards of a person that was found twice and merged. */
async function withMerged(
  snapshot: ReadSnapshot,
  centre: string,
  ids: readonly string[]
): Promise<readonly string[]> {
  const pairs = (await snapshot.recordsOfType(centre, 'alias')).flatMap(({ k, fields }) => {
    const of = fields['of']?.v;
    return typeof of === 'string' ? [[k, of] as const] : [];
  });
  const groups = joinedGroups(pairs);
  return ids.flatMap((id) => groups.get(id) ?? [id]);
}

/** The changes of a held or refused operation. */
export function changesOf(problem: StoredRecord): readonly Change[] {
  const changes = problem.fields['changes']?.v;
  return Array.isArray(changes) ? (changes as readonly Change[]) : [];
}
