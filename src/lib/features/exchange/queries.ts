import { fullName } from '#domain/names/person-name.ts';
import { attendanceParts } from '#domain/records/attendance.ts';
import type { Change, Operation } from '#domain/sync/operation.ts';
import type { AttentionRow, DeviceDatabase } from '$lib/storage/database.ts';
import { readRecord } from '$lib/storage/read.ts';
import { open } from '$lib/storage/sealing.ts';

/** An operation of this device in words a person knows. */
export interface Waiting {
  readonly n: number;
  /** When it was done, UTC ms. */
  readonly at: number;
  /** Type of the first record. */
  readonly type: string;
  /** Name of the person, title of the event; empty when unknown. */
  readonly what: string;
  /** How many more records it touches. */
  readonly more: number;
  readonly operation: Operation;
}

export interface NotAccepted extends Waiting {
  readonly reason: AttentionRow['reason'];
  readonly detail: string;
}

const mostShown = 100;

/** The oldest operations that wait for a connection. */
export async function readWaiting(database: DeviceDatabase): Promise<readonly Waiting[]> {
  const rows = await database.outbox.orderBy('n').limit(mostShown).toArray();
  return Promise.all(rows.map((row) => toWaiting(database, open(row.body))));
}

/** What was not accepted and is still to be settled. */
export async function readNotAccepted(database: DeviceDatabase): Promise<readonly NotAccepted[]> {
  const rows = await database.attention.where('state').equals('open').toArray();
  return Promise.all(
    rows.map(async (row) => ({
      ...(await toWaiting(database, open(row.body))),
      reason: row.reason,
      detail: row.detail
    }))
  );
}

/** Everything that has not been delivered or was not accepted, for handing over as a file. */
export async function readUnsent(database: DeviceDatabase): Promise<readonly Operation[]> {
  const waiting = await database.outbox.orderBy('n').toArray();
  const attention = await database.attention.where('state').equals('open').toArray();
  return [...waiting, ...attention].map((row) => open(row.body)).sort((left, right) => left.n - right.n);
}

async function toWaiting(database: DeviceDatabase, operation: Operation): Promise<Waiting> {
  const first = operation.ch[0];
  return {
    n: operation.n,
    at: operation.w,
    type: first?.e ?? '',
    what: first === undefined ? '' : await nameOf(database, first),
    more: Math.max(0, operation.ch.length - 1),
    operation
  };
}

async function nameOf(database: DeviceDatabase, change: Change): Promise<string> {
  const set = change.set;
  switch (change.e) {
    case 'attendance':
      return personName(database, attendanceParts(change.k).person);
    case 'person':
      return personName(database, change.k);
    case 'consent':
      return typeof set['person'] === 'string' ? personName(database, set['person']) : '';
    case 'event':
      return (await readRecord(database, 'event', change.k))?.values.title ?? '';
    case 'sheet': {
      const session = await readRecord(database, 'session', change.k);
      const event = session?.values.event;
      return event === undefined ? '' : ((await readRecord(database, 'event', event))?.values.title ?? '');
    }
    default:
      return '';
  }
}

async function personName(database: DeviceDatabase, id: string): Promise<string> {
  const person = await readRecord(database, 'person', id);
  const { surname = '', name = '', patronymic } = person?.values ?? {};
  return fullName({ surname, name, patronymic });
}
