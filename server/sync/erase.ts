import { applyEnvelope } from '#domain/sync/apply.ts';
import type { Change } from '#domain/sync/operation.ts';
import type { CentreRow, ErasedRow, LogRow, WriteTransaction } from '#server/storage/server-storage.ts';
import {
  closeConflicts,
  conflictsOf,
  emptyProblem,
  eraseRecord,
  reportOf,
  type ErasureOrder
} from './erase-changes.ts';
import { emptyLog } from './erase-log.ts';
import { findConcerned } from './erase-scope.ts';
import { chainHash, makeSalts } from './log-chain.ts';
import { RecordBatch } from './record-batch.ts';
import type { SyncDeps } from './sync-deps.ts';

type ErasureDeps = Pick<SyncDeps, 'hashing' | 'random' | 'ledger'>;

/** The name under which the server's own rows stand in the log. */
const server = 'server';

/**
 * Takes somebody's data out of everything that the centre keeps, within the caller's transaction: records, the log's
 * payloads with their salts, differences, refused and held copies, attachments that nobody else names. What is left is
 * again the fold of the log, whose chain of hashes is whole. The ledger beside the database learns of it before the
 * commit: rather one id too many there, which then is erased at the next start, than one too few after a restore.
 */
export async function erase(
  tx: WriteTransaction,
  centre: CentreRow,
  order: ErasureOrder,
  deps: ErasureDeps
): Promise<Erased> {
  const scope = await findConcerned(tx, centre.id, order.ids);
  const emptiedLog = await emptyLog(tx, centre.id, scope, deps.hashing);
  const deleted = [...emptiedLog.deleted, ...(order.attachments ?? [])];

  const records = new RecordBatch();
  const keys = [...scope.concerned.values()];
  await records.load(tx, centre.id, [
    ...keys,
    ...keys.flatMap(([type, id]) => conflictsOf(type, id)),
    ...scope.problems.map(({ k }) => ['problem', k] as const),
    ...order.decisions.map((id) => ['destruction', id] as const)
  ]);
  const touched = keys.flatMap(([type, id]) => eraseRecord(records.get(type, id)));
  const closed = keys.flatMap(([type, id]) => closeConflicts(type, id, records));
  const copies = scope.problems.flatMap((problem) => emptyProblem(problem, scope));
  const report = reportOf(order, keys, records, touched, deleted.length, copies.length);
  const changes = [...touched, ...closed, ...copies, ...report];

  const seq = centre.seq + 1;
  const erased = [
    ...[...scope.ids].map((name) => ({ kind: 'id' as const, name })),
    ...deleted.map((name) => ({ kind: 'attachment' as const, name }))
  ].map((row): ErasedRow => ({ ...row, seq, at: order.erasedAt?.get(row.name) ?? order.at }));
  await tx.addErased(centre.id, erased);
  deps.ledger?.add(erased);

  // Also where nothing is left to erase, so that devices hear of the ids by the row's number.
  const draft = rowOf(changes, seq, order.at, deps);
  applyEnvelope(draft, records, new Map());
  records.keep();
  const row = { ...draft, hash: chainHash(centre.hash, draft, deps.hashing) };
  const next = { ...centre, seq, hash: row.hash, lastNow: Math.max(centre.lastNow, order.at) };
  await tx.appendLog(centre.id, [row]);
  await tx.putRecords(centre.id, records.changes());
  await tx.putCentre(next);
  return { centre: next, files: deleted };
}

export interface Erased {
  readonly centre: CentreRow;
  /** Attachments whose bytes may lie outside of the database: to be deleted after the commit. */
  readonly files: readonly string[];
}

function rowOf(changes: readonly Change[], seq: number, at: number, deps: ErasureDeps): Omit<LogRow, 'hash'> {
  return {
    seq,
    kind: 'erasure',
    device: server,
    n: seq,
    to: seq,
    by: server,
    corrected: at,
    suspect: false,
    outcome: 'applied',
    reason: null,
    detail: null,
    changes,
    salts: makeSalts(changes.length, deps.random),
    replaces: null,
    fingerprint: '',
    raw: null,
    receivedAt: at
  };
}

/** The decisions to erase among these rows that stand: ids of `erasure` records. */
export function decisionsIn(rows: readonly LogRow[]): readonly string[] {
  const decisions: string[] = [];
  for (const { outcome, changes } of rows)
    if (outcome === 'applied' || outcome === 'superseded')
      for (const { e, k } of changes) if (e === 'erasure' && !decisions.includes(k)) decisions.push(k);
  return decisions;
}

/** Carries out decisions of the office that have just been written. */
export async function carryOut(
  tx: WriteTransaction,
  centre: CentreRow,
  decisions: readonly string[],
  at: number,
  deps: ErasureDeps
): Promise<Erased> {
  const stored = await tx.records(
    centre.id,
    decisions.map((id) => ['erasure', id] as const)
  );
  const also = stored.flatMap(({ fields }) => {
    const ids = fields['also']?.v;
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  });
  const known = await tx.erasedAfter(centre.id, 0);
  const erasedAt = new Map(known.map(({ name, at: first }) => [name, first]));
  return erase(tx, centre, { ids: [...decisions, ...also], decisions, at, erasedAt }, deps);
}
