import { joinIds } from '#domain/ids.ts';
import { isRecordType } from '#domain/records/registry.ts';
import { reviewedTypes, reviewId, type ReviewedType } from '#domain/records/review.ts';
import { streamsOfRecord, type StoredRecord } from '#domain/sync/merge.ts';
import type { LoggedOutcome, LogRow, ReadSnapshot, ServerStorage } from '#server/storage/server-storage.ts';

type Key = readonly [type: string, id: string];

/** One operation as far as it touched a record or what belongs to it, for «история». */
export interface HistoryEntry {
  readonly seq: number;
  /** `release` = the coordinator let a held operation in; `erasure` = the server took somebody's data out. */
  readonly kind: LogRow['kind'];
  readonly by: string;
  readonly device: string;
  readonly n: number;
  /** When it was written by the corrected clock, UTC ms. */
  readonly correctedAt: number;
  /** Its device's clock had jumped: the time is the latest that is certain. */
  readonly suspect: boolean;
  /** When it arrived, UTC ms. */
  readonly receivedAt: number;
  readonly outcome: LoggedOutcome;
  readonly reason: string | null;
  /** What it set, record by record. */
  readonly changes: readonly {
    readonly type: string;
    readonly id: string;
    readonly set: Readonly<Record<string, unknown>>;
  }[];
}

/**
 * The operations that touched a record, newest first, at most `limit`. What is reviewed comes whole: a sheet with its
 * marks, a note with its confidential words, all of them with the decisions and the remarks. A sheet that nobody closed
 * has a history all the same. Undefined = there is no such record in the streams that the asker reads; what belongs to
 * it and is in none of them is left out.
 */
export function recordHistory(
  storage: ServerStorage,
  centre: string,
  record: { readonly type: string; readonly id: string },
  readable: ReadonlySet<string>,
  limit = 300
): Promise<readonly HistoryEntry[] | undefined> {
  return storage.readSnapshot(async (snapshot) => {
    // The record of a sheet is born when somebody closes it; its session is there before.
    const anchor: Key = record.type === 'sheet' ? ['session', record.id] : [record.type, record.id];
    const [found] = await snapshot.records(centre, [anchor]);
    if (found === undefined || !isReadable(found, readable)) return undefined;
    const keys = (await keysOf(snapshot, centre, record)).filter(
      ({ stored }) => stored === undefined || isReadable(stored, readable)
    );
    const wanted = new Set(keys.map(({ key }) => key.join('/')));
    const rows = new Map<number, LogRow>();
    for (const { key } of keys) {
      for (const row of await snapshot.logOfRecord(centre, key[0], key[1], limit)) rows.set(row.seq, row);
    }
    return [...rows.values()]
      .sort((left, right) => right.seq - left.seq)
      .slice(0, limit)
      .map((row) => toEntry(row, wanted));
  });
}

interface Found {
  readonly key: Key;
  readonly stored: StoredRecord | undefined;
}

/** The record and what belongs to it. */
async function keysOf(
  snapshot: ReadSnapshot,
  centre: string,
  { type, id }: { readonly type: string; readonly id: string }
): Promise<readonly Found[]> {
  const own: Found[] = [{ key: [type, id], stored: undefined }];
  const reviewed = reviewedTypes.find((one) => one === type);
  if (reviewed === undefined) return own;
  const keys: Key[] = [['review', reviewId(reviewed, id)]];
  if (reviewed === 'consultation') keys.push(['confidential_text', id]);
  const stored = [
    ...(await snapshot.records(centre, keys)),
    ...(await remarksOf(snapshot, centre, reviewed, id)),
    ...(reviewed === 'sheet' ? await marksOf(snapshot, centre, id) : [])
  ];
  return [...own, ...stored.map((one): Found => ({ key: [one.e, one.k], stored: one }))];
}

async function remarksOf(
  snapshot: ReadSnapshot,
  centre: string,
  type: ReviewedType,
  target: string
): Promise<readonly StoredRecord[]> {
  const remarks = await snapshot.recordsOfType(centre, 'remark');
  return remarks.filter(({ fields }) => fields['target']?.v === target && fields['targetType']?.v === type);
}

/** The marks of a session: their ids begin with it, and records are kept in the order of their ids. */
async function marksOf(
  snapshot: ReadSnapshot,
  centre: string,
  session: string
): Promise<readonly StoredRecord[]> {
  const page = 200;
  const prefix = joinIds(session, '');
  const found: StoredRecord[] = [];
  for (let after = prefix; ; after = found.at(-1)?.k ?? after) {
    const rows = await snapshot.recordsAfter(centre, ['attendance', after], page);
    const marks = rows.filter((row) => row.e === 'attendance' && row.k.startsWith(prefix));
    found.push(...marks);
    if (marks.length < page) return found;
  }
}

function toEntry(row: LogRow, wanted: ReadonlySet<string>): HistoryEntry {
  const { seq, kind, by, device, n, suspect, receivedAt, outcome, reason } = row;
  const changes = row.changes
    .filter((change) => wanted.has(`${change.e}/${change.k}`))
    .map((change) => ({ type: change.e, id: change.k, set: change.set }));
  return {
    seq,
    kind,
    by,
    device,
    n,
    correctedAt: row.corrected,
    suspect,
    receivedAt,
    outcome,
    reason,
    changes
  };
}

function isReadable(record: StoredRecord, readable: ReadonlySet<string>): boolean {
  return isRecordType(record.e) && streamsOfRecord(record).some((stream) => readable.has(stream));
}
