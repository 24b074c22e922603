import { joinedGroups } from '#domain/indicators/identities.ts';
import type { ErasedRecord } from '#domain/records/destruction.ts';
import { definitionOf } from '#domain/records/registry.ts';
import { applyEnvelope, conflictId } from '#domain/sync/apply.ts';
import { hashesNamed } from '#domain/sync/attachment-names.ts';
import { isErasedMark } from '#domain/sync/erased-mark.ts';
import {
  concerns,
  erasedField,
  personalFields,
  withoutPersonal,
  withoutValues
} from '#domain/sync/erasure.ts';
import { plainValues, type StoredRecord } from '#domain/sync/merge.ts';
import type { Change } from '#domain/sync/operation.ts';
import type {
  CentreRow,
  ErasedRow,
  LogRow,
  ReadSnapshot,
  WriteTransaction
} from '#server/storage/server-storage.ts';
import { chainHash, emptied, makeSalts, toEnvelope } from './log-chain.ts';
import { RecordBatch } from './record-batch.ts';
import type { SyncDeps } from './sync-deps.ts';

/** Whose data are to be erased, and why it is asked for. */
export interface ErasureOrder {
  /** Ids of people's cards, and of other records whose words name a person. */
  readonly ids: readonly string[];
  /** Hashes of attachments that an earlier erasure deleted. */
  readonly attachments?: readonly string[];
  /** Decisions of the office that are carried out: ids of `erasure` records. Empty = what was erased before is erased again. */
  readonly decisions: readonly string[];
  /** Server clock, UTC ms. */
  readonly at: number;
  /** When it was erased first, where that is known. */
  readonly erasedAt?: ReadonlyMap<string, number>;
}

type ErasureDeps = Pick<SyncDeps, 'hashing' | 'random' | 'ledger'>;

/** The name under which the server's own rows stand in the log. */
const server = 'server';
const wholeHistory = 1_000_000_000;

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
  const emptiedLog = await emptyLog(tx, centre.id, scope, deps);
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
  applyEnvelope(toEnvelope(draft, seq), records, new Map());
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

interface Scope {
  /** Every id whose personal data go. */
  readonly ids: Set<string>;
  /** `type/id` → the record, there or only in operations that were held or refused. */
  readonly concerned: Map<string, readonly [type: string, id: string]>;
  /** Held and refused operations with something of it. */
  readonly problems: readonly StoredRecord[];
}

