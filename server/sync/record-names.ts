import {
  aloneTag,
  NamedIds,
  nameKey,
  recordsIn,
  streamOfType,
  tagOf,
  type Name,
  type Names
} from '#domain/sync/codec.ts';
import type { Stream } from '#domain/records/definition.ts';
import type { RecordState, SyncResponse } from '#domain/sync/protocol.ts';
import type { ReadSnapshot } from '#server/storage/server-storage.ts';

/** Ids of the records that a device names: what the operation at that seq changed; undefined where nothing fits. */
export async function idsOf(
  snapshot: ReadSnapshot,
  centre: string,
  names: readonly Name[]
): Promise<readonly (string | undefined)[]> {
  if (names.length === 0) return [];
  const changed = await snapshot.changedAt(
    centre,
    names.map((name) => name.seq)
  );
  const found = new NamedIds();
  for (const [seq, type, id] of changed) found.add(type, id, seq);
  return names.map((name) => found.idOf(name));
}

/** Names for the records in an answer's ids that the device has already received, up to its cursors. */
export async function namesFor(
  snapshot: ReadSnapshot,
  centre: string,
  answer: SyncResponse,
  cursors: Readonly<Record<string, number>>
): Promise<Names> {
  const rows = answer.kind === 'ok' ? answer.streams.flatMap((page) => page.rows) : [];
  return namesIn(snapshot, centre, rows, (stream) =>
    Object.hasOwn(cursors, stream) ? (cursors[stream] ?? 0) : 0
  );
}

/**
 * Names for the records in the ids of rows, of those that do not come with these rows themselves: records whose reader has
 * them in the state that stands now, with a seq up to that which it reaches in their stream.
 */
export async function namesIn(
  snapshot: ReadSnapshot,
  centre: string,
  rows: readonly RecordState[],
  reaches: (stream: Stream) => number
): Promise<Names> {
  const wanted = new Map<string, readonly [string, string]>();
  const given = new Set<string>();
  for (const row of rows) {
    given.add(row.k);
    for (const key of recordsIn(row.e, row.k)) if (key[1] !== row.k) wanted.set(key[1], key);
  }
  const keys = [...wanted.values()].filter(([, id]) => !given.has(id));
  // Most answers bring nothing.
  if (keys.length === 0) return new Map();
  const known = (await snapshot.seqsOf(centre, keys)).filter(([type, , seq]) => {
    const stream = streamOfType(type);
    return stream !== undefined && seq <= reaches(stream);
  });
  const seqs = known.map(([, , seq]) => seq);
  const alone = await snapshot.changedAlone(centre, seqs);
  const together = seqs.filter((seq) => !alone.has(seq));
  const changed = together.length === 0 ? [] : await snapshot.changedAt(centre, together);
  // Two that were changed together and have the same 12 bits nobody can tell apart.
  const meant = countEach(changed.map(([seq, type, id]) => nameKey({ type, seq, tag: tagOf(id) })));
  const names = new Map<string, Name>();
  for (const [type, id, seq] of known) {
    const name = { type, seq, tag: alone.has(seq) ? aloneTag : tagOf(id) };
    if ((meant.get(nameKey(name)) ?? 0) < 2) names.set(id, name);
  }
  return names;
}

function countEach(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
