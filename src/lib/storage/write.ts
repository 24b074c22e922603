import type { Change, Operation } from '#domain/sync/operation.ts';
import { schemaVersion } from '#domain/sync/operation.ts';
import type { RecordType, Values } from '#domain/records/registry.ts';
import { ledger, recordKey, type DeviceDatabase, type DeviceState } from './database.ts';
import { tickClock, type DeviceEnvironment } from './environment.ts';
import { displayedRow, layOver, redraw, unsettledOperations } from './overlay.ts';
import { open, seal } from './sealing.ts';

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
  readonly attachments?: readonly { sha256: string; mime: string; bytes: ArrayBuffer }[];
}

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
  return database.transaction('rw', tables, async () => {
    const state = await requireState(database);
    const clock = tickClock(state, environment);
    const n = state.nextN;
    const changes: Change[] = [];
    for (const change of request.changes) changes.push(await toChange(database, change, state.cuts ?? []));
    if (request.withOthers === true) changes.push(...(await othersOf(database, request)));
    const operation: Operation = {
      n,
      w: clock.lastWall,
      c: clock.clock,
      v: schemaVersion,
      by: request.by,
      ch: changes,
      ...(state.epoch === null ? {} : { ep: state.epoch }),
      ...(request.replaces === undefined ? {} : { replaces: [state.device, request.replaces] })
    };
    await database.outbox.add({
      n,
      w: operation.w,
      keys: [...new Set(changes.map((change) => recordKey(change.e, change.k)))],
      body: seal(operation)
    });
    for (const change of changes) await display(database, operation, change);
    if (request.replaces !== undefined) await closeAttention(database, request.replaces);
    await database.meta.put({ ...state, ...clock, nextN: n + 1 });
    await database.drafts.bulkDelete([...(request.endsDrafts ?? [])]);
    for (const attachment of request.attachments ?? []) {
      await database.attachments.put({ ...attachment, state: 'waiting', storedAt: clock.lastWall });
    }
    environment.fault?.('write.before_commit');
    return { n };
  });
}

/** «Отозвать» for what no later operation can undo: this device stops showing and asking. */
export async function forgetAttention(database: DeviceDatabase, n: number): Promise<void> {
  await database.transaction('rw', ledger(database), () => closeAttention(database, n));
}

/** The state row; a database without one was never enrolled, which is a bug of the caller. */
export async function requireState(database: DeviceDatabase): Promise<DeviceState> {
  const state = await database.meta.get('state');
  if (state === undefined) throw new Error('This local database has no identity yet');
  return state;
}

/**
 * Finds the base: the seq of the received state that was shown. When own unsettled operations cover a field being set,
 * the smallest base among those: what they had not seen, this one has not seen either.
 */
async function toChange(
  database: DeviceDatabase,
  change: AnyChange,
  cuts: readonly number[]
): Promise<Change> {
  const row = await database.records.get([change.type, change.id]);
  const set: Record<string, unknown> = { ...change.set };
  const key = recordKey(change.type, change.id);
  const own = await unsettledOperations(database, [key]);
  const bases = (own.get(key) ?? [])
    .flatMap((operation) => operation.ch)
    .filter((earlier) => earlier.e === change.type && earlier.k === change.id)
    .filter((earlier) => Object.keys(earlier.set).some((field) => field in set))
    .map((earlier) => earlier.base);
  const base = Math.min(shownSeq(change.shown, cuts) ?? row?.seq ?? 0, ...bases);
  return { e: change.type, k: change.id, set, base };
}

/** What was shown counts only as far as the history in which it was received is still the server's. */
function shownSeq(shown: number | ShownRow | undefined, cuts: readonly number[]): number | undefined {
  if (shown === undefined) return undefined;
  const { seq, era = 0 } = typeof shown === 'number' ? { seq: shown } : shown;
  return cuts.slice(era).some((cut) => seq > cut) ? 0 : seq;
}

/** What the replaced operation changed besides the records of this request. */
async function othersOf(database: DeviceDatabase, request: WriteRequest): Promise<readonly Change[]> {
  const entry = request.replaces === undefined ? undefined : await database.attention.get(request.replaces);
  if (entry === undefined) return [];
  const touched = new Set(request.changes.map((change) => recordKey(change.type, change.id)));
  return open(entry.body).ch.filter((change) => !touched.has(recordKey(change.e, change.k)));
}

async function display(database: DeviceDatabase, operation: Operation, change: Change): Promise<void> {
  const row = await database.records.get([change.e, change.k]);
  const confirmed = await database.confirmed.get([change.e, change.k]);
  if (confirmed === undefined) {
    await database.confirmed.put({ e: change.e, k: change.k, body: row === undefined ? null : row.body });
  }
  const shown = row === undefined ? undefined : open(row.body);
  const body = layOver(shown, [{ ...operation, ch: [change] }], change.e, change.k);
  if (body !== undefined) await database.records.put(displayedRow(change.e, change.k, body, row));
}

async function closeAttention(database: DeviceDatabase, n: number): Promise<void> {
  const entry = await database.attention.get(n);
  if (entry === undefined) return;
  await database.attention.put({ ...entry, state: 'closed' });
  await redraw(database, entry.keys);
}
