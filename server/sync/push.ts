import { idBytes, randomBytesToId } from '#domain/ids.ts';
import type { Exchange } from '#domain/sync/corrected-time.ts';
import type { Acknowledgement } from '#domain/sync/protocol.ts';
import type { Actor } from '#domain/sync/scope.ts';
import type { LogRow, WriteTransaction } from '#server/storage/server-storage.ts';
import { acknowledge, toRuns } from './acknowledgements.ts';
import { positionAt, prepareBench, progressOf, type Position } from './bench.ts';
import { carryOut, decisionsIn } from './erase.ts';
import { noteFound, strikeRepeat } from './erased-arrivals.ts';
import { toHex } from './hashing.ts';
import { readBatch, type Incoming } from './incoming.ts';
import { judgeIncoming } from './judge.ts';
import { isRepeat, presentOutcomes, type PresentOutcome } from './repeats.ts';
import type { SyncDeps } from './sync-deps.ts';

export interface PushInput {
  readonly ops: readonly unknown[];
  readonly actor: Actor;
  readonly exchange: Exchange;
  /** One savepoint an operation: after the database refused the whole batch. */
  readonly oneByOne: boolean;
  /** Whether a copy of the device's database is given an id of its own. */
  readonly mayFork: boolean;
}

export type PushEnd =
  | { readonly kind: 'all' }
  | { readonly kind: 'newer'; readonly n: number }
  | { readonly kind: 'gap'; readonly from: number }
  | { readonly kind: 'forked'; readonly from: number; readonly newDevice: string; readonly secret: string }
  /** Such a copy, where none is given. */
  | { readonly kind: 'copied'; readonly from: number };

export interface PushResult {
  readonly position: Position;
  readonly acks: readonly Acknowledgement[];
  readonly end: PushEnd;
  /** Attachments that were erased: their bytes go after the commit. */
  readonly files: readonly string[];
  /** Erased ids of which something came. */
  readonly struck: readonly string[];
  /** Whether somebody's data were erased. */
  readonly hasErased: boolean;
}

/**
 * Judges a batch inside the write transaction, in the order of numbers that the server expects. What it writes (log,
 * records, streams, sums, counter) commits together (I4); the caller writes the device of the result in the same
 * transaction.
 */
export async function push(
  tx: WriteTransaction,
  start: Position,
  input: PushInput,
  deps: SyncDeps
): Promise<PushResult> {
  const { centre } = start;
  const batch = readBatch(input.ops, start.device.lastN, centre.key, deps.hashing, deps.schema);
  const repeats = await presentOutcomes(tx, centre.id, start.device, batch);
  if (!input.oneByOne) return pushAll(tx, start, batch, repeats, input, deps, false);

  let position = start;
  const acks: Acknowledgement[] = [];
  const files: string[] = [];
  const struck: string[] = [];
  let hasErased = false;
  for (const incoming of batch) {
    const from = position;
    const attempt = (holdAll: boolean): Promise<PushResult> =>
      tx.savepoint(() => pushAll(tx, from, [incoming], repeats, input, deps, holdAll));
    const result = await attempt(false).catch((error: unknown) => {
      if (!deps.storage.isDatabaseError(error)) throw error;
      deps.report?.(error);
      return attempt(true);
    });
    position = result.position;
    acks.push(...result.acks);
    files.push(...result.files);
    struck.push(...result.struck);
    hasErased ||= result.hasErased;
    if (result.end.kind !== 'all')
      return { position, acks: toRuns(acks), end: result.end, files, struck, hasErased };
  }
  return { position, acks: toRuns(acks), end: { kind: 'all' }, files, struck, hasErased };
}

/** Judges a batch; one that decides to erase somebody ends a part, so that what follows is judged by what is left. */
async function pushAll(
  tx: WriteTransaction,
  start: Position,
  batch: readonly Incoming[],
  repeats: ReadonlyMap<number, PresentOutcome>,
  input: PushInput,
  deps: SyncDeps,
  holdAll: boolean
): Promise<PushResult> {
  let position = start;
  const acks: Acknowledgement[] = [];
  const files: string[] = [];
  const struck: string[] = [];
  let hasErased = false;
  for (let rest = batch; ;) {
    const part = await pushPart(tx, position, rest, repeats, input, deps, holdAll);
    acks.push(...part.acks);
    struck.push(...part.struck);
    position = part.position;
    if (part.decisions.length > 0) {
      const at = input.exchange.serverNow;
      const erased = await carryOut(tx, position.centre, part.decisions, at, deps);
      position = { ...position, centre: erased.centre };
      files.push(...erased.files);
      hasErased = true;
      deps.faults?.('push.erased');
    }
    rest = rest.slice(part.judged);
    if (part.end.kind !== 'all' || rest.length === 0)
      return { position, acks: toRuns(acks), end: part.end, files, struck, hasErased };
  }
}

