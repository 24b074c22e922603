import type { Role } from '#domain/records/definition.ts';
import type { Change } from '#domain/sync/operation.ts';
import type { StoredRecord } from '#domain/sync/merge.ts';
import type { DeviceHealth } from '#domain/sync/protocol.ts';

/** A tenant: one counter of operations, one history. */
export interface CentreRow {
  readonly id: string;
  /** Number of the last operation in the log; 0 = empty. */
  readonly seq: number;
  /** Hash of the log at `seq`, hex; empty for an empty log. */
  readonly hash: string;
  readonly epoch: string;
  /** Key of the fingerprints (HMAC-SHA-256), 32 bytes. */
  readonly key: Uint8Array;
  /** Server time of the last envelope, UTC ms: the server's now never goes below it. */
  readonly lastNow: number;
  /** Everything up to this seq is in a backup. */
  readonly durable: number;
}

/** One epoch of the server's history; a restore begins a new one. */
export interface EpochRow {
  readonly epoch: string;
  readonly firstSeq: number;
  /** Last seq that this epoch shares with the one before it. */
  readonly restoredTo: number;
}

/** One local database of one principal. Times are UTC ms of the server. */
export interface DeviceRow {
  readonly id: string;
  /** SHA-256 of the device's secret, hex. */
  readonly secretHash: string;
  readonly role: Role;
  /** User id; `link` for the device of a campaign's link. */
  readonly user: string;
  /** What people call it: «Планшет 3». */
  readonly name: string;
  readonly holderPhone: string | null;
  /** The survey whose link registered a respondent's device. */
  readonly campaign: string | null;
  readonly createdAt: number;
  readonly revokedAt: number | null;
  /** A role taken away: what was written before `roleChangedAt` under it is held, not refused. */
  readonly formerRole: Role | null;
  readonly roleChangedAt: number | null;
  /** The last judged number; the next expected one is this + 1. */
  readonly lastN: number;
  /** Server now − client now at the last exchange; null before the first. */
  readonly offsetMs: number | null;
  readonly goodExchangeAt: number;
  readonly previousCorrected: number;
  /** A fork's origin: numbers below `parentFrom` of `parent` are its own. */
  readonly parent: string | null;
  readonly parentFrom: number | null;
  readonly lastExchangeAt: number | null;
  /** The last log head of this device that was found in the log: [seq, hash]. */
  readonly headSeq: number;
  readonly pending: number;
  /** Device wall clock of its oldest waiting operation. */
  readonly oldestPending: number | null;
  /** Numbers it declared lost. */
  readonly lost: number;
  readonly build: string | null;
  readonly health: DeviceHealth | null;
}

export type LoggedOutcome = 'applied' | 'superseded' | 'held' | 'refused' | 'lost';

/**
 * One row of the append-only log. `release` = a held operation judged again when the coordinator let it in; `erasure` = the
 * server's own row that takes somebody's data out of the records.
 */
export interface LogRow {
  readonly seq: number;
  readonly kind: 'operation' | 'release' | 'erasure';
  readonly device: string;
  readonly n: number;
  /** Last number of a declared hole; otherwise the same as `n`. */
  readonly to: number;
  readonly by: string;
  readonly corrected: number;
  readonly suspect: boolean;
  readonly outcome: LoggedOutcome;
  readonly reason: string | null;
  readonly detail: string | null;
  /** Upcast changes with their effective bases. */
  readonly changes: readonly Change[];
  /**
   * One salt a change, hex: the hash chain covers HMAC(salt, change), so that a change can be erased. Of an erased one the
   * salt is gone with what it salted; the digest that it gave stands in its place, twice as long.
   */
  readonly salts: readonly string[];
  readonly replaces: readonly [string, number] | null;
  /** HMAC of the operation as it came, hex. */
  readonly fingerprint: string;
  /** The operation as it came, JSON; null for a row of the server's own, and where something of it was erased. */
  readonly raw: string | null;
  readonly receivedAt: number;
  /** Hash of the log at this seq, hex. */
  readonly hash: string;
}

export interface EnrolmentRow {
  /** SHA-256 of the code, hex. */
  readonly codeHash: string;
  readonly role: Role;
  readonly user: string;
  readonly deviceName: string;
  readonly holderPhone: string | null;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
  /** Device that used it. */
  readonly usedBy: string | null;
}

export interface AttachmentRow {
  /** SHA-256 of the bytes, hex. */
  readonly sha256: string;
  readonly mime: string;
  readonly size: number;
  readonly storedAt: number;
  /** Where the bytes lie: small drawings in the database, pictures in the store of files. */
  readonly place: 'database' | 'files';
  /** Server time at which it was first seen that no record names it any more, UTC ms; null = one does. */
  readonly unnamedAt: number | null;
}

export type NewAttachment = Omit<AttachmentRow, 'place' | 'unnamedAt'>;

