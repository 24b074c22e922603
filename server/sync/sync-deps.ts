import type { Role } from '#domain/records/definition.ts';
import type { ErasedRow, ServerStorage } from '#server/storage/server-storage.ts';
import type { Unpacking } from '#domain/sync/codec.ts';
import type { Schema } from '#domain/sync/upcast.ts';
import type { NextSessions } from './ahead.ts';
import type { Hashing } from './hashing.ts';
import type { PreparedStreams } from './prepared-streams.ts';
import type { PushHealth } from './push-health.ts';
import type { Pokes } from './pokes.ts';

/** Moments at which a simulation may crash the server. */
export type FaultPoint =
  'push.begin' | 'push.erased' | 'push.before_commit' | 'push.after_commit' | 'pull.begin' | 'pull.end';

/** Keeps beside the database what is erased for ever, so that no copy of the database brings it back. */
export interface ErasureLedger {
  /** Returns when it is on the disk; throws when it cannot be. */
  add(rows: readonly ErasedRow[]): void;
}

/** What the exchange needs from outside. */
export interface SyncDeps {
  readonly storage: ServerStorage;
  /** Id of the centre that this server serves. */
  readonly centre: string;
  /** UTC ms. */
  readonly clock: () => number;
  /** Random bytes of the given length. */
  readonly random: (length: number) => Uint8Array;
  readonly hashing: Hashing;
  readonly pokes: Pokes;
  readonly ledger?: ErasureLedger;
  /** Deletes the bytes of attachments outside of the database, after a commit; the next start does it again. */
  readonly eraseFiles?: (hashes: readonly string[]) => Promise<void>;
  /** Large streams, prepared for devices that begin at nothing; without it every page is read for its asker. */
  readonly prepared?: PreparedStreams;
  /** The present schema version unless told. */
  readonly schema?: Schema;
  /** The oldest build that may pull; empty = any. */
  readonly minBuild?: string;
  /** Whether a build is older than `minBuild`; such a build may still push (I25). */
  readonly isTooOld?: (build: string) => boolean;
  /** Which sheets a new device gets first; by their dates unless told. */
  readonly nextSessions?: NextSessions;
  /** Told whether pushes get through. */
  readonly pushHealth?: PushHealth;
  /** Told of errors that were answered with `slow_down` or held an operation as `internal`. */
  readonly report?: (error: unknown) => void;
  /** A simulation throws here to crash the server at that point. */
  readonly faults?: (point: FaultPoint) => void;
}

/** What the transport knows of a request beside its body. */
export interface ExchangeContext {
  /** The operations of a packed request: they wait for the names in them, which only a known device may ask about. */
  readonly ops?: Unpacking;
  /** The device's secret (`Authorization: Bearer …`). */
  readonly secret: string | undefined;
  /** The campaign's link (`X-Zimnik-Link`) with which a respondent's device registers itself. */
  readonly link?: string;
  /** Asks whether one more phone may register itself by the link: 0, or how many ms to wait. */
  readonly register?: () => number;
  /** User id of a valid office sign-in of this request; asked only for office devices. */
  readonly officeSession?: () => Promise<string | undefined>;
  /**
   * The role that a user's account has now, asked for every office device: rights that were taken away end at once,
   * whatever the device's row says. Undefined = there is no such account.
   */
  readonly officeRole?: (user: string) => Promise<Role | undefined>;
  /** Arrival of the request's first byte, UTC ms; the clock's now unless told. */
  readonly serverNow?: number;
}
