import { maxPhotoBytes, photoType } from '#domain/records/photo.ts';
import { fail, ok, type Result } from '#domain/result.ts';
import { streamsOfRecord, type StoredRecord } from '#domain/sync/merge.ts';
import { streamsFor, type Actor } from '#domain/sync/scope.ts';
import type { ReadSnapshot, ServerStorage } from '#server/storage/server-storage.ts';
import type { Hashing } from '#server/sync/hashing.ts';
import type { FileStore } from './file-store.ts';
import { isJpeg } from './picture.ts';
import { isNamedIn } from './references.ts';
import { sweep, type SweepReport } from './sweep.ts';

export interface FilesDeps {
  readonly storage: ServerStorage;
  readonly centre: string;
  readonly clock: () => number;
  readonly hashing: Hashing;
  readonly store: FileStore;
  /** Files are refused when less than this is free, bytes, so that records still have room. */
  readonly reserve: number;
}

/** How far a file has come: `received` of `length` bytes. */
export interface UploadState {
  readonly received: number;
  readonly length: number;
}
export type UploadFailure =
  | 'not_found'
  /** No stored operation names these bytes. */
  | 'not_named'
  | 'media_type'
  | 'too_large'
  /** These bytes belong at another place of the file. */
  | 'wrong_offset'
  /** The whole does not have the hash, or the length, of the file that it was announced as. */
  | 'hash_mismatch'
  /** The whole is no picture. */
  | 'unsafe_picture'
  /** Little space is left: it is kept for records. */
  | 'no_space';

/** Pictures that records name: taken in parts, proved when they are whole, given to whoever may read such a record. */
export interface Files {
  /** Announces a file of a device, or finds how far it has come from there, or that it is whole from anywhere. */
  begin(
    device: string,
    sha256: string,
    mime: string,
    length: number
  ): Promise<Result<UploadState, UploadFailure>>;
  state(device: string, sha256: string): Promise<Result<UploadState, UploadFailure>>;
  /** Adds what follows after `offset` bytes, however little it is. */
  append(
    device: string,
    sha256: string,
    offset: number,
    bytes: Uint8Array
  ): Promise<Result<UploadState, UploadFailure>>;
  /** A whole file at once, as a courier brings it from a device. */
  take(
    device: string,
    sha256: string,
    mime: string,
    bytes: Uint8Array
  ): Promise<Result<undefined, UploadFailure>>;
  read(
    sha256: string,
    actor: Actor
  ): Promise<{ readonly mime: string; readonly bytes: Uint8Array } | undefined>;
  /** What records that the actor may read name and what has not arrived. */
  awaited(actor: Actor): Promise<readonly string[]>;
  /** Whether there is room for anything beside records. */
  hasRoom(): Promise<boolean>;
  /** Deletes bytes for good, whoever names them: a person was erased. Their rows may be gone already. */
  erase(hashes: readonly string[]): Promise<void>;
  /** Clears away what nobody needs. */
  sweep(): Promise<SweepReport>;
}

/**
 * So many files a device may have sent in part, 22 MB of them; one more, and the one that stood still longest is given up.
 * Devices send one file after another: only who means harm comes near it, and then loses nothing but his own.
 */
export const mostUploads = 16;
/** The disk is asked again after this long, ms. */
const roomRestMs = 5_000;

