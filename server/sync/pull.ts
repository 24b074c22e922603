import { toRecordState } from '#domain/sync/merge.ts';
import type { RecordsAhead, StreamPage } from '#domain/sync/protocol.ts';
import { recordsAhead } from './ahead.ts';
import { streamsFor, type Actor } from '#domain/sync/scope.ts';
import type { CentreRow, ReadSnapshot } from '#server/storage/server-storage.ts';

export interface PullInput {
  readonly actor: Actor;
  /** Stream → cursor. */
  readonly cursors: Readonly<Record<string, number>>;
  /** About how many bytes of rows the answer may carry. */
  readonly maxBytes: number;
  /** The sessions whose sheets go ahead of everything else to a device that has nothing yet. */
  readonly nextSessions: () => Promise<readonly string[]>;
}

export interface PullResult {
  readonly pages: readonly StreamPage[];
  readonly revoked: readonly string[];
  readonly ahead: readonly RecordsAhead[];
}

/**
 * What changed for an actor since its cursors, streams in order of need, from the snapshot that the caller's head comes
 * from. A page never splits a seq (T26); streams for which no room is left are named with `more`.
 */
export async function pull(snapshot: ReadSnapshot, centre: CentreRow, input: PullInput): Promise<PullResult> {
  const streams = streamsFor(input.actor);
  const pages: StreamPage[] = [];
  let room = input.maxBytes;
  for (const stream of streams) {
    const asked = Object.hasOwn(input.cursors, stream) ? (input.cursors[stream] ?? 0) : 0;
    const reset = asked > centre.seq;
    const from = reset ? 0 : asked;
    const start = { stream, from, ...(reset ? { reset } : {}) };
    if (room <= 0) {
      pages.push({ ...start, to: from, rows: [], gone: [], more: true });
      continue;
    }
    const page = await snapshot.streamRows(centre.id, stream, from, room);
    room -= page.bytes;
    // At a fresh start nobody holds what left before.
    const gone =
      from === 0
        ? []
        : page.gone.map(([type, id, seq]) => [type, id, seq] satisfies [string, string, number]);
    const rows = page.rows.map(toRecordState);
    if (page.more) pages.push({ ...start, to: page.to, rows, gone, more: true });
    else {
      const page = { ...start, to: centre.seq, rows, gone, more: false };
      // Whoever stands at the head got this very snapshot's sum with the page that brought it there.
      if (from === centre.seq && from > 0 && !reset) pages.push(page);
      else pages.push({ ...page, check: [...(await snapshot.streamSum(centre.id, stream))] });
    }
  }
  const isNew = streams.length > 1 && streams.every((stream) => (input.cursors[stream] ?? 0) === 0);
  // A small centre comes whole with this answer.
  const ahead =
    isNew && pages.some((page) => page.more)
      ? await recordsAhead(snapshot, centre.id, input.actor, await input.nextSessions())
      : [];
  return { pages, revoked: revokedStreams(input), ahead };
}

/** Streams that a device holds and its role may not read: it is told to drop them. */
export function revokedStreams({ actor, cursors }: Pick<PullInput, 'actor' | 'cursors'>): readonly string[] {
  const readable: ReadonlySet<string> = new Set<string>(streamsFor(actor));
  return Object.keys(cursors).filter((stream) => !readable.has(stream));
}
