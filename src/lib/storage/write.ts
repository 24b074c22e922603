import { maxChanges, type Change, type Operation } from '#domain/sync/operation.ts';
import { definitionOf, type RecordType, type Values } from '#domain/records/registry.ts';
import {
  ledger,
  recordKey,
  type AttachmentRow,
  type ConfirmedRow,
  type DeviceDatabase,
  type DeviceState,
  type OutboxRow,
  type StoredRow
} from './database.ts';
import { tickClock, type DeviceEnvironment } from './environment.ts';
import { displayedRow, layOver, redraw, unsettledOperations } from './overlay.ts';
import { open, seal } from './sealing.ts';
import { handOver } from './written-rows.ts';

/**
 * The received state that a form showed: its seq and the era in which it was received. A restore of the server gives
 * seqs above its cut to other states; a plain number, which cannot tell its era, counts only below every cut.
 */
export interface ShownRow {
  readonly seq: number;
  readonly era?: number;
}

/** One change of a record: only the fields that a person touched; `null` empties a field (I17). */
export type ChangeOf<Type extends RecordType> = {
  readonly type: Type;
  readonly id: string;
  readonly set: { readonly [Field in keyof Values<Type>]?: Exclude<Values<Type>[Field], undefined> | null };
  /** The row that a form showed when it was opened; a tap leaves it out and means the present row. */
  readonly shown?: number | ShownRow;
};
export type AnyChange = { [Type in RecordType]: ChangeOf<Type> }[RecordType];

export interface WriteRequest {
  /** The user who did it, enrolled on this device. */
  readonly by: string;
  /** 1–20 changes, applied together. */
  readonly changes: readonly AnyChange[];
  /** The refused or held operation of this device that this one corrects or withdraws. */
  readonly replaces?: number;
  /** The other changes of the replaced operation go with this one, so that correcting one record loses no other. */
  readonly withOthers?: boolean;
  /** Drafts that become this record: removed in the same transaction. */
  readonly endsDrafts?: readonly string[];
  /** Bytes that the operation names: stored in the same transaction. */
  readonly attachments?: readonly NewAttachment[];
}

export type NewAttachment = Pick<AttachmentRow, 'sha256' | 'mime' | 'bytes' | 'thumbnail'> & {
  readonly state: 'waiting' | 'to_upload';
};

export interface WriteReceipt {
  /** The operation's number on this device. */
  readonly n: number;
}

/**
 * The one way in which people's work is stored: operation, number, clock and displayed records in one strict
 * transaction (I1). Resolves on its `complete`; only then may a screen say «сохранено». Throws when storage fails, and
 * then nothing was stored.
 */
export async function write(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  request: WriteRequest
): Promise<WriteReceipt> {
  const tables = [...ledger(database), database.drafts, database.attachments];
  const ask = async (): Promise<{ readonly others: readonly Change[]; readonly known: Known }> => {
    const others = await othersOf(database, request);
    const asked = request.changes.map((change) => [change.type, change.id] as const);
    const beside = others.map((change) => [change.e, change.k] as const);
    return { others, known: await readKnown(database, [...asked, ...beside]) };
  };
  return database.readingAndWriting(tables, ask, async (present, { others, known }) => {
    const state = stateOf(present);
    const overtaken = await overtakenByForms(database, request, state.cuts ?? []);
    const n = state.nextN;
    const after = { ...state, ...tickClock(state, environment), nextN: n + 1 };
    const changes = [
      ...withBases(request.changes, known, overtaken, state.cuts ?? [], others.length),
      ...others
    ];
    const operation: Operation = {
      n,
      w: after.lastWall,
      c: after.clock,
      v: database.program.schema,
      by: request.by,
      ch: changes,
      ...(state.epoch === null ? {} : { ep: state.epoch }),
      ...(request.replaces === undefined ? {} : { replaces: [state.device, request.replaces] })
    };
    const waiting: OutboxRow = {
      n,
      w: operation.w,
      keys: [...new Set(changes.map((change) => recordKey(change.e, change.k)))],
      body: seal(operation)
    };
    const displayed = display(operation, known);
    // Asked all at once: on a slow tablet each answer that is waited for costs a tap some milliseconds.
    await Promise.all([
      database.outbox.add(waiting),
      database.confirmed.bulkPut(received(operation, known)),
      database.records.bulkPut([...displayed.values()]),
      database.meta.put(after),
      request.endsDrafts && database.drafts.bulkDelete([...request.endsDrafts]),
      ...(request.attachments ?? []).map((attachment) =>
        database.attachments.put({ ...attachment, storedAt: after.lastWall })
      )
    ]);
    if (request.replaces === undefined) handOver({ records: displayed, waiting, state: after });
    else await closeAttention(database, request.replaces);
    environment.fault?.('write.before_commit');
    return { n };
  });
}

