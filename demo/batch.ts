import type { PlainValues, Role } from '#domain/records/definition.ts';
import type { RecordType } from '#domain/records/registry.ts';
import { schemaVersion, type Operation } from '#domain/sync/operation.ts';

/** One record touched. The values of a demonstration never empty a field. */
export interface DemoChange {
  readonly e: RecordType;
  readonly k: string;
  readonly set: PlainValues;
  /** `false`: the device had not received what others wrote here, so that its base is 0. */
  readonly sawAll?: false;
  /** A decision covers everything that the server had when this batch was sent: `set.upTo` becomes that seq. */
  readonly upToAll?: true;
}

export interface DemoOperation {
  /** When it was written, by a right clock, UTC ms; never later than the batch's `at`. */
  readonly w: number;
  readonly by: string;
  readonly changes: readonly DemoChange[];
}

/** One exchange of one device, all its operations pushed together. */
export interface DemoBatch {
  readonly device: string;
  readonly role: Role;
  readonly user: string;
  /** The moment of the exchange, UTC ms: the server's and the device's clock agree. */
  readonly at: number;
  readonly operations: readonly DemoOperation[];
  /** Operations that the device says it still keeps after this exchange, and the oldest one's time. */
  readonly waiting?: { readonly count: number; readonly oldest: number };
  /** The secret of the campaign's link with which a respondent's device registers itself. */
  readonly link?: string;
}

export interface DemoDevice {
  readonly id: string;
  readonly role: Role;
  readonly user: string;
  /** What people call it: «Планшет № 1». */
  readonly name: string;
}

/** Someone who signs in or holds a tablet. Accounts are made by the server. */
export interface DemoStaff {
  readonly user: string;
  readonly role: Exclude<Role, 'respondent'>;
  readonly name: string;
  readonly phone: string;
}

export interface DemoContent {
  /** In historical order. */
  readonly batches: readonly DemoBatch[];
  /** Every device that appears in the batches, but those of respondents: they register themselves. */
  readonly devices: readonly DemoDevice[];
  readonly staff: readonly DemoStaff[];
  /** What the three links of the demonstration open. */
  readonly links: {
    readonly field: { readonly user: string; readonly deviceName: string };
    readonly survey: { readonly link: string; readonly campaign: string };
    readonly office: { readonly user: string };
  };
}

/** Where a batch meets the server: `lastSeq` of its log, the device's next number, the epoch. */
export interface Meeting {
  readonly lastSeq: number;
  readonly firstNumber: number;
  readonly epoch?: string;
}

/** The operations of a batch as the wire carries them. */
export function wireOperations(batch: DemoBatch, meeting: Meeting): readonly Operation[] {
  return batch.operations.map((operation, index) => ({
    n: meeting.firstNumber + index,
    w: operation.w,
    c: 0,
    v: schemaVersion,
    by: operation.by,
    ...(meeting.epoch === undefined ? {} : { ep: meeting.epoch }),
    ch: operation.changes.map(({ e, k, set, sawAll, upToAll }) => ({
      e,
      k,
      set: upToAll === true ? { ...set, upTo: meeting.lastSeq } : { ...set },
      base: sawAll === false ? 0 : meeting.lastSeq
    }))
  }));
}
