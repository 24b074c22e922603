import { toRecordState } from '#domain/sync/merge.ts';
import type { RecordsAhead, StreamPage } from '#domain/sync/protocol.ts';
import { recordsAhead } from './ahead.ts';
import { streamsFor, type Actor } from '#domain/sync/scope.ts';
import type { CentreRow, ReadSnapshot } from '#server/storage/server-storage.ts';
import type { PagePart } from './page-in-parts.ts';
import type { PreparedStreams } from './prepared-streams.ts';

export interface PullInput {
  readonly actor: Actor;
  /** Stream → cursor. */
  readonly cursors: Readonly<Record<string, number>>;
  /** About how many bytes of rows the answer may carry. */
  readonly maxBytes: number;
  /** The sessions whose sheets go ahead of everything else to a device that has nothing yet. */
  readonly nextSessions: () => Promise<readonly string[]>;
  /** Large streams may be answered in parts from here. */
  readonly prepared?: PreparedStreams;
}

export interface PullResult {
  readonly pages: readonly StreamPage[];
  readonly revoked: readonly string[];
  readonly ahead: readonly RecordsAhead[];
  /** What belongs into pages and stands nowhere else, in the order of the streams. */
  readonly parts: readonly PagePart[];
}

/**
 * What changed for an actor since its cursors, streams in order of need, from the snapshot that the caller's head comes
 * from. A page never splits a seq (T26); streams for which no room is left are named with `more`.
 */
export async function pull(snapshot: ReadSnapshot, centre: CentreRow, input: PullInput): Promise<PullResult> {
  const streams = streamsFor(input.actor);
  const pages: StreamPage[] = [];
  const parts: PagePart[] = [];
  const reach = new Map<string, number>();
  let room = input.maxBytes;
  for (const stream of streams) {
    const cursor = Object.hasOwn(input.cursors, stream) ? (input.cursors[stream] ?? 0) : 0;
    const reset = cursor > centre.seq;
    const from = reset ? 0 : cursor;
    const start = { stream, from, ...(reset ? { reset } : {}) };
    if (room <= 0) {
      pages.push({ ...start, to: from, rows: [], gone: [], more: true });
      continue;
    }
    const asked = { stream, from, room, isFirst: room === input.maxBytes, reach };
    const prepared = await input.prepared?.page(snapshot, centre, asked);
    parts.push(...(prepared?.parts ?? []));
    const page = prepared ?? (await snapshot.streamRows(centre.id, stream, from, room));
    // What comes after it may lean on the whole of it.
    room = page.more ? 0 : room - page.bytes;
    if (!page.more) reach.set(stream, centre.seq);
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
  return { pages, revoked: revokedStreams(input), ahead, parts };
}

/** Streams that a device holds and its role may not read: it is told to drop them. */
export function revokedStreams({ actor, cursors }: Pick<PullInput, 'actor' | 'cursors'>): readonly string[] {
  const readable: ReadonlySet<string> = new Set<string>(streamsFor(actor));
  return Object.keys(cursors).filter((stream) => !readable.has(stream));
}