/** Composes the files of a centre over its database and a store. */
export function createFiles(deps: FilesDeps): Files {
  const { storage, centre, store } = deps;
  let room: { readonly at: number; readonly isThere: boolean } | undefined;

  async function hasRoom(): Promise<boolean> {
    const now = deps.clock();
    if (room !== undefined && Math.abs(now - room.at) < roomRestMs) return room.isThere;
    const free = await store.free();
    room = { at: now, isThere: free === undefined || free >= deps.reserve };
    return room.isThere;
  }

  async function begin(
    device: string,
    sha256: string,
    mime: string,
    length: number
  ): Promise<Result<UploadState, UploadFailure>> {
    if (mime !== photoType) return fail('media_type');
    if (length > maxPhotoBytes) return fail('too_large');
    if (length === 0) return fail('unsafe_picture');
    if (!(await hasRoom())) return fail('no_space');
    const begun = await storage.withTransaction<Result<Found, UploadFailure>>(async (tx) => {
      const present = await find(tx, centre, device, sha256);
      if (present?.length === length) return ok(present);
      // Proved bytes have one length.
      if (present?.isKept === true) return fail('hash_mismatch');
      // Nobody may fill the disk with what no record asks for.
      if ((await tx.recordsNaming(centre, sha256)).length === 0) return fail('not_named');
      if (present !== undefined) await tx.removeUpload(centre, device, sha256);
      const begunHere = await tx.uploadsOf(centre, device);
      for (const oldest of begunHere.slice(0, Math.max(0, begunHere.length + 1 - mostUploads)))
        await tx.removeUpload(centre, device, oldest.sha256);
      await tx.putUpload(centre, { device, sha256, mime, length, received: 0, changedAt: deps.clock() });
      return ok({ received: 0, length, mime, isKept: false });
    });
    return begun.ok ? settled(device, sha256, begun.value) : begun;
  }

  /** A server that ended between the last part and the proof proves now. */
  async function settled(
    device: string,
    sha256: string,
    { received, length, mime, isKept }: Found
  ): Promise<Result<UploadState, UploadFailure>> {
    if (isKept || received < length) return ok({ received, length });
    const parts = await storage.readSnapshot(async (snapshot) => {
      const isWhole = (await snapshot.attachment(centre, sha256)) !== undefined;
      return isWhole ? undefined : snapshot.uploadParts(centre, device, sha256);
    });
    // Another device's was whole a moment earlier.
    if (parts === undefined) return ok({ received, length });
    const kept = await keep(device, sha256, mime, Buffer.concat(parts));
    return kept.ok ? ok({ received, length }) : kept;
  }

  async function append(
    device: string,
    sha256: string,
    offset: number,
    bytes: Uint8Array
  ): Promise<Result<UploadState, UploadFailure>> {
    if (!(await hasRoom())) return fail('no_space');
    const added = await storage.withTransaction<Result<Found, UploadFailure>>(async (tx) => {
      const upload = await tx.upload(centre, device, sha256);
      if (upload === undefined) {
        const isWhole = (await tx.attachment(centre, sha256)) !== undefined;
        return fail(isWhole ? 'wrong_offset' : 'not_found');
      }
      if (upload.received !== offset) return fail('wrong_offset');
      const received = offset + bytes.byteLength;
      if (received > upload.length) return fail('too_large');
      if (bytes.byteLength > 0) await tx.addUploadPart(centre, device, sha256, offset, bytes);
      await tx.putUpload(centre, { ...upload, received, changedAt: deps.clock() });
      return ok({ received, length: upload.length, mime: upload.mime, isKept: false });
    });
    return added.ok ? settled(device, sha256, added.value) : added;
  }

  /**
   * Proves a whole file and keeps it: then nobody needs to send any more of it. Wrong bytes take away what their own device had
   * sent, and nothing of another's.
   */
  async function keep(
    device: string,
    sha256: string,
    mime: string,
    bytes: Uint8Array
  ): Promise<Result<undefined, UploadFailure>> {
    const problem: UploadFailure | undefined =
      deps.hashing.sha256(bytes) !== sha256
        ? 'hash_mismatch'
        : mime === photoType && isJpeg(bytes)
          ? undefined
          : 'unsafe_picture';
    await inTurn(async () => {
      // The bytes come before the row that says they are there.
      if (problem === undefined) await store.write(sha256, bytes);
      await storage.withTransaction(async (tx) => {
        if (problem !== undefined) return tx.removeUpload(centre, device, sha256);
        await tx.removeUploads(centre, [sha256]);
        const row = { sha256, mime, size: bytes.byteLength, storedAt: deps.clock() };
        await tx.putAttachment(centre, row);
      });
    });
    return problem === undefined ? ok(undefined) : fail(problem);
  }

  /** Bytes are written and deleted one after another, so that none is deleted under a row that was just made. */
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<Value>(act: () => Promise<Value>): Promise<Value> {
    const mine = turn.then(act, act);
    turn = mine.catch(() => undefined);
    return mine;
  }

  const erase = (hashes: readonly string[]): Promise<void> =>
    inTurn(async () => {
      await storage.withTransaction(async (tx) => {
        await tx.removeAttachments(centre, hashes);
        await tx.removeUploads(centre, hashes);
      });
      for (const sha256 of hashes) await store.remove(sha256);
    });

  return {
    begin,
    erase,
    sweep: () => sweep(deps, erase),
    append,
    hasRoom,
    async state(device, sha256) {
      const present = await storage.readSnapshot((snapshot) => find(snapshot, centre, device, sha256));
      return present === undefined ? fail('not_found') : settled(device, sha256, present);
    },
    async take(device, sha256, mime, bytes) {
      const begun = await begin(device, sha256, mime, bytes.byteLength);
      if (!begun.ok) return begun;
      const isWhole = await storage.readSnapshot((snapshot) => snapshot.attachment(centre, sha256));
      return isWhole === undefined ? keep(device, sha256, mime, bytes) : ok(undefined);
    },
    async read(sha256, actor) {
      const found = await storage.readSnapshot(async (snapshot) => {
        if (!(await mayRead(snapshot, centre, sha256, actor))) return undefined;
        const row = await snapshot.attachment(centre, sha256);
        if (row === undefined) return undefined;
        const bytes = row.place === 'database' ? await snapshot.attachmentBytes(centre, sha256) : undefined;
        return { mime: row.mime, bytes };
      });
      if (found === undefined) return undefined;
      const bytes = found.bytes ?? (await store.read(sha256));
      return bytes === undefined ? undefined : { mime: found.mime, bytes };
    },
    awaited: (actor) =>
      storage.readSnapshot(async (snapshot) => {
        const names = await snapshot.namesAwaited(centre);
        const records = await snapshot.records(
          centre,
          names.map(([, type, id]) => [type, id] as const)
        );
        const byKey = new Map(records.map((record) => [`${record.e}/${record.k}`, record]));
        const readable = readableBy(actor);
        const found = names.filter(([sha256, type, id]) => {
          const record = byKey.get(`${type}/${id}`);
          return record !== undefined && readable(record) && isNamedIn(record, sha256);
        });
        return [...new Set(found.map(([sha256]) => sha256))];
      })
  };
}

interface Found extends UploadState {
  readonly mime: string;
  /** Proved and kept; otherwise it has arrived in part. */
  readonly isKept: boolean;
}

async function find(
  snapshot: ReadSnapshot,
  centre: string,
  device: string,
  sha256: string
): Promise<Found | undefined> {
  const whole = await snapshot.attachment(centre, sha256);
  if (whole !== undefined) {
    const { size, mime } = whole;
    return { received: size, length: size, mime, isKept: true };
  }
  const upload = await snapshot.upload(centre, device, sha256);
  if (upload === undefined) return undefined;
  const { received, length, mime } = upload;
  return { received, length, mime, isKept: false };
}

/** Whoever may read a record that names the bytes may read the bytes. */
async function mayRead(
  snapshot: ReadSnapshot,
  centre: string,
  sha256: string,
  actor: Actor
): Promise<boolean> {
  const naming = await snapshot.recordsNaming(centre, sha256);
  const records = await snapshot.records(centre, naming);
  return records.some(readableBy(actor));
}

function readableBy(actor: Actor): (record: StoredRecord) => boolean {
  const readable = new Set(streamsFor(actor));
  return (record) => streamsOfRecord(record).some((stream) => readable.has(stream));
}