/** Follows the ids from record to record: a person's consultation, its confidential words, the remark about it. */
async function findConcerned(
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

function changesOf(problem: StoredRecord): readonly Change[] {
  const changes = problem.fields['changes']?.v;
  return Array.isArray(changes) ? (changes as readonly Change[]) : [];
}

/** Empties the log's rows, and deletes the attachments that are named no more. */
async function emptyLog(
  tx: WriteTransaction,
  centre: string,
  { concerned, ids }: Scope,
  { hashing }: ErasureDeps
): Promise<{ readonly deleted: readonly string[] }> {
  const rows = new Map<number, LogRow>();
  for (const [type, id] of concerned.values())
    for (const row of await tx.logOfRecord(centre, type, id, wholeHistory)) rows.set(row.seq, row);
  const changed: LogRow[] = [];
  for (const row of rows.values()) {
    const empty = row.outcome === 'refused' ? withoutValues : withoutPersonal;
    const changes = row.changes.map((change) =>
      concerned.has(`${change.e}/${change.k}`) ? empty(change) : change
    );
    if (changes.some((change, index) => change !== row.changes[index]))
      changed.push(emptied(row, changes, hashing));
  }
  const after = new Map(rows);
  for (const row of changed) after.set(row.seq, row);
  // Nobody knows what such an operation says; that it names the id is enough.
  for (const row of await tx.unreadableMentioning(centre, [...ids])) changed.push({ ...row, raw: null });

  const deleted: string[] = [];
  for (const key of concerned.values()) {
    const [type, id] = key;
    const isOf = (change: Change): boolean => change.e === type && change.k === id;
    const named = hashesIn([...rows.values()], isOf);
    const still = hashesIn([...after.values()], isOf);
    const gone = [...named].filter((hash) => !still.has(hash));
    await tx.forgetAttachmentNames(centre, key, gone);
    for (const hash of gone) if ((await tx.recordsNaming(centre, hash)).length === 0) deleted.push(hash);
  }
  await tx.removeAttachments(centre, deleted);
  for (const hash of deleted) await tx.removeUpload(centre, hash);
  await tx.emptyLog(centre, changed);
  return { deleted };
}

function hashesIn(rows: readonly LogRow[], isWanted: (change: Change) => boolean): ReadonlySet<string> {
  return new Set(rows.flatMap((row) => row.changes.filter(isWanted).flatMap(hashesNamed)));
}

/** The change of the server's row by which a record loses its personal values; none where that was done before. */
function eraseRecord(record: StoredRecord | undefined): readonly Change[] {
  if (record === undefined) return [];
  const names = personalFields(record.e, record.fields);
  if (names.length === 0 && record.fields[erasedField] !== undefined) return [];
  return [{ e: record.e, k: record.k, set: { [erasedField]: names }, base: 0 }];
}

/** Differences hold values: those about personal fields, and about a deletion, which hold all that was set. */
function conflictsOf(type: string, id: string): readonly (readonly [string, string])[] {
  const { contested = [], personal = [] } = definitionOf(type) ?? {};
  return [...contested.filter((field) => personal.includes(field)), 'deletedAt'].map(
    (field) => ['conflict', conflictId({ e: type, k: id }, field)] as const
  );
}

function closeConflicts(type: string, id: string, records: RecordBatch): readonly Change[] {
  return conflictsOf(type, id)
    .filter(([e, k]) => {
      const conflict = records.get(e, k);
      return conflict !== undefined && conflict.fields['deletedAt'] === undefined;
    })
    .map(([e, k]) => ({ e, k, set: { [erasedField]: ['values'] }, base: 0 }));
}

/** The copy of a held or refused operation that the office sees. */
function emptyProblem(problem: StoredRecord, { concerned }: Scope): readonly Change[] {
  const isRefused = problem.fields['outcome']?.v === 'refused';
  const names = changesOf(problem).flatMap(({ e, k, set }) =>
    concerned.has(`${e}/${k}`)
      ? (isRefused ? Object.keys(set) : personalFields(e, set))
          .filter((name) => !isErasedMark(set[name]))
          .map((name) => `${e}/${k}/${name}`)
      : []
  );
  return names.length === 0
    ? []
    : [{ e: 'problem', k: problem.k, set: { [erasedField]: [...new Set(names)] }, base: 0 }];
}

/** What was erased, record by record, for the act; by an earlier erasure too, where a restore has put the decision back. */
function reportOf(
  { decisions, at, erasedAt }: ErasureOrder,
  keys: readonly (readonly [string, string])[],
  records: RecordBatch,
  touched: readonly Change[],
  attachments: number,
  copies: number
): readonly Change[] {
  const now = new Map(touched.map(({ e, k, set }): [string, unknown] => [`${e}/${k}`, set[erasedField]]));
  const erased = keys.flatMap(([type, id]): readonly ErasedRecord[] => {
    const before = records.get(type, id)?.fields[erasedField]?.v;
    const names = [before, now.get(`${type}/${id}`)].flatMap((list): readonly unknown[] =>
      Array.isArray(list) ? list : []
    );
    const fields = [...new Set(names.filter((name) => typeof name === 'string'))].sort();
    return fields.length === 0 ? [] : [{ type, id, fields }];
  });
  return decisions.map((id) => {
    const known = records.get('destruction', id);
    const set = {
      at: erasedAt?.get(id) ?? at,
      records: erased,
      attachments: attachments + numberOf(known, 'attachments'),
      copies: copies + numberOf(known, 'copies')
    };
    return { e: 'destruction', k: id, set, base: 0 };
  });
}

function numberOf(record: StoredRecord | undefined, field: string): number {
  const value = record?.fields[field]?.v;
  return typeof value === 'number' ? value : 0;
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
  const stood = rows.filter(({ outcome }) => outcome === 'applied' || outcome === 'superseded');
  return [
    ...new Set(stood.flatMap(({ changes }) => changes.filter(({ e }) => e === 'erasure').map(({ k }) => k)))
  ];
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