/** «Отозвать» for what no later operation can undo: this device stops showing and asking. */
export async function forgetAttention(database: DeviceDatabase, n: number): Promise<void> {
  await database.writing(ledger(database), () => closeAttention(database, n));
}

/** The state row; a database without one was never enrolled, which is a bug of the caller. */
export async function requireState(database: DeviceDatabase): Promise<DeviceState> {
  return stateOf(await database.meta.get('state'));
}

export function stateOf(row: DeviceState | undefined): DeviceState {
  if (row === undefined) throw new Error('This local database has no identity yet');
  return row;
}

/** What the device holds of the records that an operation changes, by their keys (`type/id`). */
interface Known {
  readonly rows: ReadonlyMap<string, StoredRow>;
  /** Keys of records over which unsettled operations already lie. */
  readonly covered: ReadonlySet<string>;
  /** Those operations. */
  readonly own: ReadonlyMap<string, readonly Operation[]>;
}

async function readKnown(
  database: DeviceDatabase,
  records: readonly (readonly [type: string, id: string])[]
): Promise<Known> {
  const ids = records.map(([type, id]): [string, string] => [type, id]);
  const [rows, confirmed] = await Promise.all([
    database.records.bulkGet(ids),
    database.confirmed.bulkGet(ids)
  ]);
  const covered = new Set(confirmed.filter(isThere).map((row) => recordKey(row.e, row.k)));
  const own =
    covered.size === 0
      ? new Map<string, readonly Operation[]>()
      : await unsettledOperations(database, [...covered]);
  return {
    rows: new Map(rows.filter(isThere).map((row) => [recordKey(row.e, row.k), row])),
    covered,
    own
  };
}

function isThere<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

/**
 * Own operations that were judged only after a form had shown its record, by the record's key. They may have lain over what
 * the form says it showed, so it counts as they do while they wait.
 */
async function overtakenByForms(
  database: DeviceDatabase,
  { changes }: WriteRequest,
  cuts: readonly number[]
): Promise<ReadonlyMap<string, readonly Operation[]>> {
  const found = new Map<string, readonly Operation[]>();
  for (const { type, id, shown } of changes) {
    const seq = shownSeq(shown, cuts);
    if (seq === undefined) continue;
    const key = recordKey(type, id);
    const [retained, attention] = await Promise.all([
      database.retained.where('keys').equals(key).toArray(),
      database.attention.where('keys').equals(key).toArray()
    ]);
    const later = [...retained, ...attention].filter((row) => row.seq > seq);
    found.set(
      key,
      later.map((row) => open(row.body))
    );
  }
  return found;
}

/**
 * Gives each change the seq of the received state that was shown. A field that own unsettled operations cover has the
 * smallest base among those: what they had not seen, this one has not seen either. The other fields keep theirs in a
 * change of their own, or who saw their value would not override it (I16).
 */