/** What became of the first so many operations of a batch. */
interface Part extends Omit<PushResult, 'files' | 'hasErased'> {
  readonly judged: number;
  /** Decisions to erase among them, to be carried out before the next is judged. */
  readonly decisions: readonly string[];
}

async function pushPart(
  tx: WriteTransaction,
  start: Position,
  batch: readonly Incoming[],
  repeats: ReadonlyMap<number, PresentOutcome>,
  input: PushInput,
  deps: SyncDeps,
  holdAll: boolean
): Promise<Part> {
  const bench = await prepareBench(tx, start, batch, input, deps, holdAll);
  const known = new Set(bench.erased);
  const rows: LogRow[] = [];
  let decisions: readonly string[] = [];
  let judgedCount = 0;
  const acks: Acknowledgement[] = [];
  const judgedNow = new Map<number, LogRow>();
  let progress = progressOf(start);
  let end: PushEnd = { kind: 'all' };
  for (const incoming of batch) {
    judgedCount += 1;
    const expected = progress.lastN + 1;
    if (incoming.n > expected) {
      end = { kind: 'gap', from: expected };
      break;
    }
    if (incoming.n < expected) {
      const last =
        incoming.parsed.kind === 'lost' ? Math.min(incoming.parsed.lost.to, expected - 1) : incoming.n;
      const earlier = range(incoming.n, last).map((n) => repeated(judgedNow.get(n)) ?? repeats.get(n));
      const differs = earlier.some((row) => row === undefined || !isRepeat(incoming, row));
      if (differs) {
        end = input.mayFork
          ? await fork(tx, positionAt(start, progress), incoming.n, deps)
          : { kind: 'copied', from: incoming.n };
        break;
      }
      for (const row of earlier) if (row !== undefined) acks.push(row.acknowledgement);
      strikeRepeat(incoming, bench);
      if (incoming.parsed.kind !== 'lost' || incoming.parsed.lost.to < expected) continue;
    }
    if (incoming.parsed.kind === 'newer') {
      end = { kind: 'newer', n: incoming.n };
      break;
    }
    const next = incoming.n === expected ? incoming : { ...incoming, n: expected };
    const judged = judgeIncoming(next, progress, bench);
    progress = judged.progress;
    rows.push(...judged.rows);
    const own = judged.rows[0];
    if (own === undefined) continue;
    acks.push(acknowledge(own, own.n, own.to, false));
    judgedNow.set(own.n, own);
    decisions = decisionsIn(judged.rows);
    if (decisions.length > 0) break;
  }
  const position = positionAt(start, progress);
  if (rows.length > 0) {
    await tx.appendLog(start.centre.id, rows);
    await tx.putRecords(start.centre.id, bench.records.changes());
    await tx.putCentre(position.centre);
    await noteFound(tx, position.centre, known, bench, deps);
  }
  return { position, acks, end, judged: judgedCount, decisions, struck: [...bench.struck] };
}

/** An operation of this very batch that came twice in it. */
function repeated(row: LogRow | undefined): PresentOutcome | undefined {
  return row === undefined ? undefined : { row, acknowledgement: acknowledge(row, row.n, row.n, true) };
}

/** Another operation already stands at this number: the database was copied. The copy goes on under an id of its own. */
async function fork(
  tx: WriteTransaction,
  { centre, device }: Position,
  from: number,
  deps: SyncDeps
): Promise<PushEnd> {
  const newDevice = randomBytesToId(deps.random(idBytes));
  const secret = toHex(deps.random(32));
  await tx.putDevice(centre.id, {
    ...device,
    id: newDevice,
    secretHash: deps.hashing.sha256(secret),
    lastN: from - 1,
    parent: device.id,
    parentFrom: from,
    pending: 0,
    oldestPending: null,
    lost: 0
  });
  return { kind: 'forked', from, newDevice, secret };
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
