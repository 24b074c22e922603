import { Dexie, type DexieOptions, type EntityTable, type Table } from 'dexie';
import type { CourierKeys } from '#domain/sync/bundle.ts';
import type { Operation } from '#domain/sync/operation.ts';
import type { HoldReason, RefusalReason } from '#domain/sync/protocol.ts';
import { isNewerThan, NewerDatabaseError, presentProgram, type Program } from './program.ts';
import type { Sealed } from './sealing.ts';

/** The values of a record with the last author (user id) and time (UTC ms). */
export interface RecordBody {
  readonly by: string;
  readonly at: number;
  readonly f: Readonly<Record<string, unknown>>;
}

/** How a stream mentioned a record last: in which generation, at which seq, and whether it is part of the sum. */
export interface Mention {
  generation: number;
  seq: number;
  /** Deleted states are no part of the stream's count and sum. */
  counted: boolean;
}

/** A record as screens see it: the received state with this device's unsettled operations laid over it. */
export interface StoredRow {
  e: string;
  k: string;
  /** Parent id for the index; absent when the record has none. */
  p?: string;
  /** Seq of the received state; 0 = the server has not sent it. */
  seq: number;
  /** How many restores of the server this device had lived through when it received that state; absent = none. */
  era?: number;
  /** Streams that sent it, and how each mentioned it last. */
  streams: string[];
  mentions: Record<string, Mention>;
  body: Sealed<RecordBody>;
}

/** The received state of a record that has unsettled operations; `body` null = the server has not sent it. */
export interface ConfirmedRow {
  e: string;
  k: string;
  body: Sealed<RecordBody> | null;
}

export interface OutboxRow {
  n: number;
  w: number;
  /** `type/id` of every record it touches. */
  keys: string[];
  body: Sealed<Operation>;
}

export interface RetainedRow extends OutboxRow {
  seq: number;
  outcome: 'applied' | 'superseded' | 'lost';
  /** Server clock, UTC ms: the device's own may jump by years. */
  acknowledgedAt: number;
  /** 0 while the operation is still laid over its records (until the cursor of their stream reaches seq, I9). */
  settled: 0 | 1;
}

export interface AttentionRow extends OutboxRow {
  seq: number;
  outcome: 'held' | 'refused';
  reason: HoldReason | RefusalReason;
  detail: string;
  at: number;
  /** Closed = corrected, withdrawn, released or dismissed. */
  state: 'open' | 'closed';
}

export interface AttachmentRow {
  sha256: string;
  mime: string;
  /** Empty where a delivered picture made room for what is not delivered. */
  bytes: ArrayBuffer;
  state: AttachmentState;
  /** Device clock, UTC ms. */
  storedAt: number;
  /** A small picture of it, for lists. */
  thumbnail?: ArrayBuffer;
  /** The end of the log when it was delivered, as far as this device knew. */
  sentAt?: number;
  /** The last server time that this device knew then, UTC ms; absent = an older program noted it. */
  sentOn?: number;
  /** How many restores of the server this device had lived through then; absent = none. */
  sentEra?: number;
}

/**
 * `waiting` goes whole after the next exchange, `to_upload` in parts; `removed` = whoever took it took it away before it
 * was delivered.
 */
export type AttachmentState = 'waiting' | 'to_upload' | 'delivered' | 'refused' | 'removed';

export interface DraftRow {
  id: string;
  kind: string;
  updatedAt: number;
  body: Sealed<unknown>;
}

export interface CursorRow {
  stream: string;
  cursor: number;
  /** Grows with each fresh start. */
  generation: number;
  /** The last page of this generation has arrived at least once. */
  complete: boolean;
  /** Running count and sum of received, not deleted rows. */
  count: number;
  sum: number;
  /** A mismatch of the sum was answered by a fresh start at this head; not again before the head moves. */
  healedAt: number;
}

/** One row `state`: who this database is and where it stands. */
export interface DeviceState {
  key: 'state';
  device: string;
  secret: string;
  role: 'field' | 'coordinator' | 'administrator' | 'respondent';
  user: string;
  /** Name of the device («Планшет № 1»). */
  name: string;
  /** The link of a respondent's campaign. */
  link?: string;
  nextN: number;
  /** The oldest writer (see {@link Program}) that may write here; absent = any. */
  minWriter?: number;
  /** After a gap or a fork: the number that the server expects next; lower ones that are gone are declared as lost. */
  expected?: number;
  /** Clock period and the last readings of both clocks, ms. */
  clock: number;
  lastWall: number;
  lastMono: number;
  /** The page that read `lastMono`. */
  lastPage?: string;
  epoch: string | null;
  head: [number, string] | null;
  /** Each restore of the server that this device has lived through: the last seq that the histories share. */
  cuts?: readonly number[];
  /** Device clock of the last confirmed exchange; 0 = never. */
  exchangedAt: number;
  /** Server clock of the last exchange, UTC ms. */
  serverNow?: number;
  /** Server now − device now at the last exchange, ms. */
  offset: number;
  /** The clock period at the last exchange: {@link offset} was measured in it. */
  offsetClock?: number;
  /** The centre's public keys, for what is carried to it as a file. */
  courier?: CourierKeys;
  /** Everything up to this seq is in a backup of the server. */
  durable: number;
  /** Set when the server said so; unsent work stays. */
  signIn?: 'unknown' | 'revoked' | 'signed_out';
  /** What the last exchanges sent and received and which failed, newest first, for the exchange page. */
  journal: ExchangeEntry[];
}