function withBases(
  asked: readonly AnyChange[],
  known: Known,
  overtaken: ReadonlyMap<string, readonly Operation[]>,
  cuts: readonly number[],
  others: number
): readonly Change[] {
  const apart = asked.map((change) => byBase(change, known, overtaken, cuts));
  if (apart.flat().length + others <= maxChanges) return apart.flat();
  // Too many for one operation: one careful base a record. It can cost the coordinator a question, never a value.
  return apart.map((parts) => parts.reduce(joined));
}

function joined(left: Change, right: Change): Change {
  return { ...left, set: { ...left.set, ...right.set }, base: Math.min(left.base, right.base) };
}

/** One change for each base among the fields; a field that accompanies another goes with it. */
function byBase(
  { type, id, set, shown }: AnyChange,
  known: Known,
  overtaken: ReadonlyMap<string, readonly Operation[]>,
  cuts: readonly number[]
): readonly Change[] {
  const key = recordKey(type, id);
  const seen = shownSeq(shown, cuts) ?? known.rows.get(key)?.seq ?? 0;
  const earlier = [...(known.own.get(key) ?? []), ...(overtaken.get(key) ?? [])]
    .flatMap((operation) => operation.ch)
    .filter((change) => change.e === type && change.k === id);
  const asked: Record<string, unknown> = { ...set };
  if (earlier.length === 0) return [{ e: type, k: id, set: asked, base: seen }];
  const follows = definitionOf(type)?.follows ?? {};
  const leader = (field: string): string => follows[field] ?? field;
  const parts = new Map<number, Record<string, unknown>>();
  for (const [field, value] of Object.entries(asked)) {
    const under = earlier.filter((change) =>
      Object.keys(change.set).some((name) => name in asked && leader(name) === leader(field))
    );
    const base = Math.min(seen, ...under.map((change) => change.base));
    parts.set(base, { ...parts.get(base), [field]: value });
  }
  return [...parts].map(([base, fields]) => ({ e: type, k: id, set: fields, base }));
}

/** What was shown counts only as far as the history in which it was received is still the server's. */
function shownSeq(shown: number | ShownRow | undefined, cuts: readonly number[]): number | undefined {
  if (shown === undefined) return undefined;
  const { seq, era = 0 } = typeof shown === 'number' ? { seq: shown } : shown;
  return cuts.slice(era).some((cut) => seq > cut) ? 0 : seq;
}

/** What the replaced operation changed besides the records of this request. */
async function othersOf(database: DeviceDatabase, request: WriteRequest): Promise<readonly Change[]> {
  if (request.withOthers !== true || request.replaces === undefined) return [];
  const entry = await database.attention.get(request.replaces);
  if (entry === undefined) return [];
  const touched = new Set(request.changes.map((change) => recordKey(change.type, change.id)));
  return open(entry.body).ch.filter((change) => !touched.has(recordKey(change.e, change.k)));
}

/** The displayed rows with the operation laid over them, by their keys. */
function display(operation: Operation, known: Known): ReadonlyMap<string, StoredRow> {
  const rows = new Map<string, StoredRow>();
  for (const { e, k } of operation.ch) {
    const row = known.rows.get(recordKey(e, k));
    const body = layOver(row === undefined ? undefined : open(row.body), [operation], e, k);
    if (body !== undefined) rows.set(recordKey(e, k), displayedRow(e, k, body, row));
  }
  return rows;
}

/** The received states over which the operation is the first to lie: copied aside. */
function received(operation: Operation, known: Known): readonly ConfirmedRow[] {
  return operation.ch
    .filter(({ e, k }) => !known.covered.has(recordKey(e, k)))
    .map(({ e, k }) => ({ e, k, body: known.rows.get(recordKey(e, k))?.body ?? null }));
}

async function closeAttention(database: DeviceDatabase, n: number): Promise<void> {
  const entry = await database.attention.get(n);
  if (entry === undefined) return;
  await database.attention.put({ ...entry, state: 'closed' });
  await redraw(database, entry.keys);
}
