import {
  addModulo,
  checkPart,
  subtractModulo,
  type RecordState,
  type StreamPage
} from '#domain/sync/protocol.ts';
import { definitionOf } from '#domain/records/registry.ts';
import {
  recordKey,
  splitKey,
  type CursorRow,
  type DeviceDatabase,
  type Mention,
  type StoredRow
} from './database.ts';
import { displayedRow, redrawInHand } from './overlay.ts';
import type { RowsInHand } from './rows-in-hand.ts';
import { seal } from './sealing.ts';

/** What happened to a page: taken, dropped because the cursor had moved, or taken with a sum that does not match. */
export type PageOutcome = 'taken' | 'dropped' | 'mismatch';

/**
 * Stores one page: records and the cursor that covers them in the caller's transaction (I6). Pending operations never
 * block it (I8): where they exist, the received state goes to `confirmed` and they stay laid over it. The caller makes the
 * displayed rows of `stale` again, once for the whole answer.
 */
export async function receivePage(
  hand: RowsInHand,
  page: StreamPage,
  head: number,
  era: number,
  stale: Set<string>
): Promise<PageOutcome> {
  const { database } = hand;
  const stored = await database.cursors.get(page.stream);
  const previous = stored ?? blankCursor(page.stream);
  const reset = page.reset === true;
  if (!reset && page.from !== previous.cursor) return 'dropped';
  const cursor: CursorRow = reset
    ? { ...previous, generation: previous.generation + 1, count: 0, sum: 0, complete: false }
    : { ...previous };

  await storeStates(hand, page.stream, page.rows, era, stale, (state, row) => {
    takeFromSum(cursor, row);
    const counted = state.f['deletedAt'] === undefined;
    const mention: Mention = { generation: cursor.generation, seq: state.seq, counted };
    addToSum(cursor, state, mention);
    return mention;
  });
  for (const [type, id, seq] of page.gone) await leaveStream(hand, cursor, type, id, seq);

  cursor.cursor = page.to;
  if (!page.more) {
    if (!cursor.complete) await dropUnmentioned(hand, cursor);
    cursor.complete = true;
  }
  await database.cursors.put(cursor);
  const matches =
    page.check === undefined || (page.check[0] === cursor.count && page.check[1] === cursor.sum);
  if (matches || cursor.healedAt === head) return 'taken';
  // I12: healing is a fresh start of the stream and touches records and cursors only; once for each head (I26).
  await freshStart(database, { ...cursor, healedAt: head });
  return 'mismatch';
}

/**
 * Stores received states. Where own operations are unsettled, the state goes to `confirmed` and they stay laid over it.
 * `mentionOf` tells how the stream mentions a state whose row is not older.
 */
export async function storeStates(
  hand: RowsInHand,
  stream: string,
  states: readonly RecordState[],
  era: number,
  stale: Set<string>,
  mentionOf: (state: RecordState, row: StoredRow | undefined) => Mention
): Promise<void> {
  const keys = states.map((state): [string, string] => [state.e, state.k]);
  const [rows, confirmed] = await Promise.all([hand.records.get(keys), hand.confirmed.get(keys)]);
  const laidOver: string[] = [];
  for (const [index, key] of keys.entries()) {
    const state = states[index];
    if (state === undefined) continue;
    const row = rows[index];
    const newer = state.seq >= (row?.seq ?? 0);
    const received = newer ? toRow(state, row, era) : row;
    const mention = mentionOf(state, row);
    if (received === undefined) continue;
    const next: StoredRow = {
      ...received,
      streams: [...new Set([...received.streams, stream])],
      mentions: { ...received.mentions, [stream]: mention }
    };
    if (confirmed[index] === undefined) {
      hand.records.set(key, next);
      continue;
    }
    // The displayed body is made again later; here the row only learns what was received.
    hand.records.set(key, { ...next, body: row?.body ?? next.body });
    if (newer) hand.confirmed.set(key, { e: state.e, k: state.k, body: seal(bodyOf(state)) });
    laidOver.push(recordKey(...key));
  }
  for (const key of laidOver) stale.add(key);
  // Their own streams are told by their fields, by which overlays end: these rows are made again before that.
  await redrawInHand(
    hand,
    laidOver.filter((key) => streamsComeFromFields(splitKey(key)[0]))
  );
}

