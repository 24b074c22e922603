import { idBytes, joinIds, randomBytesToId } from '#domain/ids.ts';
import { recordsNamed, type Parent } from '#domain/sync/apply.ts';
import type { Exchange } from '#domain/sync/corrected-time.ts';
import type { Acknowledgement } from '#domain/sync/protocol.ts';
import type { Actor } from '#domain/sync/scope.ts';
import { isSameButErased, markedFields } from '#domain/sync/erasure.ts';
import type { CentreRow, LogRow, WriteTransaction } from '#server/storage/server-storage.ts';
import { acknowledge, toRuns } from './acknowledgements.ts';
import { carryOut, decisionsIn } from './erase.ts';
import { sameDigest, toHex } from './hashing.ts';
import { readBatch, type Incoming } from './incoming.ts';
import { judgeIncoming, releasesNamed, strikeRepeat, type Bench, type Position } from './judge.ts';
import { ancestorsOf, readLineage } from './lineage.ts';
import { RecordBatch } from './record-batch.ts';
import { aliasTargets } from './refusal.ts';
import { presentOutcomes, type PresentOutcome } from './repeats.ts';
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
    if (result.end.kind !== 'all') return { position, acks: toRuns(acks), end: result.end, files, struck };
  }
  return { position, acks: toRuns(acks), end: { kind: 'all' }, files, struck };
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
      deps.faults?.('push.erased');
    }
    rest = rest.slice(part.judged);
    if (part.end.kind !== 'all' || rest.length === 0)
      return { position, acks: toRuns(acks), end: part.end, files, struck };
  }
}

/** What became of the first so many operations of a batch. */
interface Part extends Omit<PushResult, 'files'> {
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
  const judgedNow = new Map<number, PresentOutcome>();
  let position = start;
  let end: PushEnd = { kind: 'all' };
  for (const incoming of batch) {
    judgedCount += 1;
    const expected = position.device.lastN + 1;
    if (incoming.n > expected) {
      end = { kind: 'gap', from: expected };
      break;
    }
    if (incoming.n < expected) {
      const last =
        incoming.parsed.kind === 'lost' ? Math.min(incoming.parsed.lost.to, expected - 1) : incoming.n;
      const earlier = range(incoming.n, last).map((n) => judgedNow.get(n) ?? repeats.get(n));
      const differs = earlier.some((row) => row === undefined || !isRepeat(incoming, row));
      if (differs) {
        end = input.mayFork
          ? await fork(tx, position, incoming.n, deps)
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
    const judged = judgeIncoming({ ...incoming, n: expected }, position, bench);
    position = judged.position;
    rows.push(...judged.rows);
    const own = judged.rows[0];
    if (own === undefined) continue;
    acks.push(acknowledge(own, own.n, own.to, false));
    const repeated = { row: own, acknowledgement: acknowledge(own, own.n, own.n, true) };
    judgedNow.set(own.n, repeated);
    decisions = decisionsIn(judged.rows);
    if (decisions.length > 0) break;
  }
  if (rows.length > 0) {
    await tx.appendLog(start.centre.id, rows);
    await tx.putRecords(start.centre.id, bench.records.changes());
    await tx.putCentre(position.centre);
    await noteFound(tx, position.centre, known, bench, deps);
  }
  return { position, acks, end, judged: judgedCount, decisions, struck: [...bench.struck] };
}

/** Records that came after an erasure and turned out to hold words of that person: a consultation written offline. */
async function noteFound(
  tx: WriteTransaction,
  centre: CentreRow,
  known: ReadonlySet<string>,
  { erased, exchange }: Bench,
  deps: SyncDeps
): Promise<void> {
  const found = [...erased].filter((id) => !known.has(id));
  if (found.length === 0) return;
  const rows = found.map((name) => ({ kind: 'id' as const, name, seq: centre.seq, at: exchange.serverNow }));
  await tx.addErased(centre.id, rows);
  deps.ledger?.add(rows);
}

/** A declared hole repeats whatever was judged at its numbers; anything else repeats only itself. */
function isRepeat(incoming: Incoming, row: PresentOutcome): boolean {
  const { row: earlier } = row;
  if (incoming.parsed.kind === 'lost' || sameDigest(incoming.fingerprint, earlier.fingerprint)) return true;
  // Erased on the one side and not yet, or not any more, on the other: told by what is left.
  if (incoming.parsed.kind !== 'operation' || incoming.parsed.operation.by !== earlier.by) return false;
  const { ch } = incoming.parsed.operation;
  const isErased = [...ch, ...earlier.changes].some((change) => markedFields(change).length > 0);
  return isErased && isSameButErased(ch, earlier.changes);
}

/** Reads at once everything that judging this batch may read or write. */
async function prepareBench(
  tx: WriteTransaction,
  { centre, device }: Position,
  batch: readonly Incoming[],
  input: PushInput,
  deps: SyncDeps,
  holdAll: boolean
): Promise<Bench> {
  const lineage = new Map<string, Parent>();
  await readLineage(tx, centre.id, device, lineage);
  const records = new RecordBatch();
  const erased = await tx.erasedAfter(centre.id, 0);
  const held = new Map<string, LogRow>();
  const keys: (readonly [string, string])[] = [];
  const targets: string[] = [];
  for (const { n, parsed } of batch) {
    const changes = parsed.kind === 'operation' ? parsed.operation.ch : [];
    const replaces = parsed.kind === 'operation' ? parsed.operation.replaces : undefined;
    keys.push(
      ...recordsNamed({ device: device.id, n, changes, ...(replaces === undefined ? {} : { replaces }) })
    );
    targets.push(...aliasTargets(changes));
    for (const [author, number] of releasesNamed(changes)) {
      const [row] = await tx.operationsOf(centre.id, author, number, number);
      if (row === undefined || row.outcome !== 'held') continue;
      held.set(joinIds(author, String(number)), row);
      keys.push(...recordsNamed({ device: author, n: number, changes: row.changes }));
      targets.push(...aliasTargets(row.changes));
      await readLineage(tx, centre.id, await tx.device(centre.id, author), lineage);
    }
  }
  // Where a hole was declared, the number that is judged is the next expected one.
  keys.push(['problem', joinIds(device.id, String(device.lastN + 1))]);
  await records.load(tx, centre.id, keys);
  await loadAliases(tx, centre.id, records, targets);
  return {
    deps,
    author: { actor: input.actor, ancestors: ancestorsOf(device.id, lineage) },
    epochs: await tx.epochs(centre.id),
    lineage,
    exchange: input.exchange,
    records,
    erased: new Set(erased.filter(({ kind }) => kind === 'id').map(({ name }) => name)),
    struck: new Set(),
    held,
    holdAll
  };
}

/** Reads the aliases that the named ones lead to, link by link. */
async function loadAliases(
  tx: WriteTransaction,
  centre: string,
  records: RecordBatch,
  targets: readonly string[]
): Promise<void> {
  const seen = new Set<string>();
  let next = [...new Set(targets)];
  while (next.length > 0) {
    next.forEach((id) => seen.add(id));
    await records.load(
      tx,
      centre,
      next.map((id) => ['alias', id] as const)
    );
    const further = next.map((id) => records.get('alias', id)?.fields['of']?.v);
    next = [...new Set(further.filter((id) => typeof id === 'string'))].filter((id) => !seen.has(id));
  }
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
