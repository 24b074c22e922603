import { attendanceParts } from '#domain/records/attendance.ts';
import { parseValues } from '#domain/records/registry.ts';
import { plainValues, streamsOfRecord, toRecordState, type StoredRecord } from '#domain/sync/merge.ts';
import type { RecordsAhead, RecordState } from '#domain/sync/protocol.ts';
import { streamsFor, type Actor } from '#domain/sync/scope.ts';
import type { ReadSnapshot } from '#server/storage/server-storage.ts';

/** Ids of the sessions whose sheets a device with nothing yet needs first. */
export type NextSessions = (
  snapshot: ReadSnapshot,
  centre: string,
  now: number
) => Promise<readonly string[]>;

/** A session of yesterday may still be open, and a tablet may stand in another zone. */
const stillOpenMs = 36 * 3_600_000;
const mostSessions = 4;
/** Marks of one session; a larger hall comes in order. */
const mostMarks = 300;

/** Sessions of yesterday and today and those that come next. */
export const nextSessions: NextSessions = async (snapshot, centre, now) => {
  const from = new Date(now - stillOpenMs).toISOString().slice(0, 10);
  const sessions = await snapshot.recordsOfType(centre, 'session');
  return sessions
    .map((record) => ({ id: record.k, ...parseValues('session', plainValues(record)) }))
    .filter(({ date = '', deletedAt }) => date >= from && deletedAt === undefined)
    .sort((left, right) => ((left.date ?? '') < (right.date ?? '') ? -1 : 1))
    .slice(0, mostSessions)
    .map(({ id }) => id);
};

/**
 * What a new device needs for the sheets of the next sessions: session, event, marks, people and the places they come from,
 * sent before everything else and once more in order. They move no cursor; only streams of the actor are sent (I20).
 */
export async function recordsAhead(
  snapshot: ReadSnapshot,
  centre: string,
  actor: Actor,
  sessions: readonly string[]
): Promise<readonly RecordsAhead[]> {
  const wanted = await snapshot.records(
    centre,
    sessions.map((id) => ['session', id] as const)
  );
  const marks: StoredRecord[] = [];
  for (const session of sessions) {
    const own = `${session}~`;
    const after = await snapshot.recordsAfter(centre, ['attendance', own], mostMarks);
    marks.push(...after.filter((record) => record.e === 'attendance' && record.k.startsWith(own)));
  }
  const events = wanted.map((record) => ['event', record.fields['event']?.v] as const);
  const people = marks.map((mark) => ['person', attendanceParts(mark.k).person] as const);
  const named = await snapshot.records(centre, keysOf([...events, ...people]));
  const places = await snapshot.records(
    centre,
    keysOf(
      named.flatMap(({ fields }) =>
        (['settlement', 'organisation'] as const).map((type) => [type, fields[type]?.v] as const)
      )
    )
  );
  const readable: ReadonlySet<string> = new Set(streamsFor(actor));
  const ahead = new Map<string, RecordState[]>();
  for (const record of [...wanted, ...marks, ...named, ...places]) {
    const stream = streamsOfRecord(record).find((own) => readable.has(own));
    if (stream === undefined) continue;
    const rows = ahead.get(stream) ?? [];
    rows.push(toRecordState(record));
    ahead.set(stream, rows);
  }
  return [...ahead].map(([stream, rows]) => ({ stream, rows }));
}

/** Each named record once; what is no id names nothing. */
function keysOf(
  named: readonly (readonly [type: string, id: unknown])[]
): readonly (readonly [type: string, id: string])[] {
  const keys = new Map<string, readonly [string, string]>();
  for (const [type, id] of named) if (typeof id === 'string') keys.set(`${type}/${id}`, [type, id]);
  return [...keys.values()];
}