/** A file that has arrived in part from one device. Parts of several devices are never put together. */
export interface UploadRow {
  readonly device: string;
  /** SHA-256 that the whole must have, hex. */
  readonly sha256: string;
  readonly mime: string;
  /** Bytes of the whole. */
  readonly length: number;
  /** Bytes that are here, from the first on. */
  readonly received: number;
  /** Server time of the last part, UTC ms. */
  readonly changedAt: number;
}

/** An id whose personal data are erased for ever, or the sha-256 of a deleted attachment. */
export interface ErasedRow {
  readonly kind: 'id' | 'attachment';
  readonly name: string;
  /** The log's row that erased it here. */
  readonly seq: number;
  /** When it was erased first, server clock, UTC ms: a restore erases again. */
  readonly at: number;
}

/** A page of a stream: whole seq groups, about as many as `maxBytes` of JSON allow, at least one if there is one. */
export interface StreamRows {
  readonly rows: readonly StoredRecord[];
  /** [type, id, seq] of records that left. */
  readonly gone: readonly (readonly [string, string, number])[];
  /** Last seq on this page; the cursor asked for when the page is empty. */
  readonly to: number;
  readonly more: boolean;
  readonly bytes: number;
}

/** What a record was before a transaction and is after it. */
export interface RecordChange {
  readonly before: StoredRecord | undefined;
  readonly after: StoredRecord;
}

/** Everything read here belongs to one moment. Keys are of one centre, always named first. */
export interface ReadSnapshot {
  centre(centre: string): Promise<CentreRow | undefined>;
  /** In the order of the history. */
  epochs(centre: string): Promise<readonly EpochRow[]>;
  device(centre: string, id: string): Promise<DeviceRow | undefined>;
  deviceBySecret(centre: string, secretHash: string): Promise<DeviceRow | undefined>;
  devices(centre: string): Promise<readonly DeviceRow[]>;
  records(
    centre: string,
    keys: readonly (readonly [type: string, id: string])[]
  ): Promise<readonly StoredRecord[]>;
  /** Where these records stand, without what they say: [type, id, seq] of those that are there. */
  seqsOf(
    centre: string,
    keys: readonly (readonly [type: string, id: string])[]
  ): Promise<readonly (readonly [type: string, id: string, seq: number])[]>;
  recordsOfType(centre: string, type: string): Promise<readonly StoredRecord[]>;
  /** Every record, ordered by type and id, after the given key. */
  recordsAfter(
    centre: string,
    after: readonly [type: string, id: string],
    limit: number
  ): Promise<readonly StoredRecord[]>;
  /** The hash of the log at a seq; undefined = the log has no such seq; empty for 0. */
  hashAt(centre: string, seq: number): Promise<string | undefined>;
  /** Judged operations (not releases) of a device that cover the numbers from … to, in order. */
  operationsOf(centre: string, device: string, from: number, to: number): Promise<readonly LogRow[]>;
  /** The releases of these held operations of a device. */
  releasesOf(centre: string, device: string, from: number, to: number): Promise<readonly LogRow[]>;
  log(centre: string, afterSeq: number, limit: number): Promise<readonly LogRow[]>;
  /** The records that the operations at these seqs changed: [seq, type, id]. */
  changedAt(
    centre: string,
    seqs: readonly number[]
  ): Promise<readonly (readonly [seq: number, type: string, id: string])[]>;
  /** Those of these seqs whose operation made one change only. */
  changedAlone(centre: string, seqs: readonly number[]): Promise<ReadonlySet<number>>;
  /** Log rows that touched a record, newest first. */
  logOfRecord(centre: string, type: string, id: string, limit: number): Promise<readonly LogRow[]>;
  /** With `upTo` nothing that stands after it. */
  streamRows(
    centre: string,
    stream: string,
    afterSeq: number,
    maxBytes: number,
    upTo?: number
  ): Promise<StreamRows>;
  /** Rows of the stream after one seq up to another, those of records that left too. Once there, they only ever leave. */
  streamCount(centre: string, stream: string, afterSeq: number, upTo: number): Promise<number>;
  /** The first so many records that changed after a seq: [type, id]. */
  streamChanges(
    centre: string,
    stream: string,
    afterSeq: number,
    limit: number
  ): Promise<readonly (readonly [type: string, id: string])[]>;
  /** [count, sum] over the stream's present rows without deleted ones. */
  streamSum(centre: string, stream: string): Promise<readonly [count: number, sum: number]>;
  /** Records in whose stored form one of these ids stands. Reads all of them: for erasing only. */
  recordsMentioning(centre: string, ids: readonly string[]): Promise<readonly StoredRecord[]>;
  /** Refused operations that could not be read, in whose raw form one of these ids stands. Reads all of them. */
  unreadableMentioning(centre: string, ids: readonly string[]): Promise<readonly LogRow[]>;
  /** What was erased by rows after this seq. */
  erasedAfter(centre: string, seq: number): Promise<readonly ErasedRow[]>;
  enrolment(centre: string, codeHash: string): Promise<EnrolmentRow | undefined>;
  enrolments(centre: string): Promise<readonly EnrolmentRow[]>;
  attachment(centre: string, sha256: string): Promise<AttachmentRow | undefined>;
  /** Bytes that lie in the database; empty for those that lie in the store of files. */
  attachmentBytes(centre: string, sha256: string): Promise<Uint8Array | undefined>;
  /** Ordered by hash, after the given one. */
  attachmentsAfter(centre: string, sha256: string, limit: number): Promise<readonly AttachmentRow[]>;
  upload(centre: string, device: string, sha256: string): Promise<UploadRow | undefined>;
  /** The parts that are here, in order. */
  uploadParts(centre: string, device: string, sha256: string): Promise<readonly Uint8Array[]>;
  /** What a device has sent in part; first what has stood still longest. */
  uploadsOf(centre: string, device: string): Promise<readonly UploadRow[]>;
  /** Uploads that have not grown since, UTC ms. */
  uploadsBefore(centre: string, changedAt: number): Promise<readonly UploadRow[]>;
  /** What operations named and what has not arrived: [sha256, type, id]. */
  namesAwaited(centre: string): Promise<readonly (readonly [sha256: string, type: string, id: string])[]>;
  /** Records whose stored operations named these bytes: [type, id]. Empty = nobody may send them. */
  recordsNaming(centre: string, sha256: string): Promise<readonly (readonly [string, string])[]>;
}

