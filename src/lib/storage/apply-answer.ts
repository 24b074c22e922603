import { refusalReasons, type SyncResponse } from '#domain/sync/protocol.ts';
import { ledger, splitKey, type DeviceDatabase, type DeviceState, type ExchangeEntry } from './database.ts';
import type { DeviceEnvironment } from './environment.ts';
import { noteDelivered, noteEvent } from './journal.ts';
import { redraw, redrawInHand } from './overlay.ts';
import { freshStart, loseStream, receivePage } from './receive.ts';
import { receiveAhead } from './receive-ahead.ts';
import { toRecordRow } from './read.ts';
import { RowsInHand } from './rows-in-hand.ts';
import { settleAcknowledgements, settleOverlays } from './settle.ts';
import { stateOf } from './write.ts';

/** What was sent, as far as the answer must fit it. */
export interface SentRequest {
  readonly epoch: string | null;
  readonly device: string;
  readonly now: number;
  readonly clock: number;
  readonly head: DeviceState['head'];
}

/** What an answer did. `ignored` = another epoch, device or head is in force by now: nothing was touched. */
export interface Applied {
  readonly result: 'applied' | 'ignored';
  readonly settled: number;
  readonly refused: number;
  readonly received: number;
  /** Streams whose sum did not match and that start afresh. */
  readonly mismatches: readonly string[];
}

const nothing: Applied = { result: 'applied', settled: 0, refused: 0, received: 0, mismatches: [] };

/**
 * Applies one whole answer in ONE transaction: outcomes, pages, cursors and state commit together (I4, I6). An answer of
 * another epoch is ignored whole, and so is one that another exchange has overtaken: what it acknowledges is sent again and
 * known as repeats (I27).
 */
export async function applyAnswer(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  sent: SentRequest,
  answer: SyncResponse
): Promise<Applied> {
  // Rare, and larger than what a phone that came by a link needs else: asked for only now, before the transaction begins.
  const wiping = 'erased' in answer && answer.erased !== undefined ? await import('./wipe.ts') : undefined;
  const tables = [
    ...ledger(database),
    ...(wiping === undefined ? [] : [database.drafts, database.attachments])
  ];
  return database.writing(tables, async (present) => {
    const state = stateOf(present);
    if (state.epoch !== sent.epoch || state.device !== sent.device) return { ...nothing, result: 'ignored' };
    switch (answer.kind) {
      case 'ok':
        // Another exchange was answered meanwhile. Was the server put back between the two, only the head that came with
        // what is stored here can show it: it must not be replaced by one of another history.
        if (state.head?.[1] !== sent.head?.[1]) return { ...nothing, result: 'ignored' };
        return applyOk(database, environment, state, sent, answer, wiping?.wipe);
      case 'epoch_changed':
        await beginEpoch(
          database,
          noteEvent(state, 'restored', environment.now()),
          answer.epoch,
          answer.restoredTo
        );
        return nothing;
      case 'gap':
      case 'device_forked': {
        const hand = new RowsInHand(database);
        const outcome = await settleAcknowledgements(hand, environment, answer.acks, answer.now);
        await hand.write();
        await offerAgain(database, answer.from);
        await wiping?.wipe(database, answer.erased ?? []);
        const copy = answer.kind === 'gap' ? {} : { device: answer.newDevice, secret: answer.secret };
        const noted = noteEvent(state, answer.kind === 'gap' ? 'gap' : 'copied', environment.now());
        await database.meta.put({ ...noted, ...copy, expected: answer.from });
        return { ...nothing, ...outcome };
      }
      case 'sign_in':
        await database.meta.put({ ...state, signIn: answer.reason });
        return nothing;
      case 'slow_down':
      case 'upgrade':
      case 'bad_request':
      case 'unknown_names':
        return nothing;
    }
  });
}

