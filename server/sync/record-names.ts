import { aloneTag, recordsIn, streamOfType, tagOf, type Name, type Names } from '#domain/sync/codec.ts';
import type { SyncResponse } from '#domain/sync/protocol.ts';
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
  const found = new Map<string, string | undefined>();
  for (const [seq, type, id] of changed) {
    for (const tag of [tagOf(id), aloneTag]) {
      const key = keyOf({ type, seq, tag });
      found.set(key, found.has(key) && found.get(key) !== id ? undefined : id);
    }
  }
  return names.map((name) => found.get(keyOf(name)));
}

/**
 * Names for the records in an answer's ids that the device has already received in the state that stands now: with a seq
 * up to its cursor.
 */
export async function namesFor(
  snapshot: ReadSnapshot,
  centre: string,
  answer: SyncResponse,
  cursors: Readonly<Record<string, number>>
): Promise<Names> {
  const wanted = new Map<string, readonly [string, string]>();
  const given = new Set<string>();
  for (const { rows } of answer.kind === 'ok' ? answer.streams : []) {
    for (const row of rows) {
      given.add(row.k);
      for (const key of recordsIn(row.e, row.k)) if (key[1] !== row.k) wanted.set(key[1], key);
    }
  }
  const keys = [...wanted.values()].filter(([, id]) => !given.has(id));
  // Most answers bring nothing.
  if (keys.length === 0) return new Map();
  const known = (await snapshot.seqsOf(centre, keys)).filter(([type, , seq]) => {
    const stream = streamOfType(type);
    const cursor = stream !== undefined && Object.hasOwn(cursors, stream) ? (cursors[stream] ?? 0) : 0;
    return seq <= cursor;
  });
  const alone = await snapshot.changedAlone(
    centre,
    known.map(([, , seq]) => seq)
  );
  return new Map(
    known.map(([type, id, seq]) => [
      id,
      { type, seq, tag: alone.has(seq) ? aloneTag : tagOf(id) } satisfies Name
    ])
  );
}

function keyOf({ type, seq, tag }: Name): string {
  return `${type}/${seq}/${tag}`;
}