/** The one writer. What it reads includes what it wrote. */
export interface WriteTransaction extends ReadSnapshot {
  putCentre(centre: CentreRow): Promise<void>;
  addEpoch(centre: string, epoch: EpochRow): Promise<void>;
  putDevice(centre: string, device: DeviceRow): Promise<void>;
  /** Appends log rows with consecutive seqs. */
  appendLog(centre: string, rows: readonly LogRow[]): Promise<void>;
  /** Puts changes, salts and raw forms of rows in place of those that stand in the log: erased, nothing else. */
  emptyLog(centre: string, rows: readonly LogRow[]): Promise<void>;
  /** An id or hash that is known already stays as it is. */
  addErased(centre: string, rows: readonly ErasedRow[]): Promise<void>;
  /** Writes records, their streams and the streams' sums together (I4). */
  putRecords(centre: string, changes: readonly RecordChange[]): Promise<void>;
  putEnrolment(centre: string, enrolment: EnrolmentRow): Promise<void>;
  /** Changes nothing where it is there already. Without bytes: they lie in the store of files. */
  putAttachment(centre: string, attachment: NewAttachment, bytes?: Uint8Array): Promise<void>;
  markUnnamed(centre: string, sha256: string, unnamedAt: number | null): Promise<void>;
  removeAttachments(centre: string, hashes: readonly string[]): Promise<void>;
  putUpload(centre: string, upload: UploadRow): Promise<void>;
  /** `position` = bytes before this part. */
  addUploadPart(
    centre: string,
    device: string,
    sha256: string,
    position: number,
    bytes: Uint8Array
  ): Promise<void>;
  /** Removes what a device has sent of a file. */
  removeUpload(centre: string, device: string, sha256: string): Promise<void>;
  /** Removes what any device has sent of these files. */
  removeUploads(centre: string, hashes: readonly string[]): Promise<void>;
  /** Operations of this record name these bytes no longer. */
  forgetAttachmentNames(
    centre: string,
    record: readonly [type: string, id: string],
    hashes: readonly string[]
  ): Promise<void>;
  /** Runs a part that can fail alone: what it wrote is taken back when it throws. */
  savepoint<Value>(body: () => Promise<Value>): Promise<Value>;
}

/**
 * The server's database. Implemented on SQLite; the methods are asynchronous so that PostgreSQL fits the same shape.
 *
 * Bodies of `withTransaction` and `readSnapshot` must await nothing but the methods of what they are given: no network,
 * no timer, no other transaction. Otherwise the one writer waits for it, or for ever.
 */
export interface ServerStorage {
  /** One writer at a time: BEGIN IMMEDIATE … COMMIT, synced to disk when the promise resolves (I30). */
  withTransaction<Value>(body: (tx: WriteTransaction) => Promise<Value>): Promise<Value>;
  /** Reads of one moment, on a connection of their own. */
  readSnapshot<Value>(body: (snapshot: ReadSnapshot) => Promise<Value>): Promise<Value>;
  /** Transactions that wait or run now. */
  readonly waitingWrites: number;
  /** Whether an error is the database's own (full disk, constraint, lock), not a bug in the caller. */
  isDatabaseError(error: unknown): boolean;
  close(): Promise<void>;
}