async function applyOk(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  state: DeviceState,
  sent: SentRequest,
  answer: Extract<SyncResponse, { kind: 'ok' }>,
  wipe: ((database: DeviceDatabase, ids: readonly string[]) => Promise<void>) | undefined
): Promise<Applied> {
  const hand = new RowsInHand(database);
  const outcome = await settleAcknowledgements(hand, environment, answer.acks, answer.now);
  const mismatches: string[] = [];
  const stale = new Set<string>();
  let received = 0;
  const era = state.cuts?.length ?? 0;
  environment.fault?.('apply.before_pages');
  for (const page of answer.streams) {
    const taken = await receivePage(hand, page, answer.head[0], era, stale);
    if (taken === 'mismatch') mismatches.push(page.stream);
    if (taken !== 'dropped') received += page.rows.length;
  }
  for (const rows of answer.ahead ?? []) await receiveAhead(hand, rows, era, stale);
  for (const stream of answer.revoked) await loseStream(hand, stream);
  if (wipe !== undefined) {
    await hand.write();
    await wipe(database, answer.erased ?? []);
  }
  await closeReleased(hand, state, answer.now);
  await settleOverlays(
    hand,
    state,
    answer.streams.map(({ stream }) => stream),
    stale
  );
  await hand.write();
  environment.fault?.('apply.before_commit');
  const entry: ExchangeEntry = {
    at: environment.now(),
    sent: outcome.settled,
    received,
    refused: outcome.refused,
    result: 'delivered'
  };
  const next: DeviceState = { ...state };
  // What was sent is acknowledged even when nothing may be received any more.
  if (answer.signIn === undefined) delete next.signIn;
  else next.signIn = answer.signIn;
  delete next.expected;
  next.journal = [...noteDelivered(state.journal, entry)];
  await database.meta.put({
    ...(mismatches.length === 0 ? next : noteEvent(next, 'reloaded', environment.now())),
    epoch: answer.epoch,
    head: answer.head,
    durable: answer.durable,
    exchangedAt: environment.now(),
    serverNow: answer.now,
    offset: answer.now - sent.now,
    offsetClock: sent.clock
  });
  return { result: 'applied', ...outcome, received, mismatches };
}

/** A held operation that the office released or dismissed is no longer in attention; its record `problem` says so. */
async function closeReleased(hand: RowsInHand, state: DeviceState, serverNow: number): Promise<void> {
  const { database } = hand;
  const waiting = await database.attention.where('state').equals('open').toArray();
  for (const entry of waiting) {
    const [problem] = await hand.records.get([['problem', `${state.device}~${entry.n}`]]);
    if (problem === undefined) continue;
    const { state: decision, outcome, reason, detail, releasedSeq } = toRecordRow('problem', problem).values;
    if (decision === 'open' && outcome === 'refused' && entry.outcome === 'held') {
      // It was let in and could not stand any more: from now on it is a refused one.
      const why = refusalReasons.find((known) => known === reason) ?? 'invalid';
      await database.attention.put({ ...entry, outcome: 'refused', reason: why, detail: detail ?? '' });
      await redrawInHand(hand, entry.keys);
    }
    if (decision === undefined || decision === 'open') continue;
    await database.attention.put({ ...entry, state: 'closed' });
    if (decision === 'released') {
      const { n, w, keys, body } = entry;
      await database.retained.put({
        n,
        w,
        keys,
        body,
        seq: releasedSeq ?? problem.seq,
        outcome: 'applied',
        acknowledgedAt: serverNow,
        settled: 0
      });
    }
    await redrawInHand(hand, entry.keys);
  }
}

/**
 * The server's history was cut: everything retained is offered again, streams that had been received further start
 * afresh, and received seqs above the cut are forgotten, so that no later base trusts them (I22).
 */
async function beginEpoch(
  database: DeviceDatabase,
  state: DeviceState,
  epoch: string,
  restoredTo: number
): Promise<void> {
  await offerAgain(database, 1);
  for (const cursor of await database.cursors.toArray()) {
    if (cursor.cursor > restoredTo) await freshStart(database, { ...cursor, healedAt: 0 });
  }
  await database.records
    .where('seq')
    .above(restoredTo)
    .modify((row) => {
      row.seq = 0;
      row.mentions = {};
    });
  await database.meta.put({ ...state, epoch, head: null, cuts: [...(state.cuts ?? []), restoredTo] });
}

/** Puts everything from number `from` on that was settled back into the outbox. */
async function offerAgain(database: DeviceDatabase, from: number): Promise<void> {
  const [retained, attention] = await Promise.all([
    database.retained.where('n').aboveOrEqual(from).toArray(),
    database.attention.where('n').aboveOrEqual(from).toArray()
  ]);
  const rows = [...retained, ...attention].map(({ n, w, keys, body }) => ({ n, w, keys, body }));
  const keys = [...new Set(rows.flatMap((row) => row.keys))];
  await keepReceived(database, keys);
  await database.outbox.bulkPut(rows);
  await database.retained.bulkDelete(retained.map((row) => row.n));
  await database.attention.bulkDelete(attention.map((row) => row.n));
  await redraw(database, keys);
}

/** Before operations are laid over records again, the received states are copied aside. */
async function keepReceived(database: DeviceDatabase, keys: readonly string[]): Promise<void> {
  const ids = keys.map(splitKey);
  const [aside, rows] = await Promise.all([database.confirmed.bulkGet(ids), database.records.bulkGet(ids)]);
  const missing = ids.flatMap(([e, k], index) =>
    aside[index] === undefined ? [{ e, k, body: rows[index]?.body ?? null }] : []
  );
  await database.confirmed.bulkPut(missing);
}