/** Why an exchange delivered nothing: no answer at all, somebody else's answer, or the centre's own trouble or refusal. */
export type ExchangeFailure =
  'no_network' | 'foreign_answer' | 'unavailable' | 'slow_down' | 'sign_in' | 'upgrade' | 'refused';

/** What has happened to this device's history: the centre was put back, lacked operations, found a copy of this device, or its sums differed. */
export type HistoryEvent = 'restored' | 'gap' | 'copied' | 'reloaded';

/** One line of the journal, newest first in {@link DeviceState.journal}. */
export interface ExchangeEntry {
  /** Device clock, UTC ms; of several same failures in a row the last one's. */
  at: number;
  sent: number;
  received: number;
  refused: number;
  result: 'delivered' | 'failed';
  /** It went as a file; the centre's receipt came back. */
  byFile?: true;
  /** Of a failed one. */
  reason?: ExchangeFailure;
  /** Of a failed one: how many times in a row it failed so, and the first time (device clock, UTC ms). */
  times?: number;
  since?: number;
  /** Of a failed one: by which the centre's log tells of it. */
  id?: string;
  /** What the answer told instead of moving anything. */
  event?: HistoryEvent;
}

/** The local database of one principal on this device; one name a principal, so that three tabs can be three devices. */
export class DeviceDatabase extends Dexie {
  declare meta: EntityTable<DeviceState, 'key'>;
  declare records: Table<StoredRow, [string, string]>;
  declare confirmed: Table<ConfirmedRow, [string, string]>;
  declare outbox: EntityTable<OutboxRow, 'n'>;
  declare retained: EntityTable<RetainedRow, 'n'>;
  declare attention: EntityTable<AttentionRow, 'n'>;
  declare attachments: EntityTable<AttachmentRow, 'sha256'>;
  declare drafts: EntityTable<DraftRow, 'id'>;
  declare cursors: EntityTable<CursorRow, 'stream'>;

  readonly program: Program;

  constructor(name: string, options: DexieOptions = {}, program: Program = presentProgram) {
    // Strict: «сохранено» is shown on the transaction's complete, which must mean on the disk (I1).
    // The cache would show implicit writes before they commit.
    super(name, { chromeTransactionDurability: 'strict', cache: 'disabled', ...options });
    this.program = program;
    this.version(1).stores({
      meta: 'key',
      records: '[e+k], e, [e+p], seq, *streams',
      confirmed: '[e+k]',
      outbox: 'n, *keys',
      retained: 'n, *keys, settled, seq, acknowledgedAt',
      attention: 'n, *keys, state',
      attachments: 'sha256, state',
      drafts: 'id, kind',
      cursors: 'stream'
    });
  }

  /**
   * The only way to write here: one explicit transaction over these tables. Throws {@link NewerDatabaseError} where a newer
   * program has written, and leaves the mark that keeps older ones from writing what this one does (I29).
   */
  writing<Value>(
    tables: readonly Table[],
    body: (state: DeviceState | undefined) => Promise<Value>
  ): Promise<Value> {
    return this.readingAndWriting(tables, () => Promise.resolve(), body);
  }

  /**
   * {@link writing} that asks for what its body needs together with the state: on a slow tablet each answer that is waited
   * for by itself costs a tap some milliseconds.
   */
  readingAndWriting<Asked, Value>(
    tables: readonly Table[],
    ask: () => Promise<Asked>,
    body: (state: DeviceState | undefined, asked: Asked) => Promise<Value>
  ): Promise<Value> {
    const scope = tables.some(({ name }) => name === 'meta') ? [...tables] : [...tables, this.meta];
    return this.transaction('rw', scope, async () => {
      const [state, asked] = await Promise.all([this.meta.get('state'), ask()]);
      if (isNewerThan(this.program, state)) throw new NewerDatabaseError();
      const { minWriter } = this.program;
      if (state === undefined || (state.minWriter ?? 1) >= minWriter) return body(state, asked);
      const marked = { ...state, minWriter };
      await this.meta.put(marked);
      return body(marked, asked);
    });
  }
}

/** The tables that hold records and operations: every write and every answer is one transaction over them. */
export function ledger(database: DeviceDatabase) {
  return [
    database.meta,
    database.records,
    database.confirmed,
    database.outbox,
    database.retained,
    database.attention,
    database.cursors
  ];
}

/** `type/id`, how operations name the records they touch. */
export function recordKey(type: string, id: string): string {
  return `${type}/${id}`;
}

/** Type and id of a {@link recordKey}. */
export function splitKey(key: string): [type: string, id: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