/** Begins a stream from 0: old rows stay on the screen until the load is complete, then those not mentioned go. */
export async function freshStart(database: DeviceDatabase, cursor: CursorRow): Promise<void> {
  await database.cursors.put({
    ...cursor,
    cursor: 0,
    generation: cursor.generation + 1,
    complete: false,
    count: 0,
    sum: 0
  });
}

/** Takes away what this device may no longer read; rows under unsettled operations stay. */
export async function loseStream(hand: RowsInHand, stream: string): Promise<void> {
  const { database } = hand;
  await hand.write();
  const cursor = (await database.cursors.get(stream)) ?? blankCursor(stream);
  const rows = await database.records.where('streams').equals(stream).toArray();
  for (const row of rows) await leaveStream(hand, cursor, row.e, row.k, row.seq);
  await database.cursors.delete(stream);
}

/** A definition that looks at the fields takes them. */
function streamsComeFromFields(type: string): boolean {
  return (definitionOf(type)?.streamsOf.length ?? 0) > 1;
}

function blankCursor(stream: string): CursorRow {
  return { stream, cursor: 0, generation: 1, complete: false, count: 0, sum: 0, healedAt: 0 };
}

function bodyOf(state: RecordState) {
  return { by: state.by, at: state.at, f: state.f };
}

function toRow(state: RecordState, previous: StoredRow | undefined, era: number): StoredRow {
  const row = { ...displayedRow(state.e, state.k, bodyOf(state), previous), seq: state.seq };
  return era === 0 ? row : { ...row, era };
}

function takeFromSum(cursor: CursorRow, row: StoredRow | undefined): void {
  const mention = row?.mentions[cursor.stream];
  if (row === undefined || mention === undefined) return;
  if (mention.generation !== cursor.generation || !mention.counted) return;
  cursor.count -= 1;
  cursor.sum = subtractModulo(cursor.sum, checkPart(row.e, row.k, mention.seq));
}

function addToSum(cursor: CursorRow, state: RecordState, mention: Mention): void {
  if (!mention.counted) return;
  cursor.count += 1;
  cursor.sum = addModulo(cursor.sum, checkPart(state.e, state.k, state.seq));
}

/** A record left a stream: its row goes only if no other stream holds it and nothing unsettled lies over it. */
async function leaveStream(
  hand: RowsInHand,
  cursor: CursorRow,
  type: string,
  id: string,
  seq: number
): Promise<void> {
  const key: [string, string] = [type, id];
  const [row] = await hand.records.get([key]);
  if (row === undefined || row.seq > seq) return;
  takeFromSum(cursor, row);
  const streams = row.streams.filter((stream) => stream !== cursor.stream);
  const mentions = { ...row.mentions };
  delete mentions[cursor.stream];
  if (streams.length > 0) {
    hand.records.set(key, { ...row, streams, mentions });
    return;
  }
  const [confirmed] = await hand.confirmed.get([key]);
  if (confirmed === undefined) {
    hand.records.set(key, undefined);
    return;
  }
  hand.confirmed.set(key, { ...confirmed, body: null });
  hand.records.set(key, { ...row, streams, mentions, seq: 0 });
  await redrawInHand(hand, [recordKey(type, id)]);
}

async function dropUnmentioned(hand: RowsInHand, cursor: CursorRow): Promise<void> {
  await hand.write();
  const rows = await hand.database.records.where('streams').equals(cursor.stream).toArray();
  for (const row of rows) {
    if (row.mentions[cursor.stream]?.generation === cursor.generation) continue;
    await leaveStream(hand, cursor, row.e, row.k, row.seq);
  }
}
