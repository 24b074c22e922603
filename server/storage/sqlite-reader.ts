import type { Database, Statement } from 'better-sqlite3';
import { and, asc, eq, getTableColumns, gt, sql } from 'drizzle-orm';
import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { StoredRecord } from '#domain/sync/merge.ts';
import { without } from './columns.ts';
import { toLogRow, type StoredLogRow } from './log-row.ts';
import { attachments, centres, devices, enrolments, epochs } from './schema.ts';
import type { ErasedRow, LogRow, ReadSnapshot, UploadRow } from './server-storage.ts';
import { parseStored } from './stored-json.ts';
import { StreamPage, type StreamRow } from './stream-page.ts';

const deviceColumns = without(getTableColumns(devices), 'centre');
const enrolmentColumns = without(getTableColumns(enrolments), 'centre');
const uploadColumns = 'device, sha256, mime, length, received, changed_at AS changedAt';
const attachmentColumns = without(without(getTableColumns(attachments), 'centre'), 'bytes');

/** What every exchange asks, prepared once. */
function everyExchange(orm: BetterSQLite3Database) {
  const centre = sql.placeholder('centre');
  const epochColumns = { epoch: epochs.epoch, firstSeq: epochs.firstSeq, restoredTo: epochs.restoredTo };
  const isOfCentre = eq(devices.centre, centre);
  return {
    centre: orm.select().from(centres).where(eq(centres.id, centre)).prepare(),
    epochs: orm
      .select(epochColumns)
      .from(epochs)
      .where(eq(epochs.centre, centre))
      .orderBy(asc(epochs.position))
      .prepare(),
    device: orm
      .select(deviceColumns)
      .from(devices)
      .where(and(isOfCentre, eq(devices.id, sql.placeholder('id'))))
      .prepare(),
    deviceBySecret: orm
      .select(deviceColumns)
      .from(devices)
      .where(and(isOfCentre, eq(devices.secretHash, sql.placeholder('secretHash'))))
      .prepare()
  };
}

/** Reads on one SQLite connection. Hot paths use prepared statements, the rest Drizzle. */
export class SqliteReader implements ReadSnapshot {
  protected readonly connection: Database;
  protected readonly orm: BetterSQLite3Database;
  readonly #statements = new Map<string, Statement>();
  readonly #queries: ReturnType<typeof everyExchange>;

  constructor(connection: Database) {
    this.connection = connection;
    this.orm = drizzle(connection);
    this.#queries = everyExchange(this.orm);
  }

  /** A statement prepared once. */
  protected prepared<Params extends unknown[], Row = unknown>(text: string): Statement<Params, Row> {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.connection.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement as Statement<Params, Row>;
  }

  async centre(centre: string) {
    return Promise.resolve(this.#queries.centre.get({ centre }));
  }

  async epochs(centre: string) {
    return Promise.resolve(this.#queries.epochs.all({ centre }));
  }

  async device(centre: string, id: string) {
    return Promise.resolve(this.#queries.device.get({ centre, id }));
  }

  async deviceBySecret(centre: string, secretHash: string) {
    return Promise.resolve(this.#queries.deviceBySecret.get({ centre, secretHash }));
  }

  async devices(centre: string) {
    const query = this.orm.select(deviceColumns).from(devices).where(eq(devices.centre, centre));
    return Promise.resolve(query.orderBy(asc(devices.id)).all());
  }

  async records(centre: string, keys: readonly (readonly [string, string])[]) {
    const statement = this.prepared<[string, string, string], { state: string }>(
      `SELECT state FROM json_each(?) AS asked
       CROSS JOIN records ON centre = ? AND records.type = ? AND records.id = asked.value`
    );
    // Most of what a push asks for is of one type and not there yet.
    const asked: { readonly type: string; readonly ids: string[] }[] = [];
    for (const [type, id] of keys) {
      const last = asked.at(-1);
      if (last?.type === type) last.ids.push(id);
      else asked.push({ type, ids: [id] });
    }
    const found: StoredRecord[] = [];
    for (const { type, ids } of asked)
      for (const row of statement.all(JSON.stringify(ids), centre, type))
        found.push(parseStored<StoredRecord>(row.state));
    return Promise.resolve(found);
  }

  async seqsOf(centre: string, keys: readonly (readonly [string, string])[]) {
    const statement = this.prepared<[string, string, string], { seq: number }>(
      'SELECT seq FROM records WHERE centre = ? AND type = ? AND id = ?'
    );
    const found = keys.flatMap(([type, id]) => {
      const row = statement.get(centre, type, id);
      return row === undefined ? [] : [[type, id, row.seq] as const];
    });
    return Promise.resolve(found);
  }

  async recordsOfType(centre: string, type: string) {
    const rows = this.prepared<[string, string], { state: string }>(
      'SELECT state FROM records WHERE centre = ? AND type = ? ORDER BY id'
    ).all(centre, type);
    return Promise.resolve(rows.map((row) => parseStored<StoredRecord>(row.state)));
  }

  async recordsAfter(centre: string, after: readonly [string, string], limit: number) {
    const rows = this.prepared<[string, string, string, number], { state: string }>(
      'SELECT state FROM records WHERE centre = ? AND (type, id) > (?, ?) ORDER BY type, id LIMIT ?'
    ).all(centre, after[0], after[1], limit);
    return Promise.resolve(rows.map((row) => parseStored<StoredRecord>(row.state)));
  }

  async hashAt(centre: string, seq: number) {
    if (seq === 0) return Promise.resolve('');
    const row = this.prepared<[string, number], { hash: string }>(
      'SELECT hash FROM operations WHERE centre = ? AND seq = ?'
    ).get(centre, seq);
    return Promise.resolve(row?.hash);
  }

  async operationsOf(centre: string, device: string, from: number, to: number) {
    return Promise.resolve(this.#ofDevice('operation', centre, device, from, to));
  }

  async releasesOf(centre: string, device: string, from: number, to: number) {
    return Promise.resolve(this.#ofDevice('release', centre, device, from, to));
  }

  #ofDevice(kind: 'operation' | 'release', centre: string, device: string, from: number, to: number) {
    // A declared hole begins before the numbers that it covers, so the last row at or before `from` belongs to the answer.
    const first = this.prepared<[string, string, number], { n: number | null }>(
      `SELECT MAX(n) AS n FROM operations WHERE centre = ? AND device = ? AND n <= ? AND kind = '${kind}'`
    ).get(centre, device, from);
    const rows = this.prepared<[string, string, number, number, number], StoredLogRow>(
      `SELECT * FROM operations WHERE centre = ? AND device = ? AND n >= ? AND n <= ? AND kind = '${kind}'
       AND n_to >= ? ORDER BY n`
    ).all(centre, device, first?.n ?? from, to, from);
    return rows.map(toLogRow);
  }

  async log(centre: string, afterSeq: number, limit: number) {
    const rows = this.prepared<[string, number, number], StoredLogRow>(
      'SELECT * FROM operations WHERE centre = ? AND seq > ? ORDER BY seq LIMIT ?'
    ).all(centre, afterSeq, limit);
    return Promise.resolve(rows.map(toLogRow));
  }

  async changedAt(centre: string, seqs: readonly number[]) {
    const statement = this.prepared<[string, number], { changes: string }>(
      'SELECT changes FROM operations WHERE centre = ? AND seq = ?'
    );
    const changed = [...new Set(seqs)].flatMap((seq) => {
      const row = statement.get(centre, seq);
      const changes = row === undefined ? [] : parseStored<LogRow['changes']>(row.changes);
      return changes.map(({ e, k }) => [seq, e, k] as const);
    });
    return Promise.resolve(changed);
  }

  async changedAlone(centre: string, seqs: readonly number[]) {
    const statement = this.prepared<[string, number], { seq: number }>(
      'SELECT seq FROM operations WHERE centre = ? AND seq = ? AND json_array_length(changes) = 1'
    );
    const alone = [...new Set(seqs)].filter((seq) => statement.get(centre, seq) !== undefined);
    return Promise.resolve(new Set(alone));
  }

  async logOfRecord(centre: string, type: string, id: string, limit: number) {
    const rows = this.prepared<[string, string, string, number], StoredLogRow>(
      `SELECT operations.* FROM touched JOIN operations USING (centre, seq)
       WHERE touched.centre = ? AND touched.type = ? AND touched.id = ? ORDER BY touched.seq DESC LIMIT ?`
    ).all(centre, type, id, limit);
    return Promise.resolve(rows.map(toLogRow));
  }

  async streamRows(
    centre: string,
    stream: string,
    afterSeq: number,
    maxBytes: number,
    upTo = Number.MAX_SAFE_INTEGER
  ) {
    const statement = this.prepared<[string, string, number, number], StreamRow>(
      `SELECT streams.seq, streams.type, streams.id, streams.gone, records.state
       FROM record_streams AS streams LEFT JOIN records USING (centre, type, id)
       WHERE streams.centre = ? AND streams.stream = ? AND streams.seq > ? AND streams.seq <= ?
       ORDER BY streams.seq, streams.type, streams.id`
    );
    const page = new StreamPage(afterSeq, maxBytes);
    for (const row of statement.iterate(centre, stream, afterSeq, upTo)) if (!page.add(row)) break;
    return Promise.resolve(page.result);
  }

  async streamCount(centre: string, stream: string, afterSeq: number, upTo: number) {
    const row = this.prepared<[string, string, number, number], { count: number }>(
      'SELECT COUNT(*) AS count FROM record_streams WHERE centre = ? AND stream = ? AND seq > ? AND seq <= ?'
    ).get(centre, stream, afterSeq, upTo);
    return Promise.resolve(row?.count ?? 0);
  }

  async streamChanges(centre: string, stream: string, afterSeq: number, limit: number) {
    const rows = this.prepared<[string, string, number, number], { type: string; id: string }>(
      'SELECT type, id FROM record_streams WHERE centre = ? AND stream = ? AND seq > ? ORDER BY seq LIMIT ?'
    ).all(centre, stream, afterSeq, limit);
    return Promise.resolve(rows.map((row) => [row.type, row.id] as const));
  }

  async streamSum(centre: string, stream: string) {
    const row = this.prepared<[string, string], { count: number; sum: number }>(
      'SELECT count, sum FROM stream_sums WHERE centre = ? AND stream = ?'
    ).get(centre, stream);
    return Promise.resolve([row?.count ?? 0, row?.sum ?? 0] as const);
  }

  async recordsMentioning(centre: string, ids: readonly string[]) {
    const statement = this.prepared<[string, string], { state: string }>(
      `SELECT state FROM records WHERE centre = ?
       AND EXISTS (SELECT 1 FROM json_each(?) AS asked WHERE instr(records.state, asked.value) > 0) ORDER BY type, id`
    );
    const rows = statement.all(centre, JSON.stringify(ids));
    return Promise.resolve(rows.map((row) => parseStored<StoredRecord>(row.state)));
  }

  async unreadableMentioning(centre: string, ids: readonly string[]) {
    const statement = this.prepared<[string, string], StoredLogRow>(
      `SELECT * FROM operations WHERE centre = ? AND outcome = 'refused' AND changes = '[]'
       AND EXISTS (SELECT 1 FROM json_each(?) AS asked WHERE instr(operations.raw, asked.value) > 0)`
    );
    return Promise.resolve(statement.all(centre, JSON.stringify(ids)).map(toLogRow));
  }

  async erasedAfter(centre: string, seq: number) {
    const rows = this.prepared<[string, number], ErasedRow>(
      'SELECT kind, name, seq, at FROM erased WHERE centre = ? AND seq > ? ORDER BY seq, kind, name'
    ).all(centre, seq);
    return Promise.resolve(rows);
  }

  async enrolment(centre: string, codeHash: string) {
    const where = and(eq(enrolments.centre, centre), eq(enrolments.codeHash, codeHash));
    return Promise.resolve(this.orm.select(enrolmentColumns).from(enrolments).where(where).get());
  }

  async enrolments(centre: string) {
    const query = this.orm.select(enrolmentColumns).from(enrolments).where(eq(enrolments.centre, centre));
    return Promise.resolve(query.orderBy(asc(enrolments.createdAt), asc(enrolments.codeHash)).all());
  }

  async attachment(centre: string, sha256: string) {
    const where = and(eq(attachments.centre, centre), eq(attachments.sha256, sha256));
    return Promise.resolve(this.orm.select(attachmentColumns).from(attachments).where(where).get());
  }

  async attachmentBytes(centre: string, sha256: string) {
    const where = and(eq(attachments.centre, centre), eq(attachments.sha256, sha256));
    const row = this.orm.select({ bytes: attachments.bytes }).from(attachments).where(where).get();
    return Promise.resolve(row?.bytes);
  }

  async attachmentsAfter(centre: string, sha256: string, limit: number) {
    const where = and(eq(attachments.centre, centre), gt(attachments.sha256, sha256));
    const query = this.orm.select(attachmentColumns).from(attachments).where(where);
    return Promise.resolve(query.orderBy(asc(attachments.sha256)).limit(limit).all());
  }

  async upload(centre: string, device: string, sha256: string) {
    const row = this.prepared<[string, string, string], UploadRow>(
      `SELECT ${uploadColumns} FROM uploads WHERE centre = ? AND sha256 = ? AND device = ?`
    ).get(centre, sha256, device);
    return Promise.resolve(row);
  }

  async uploadParts(centre: string, device: string, sha256: string) {
    const rows = this.prepared<[string, string, string], { bytes: Buffer }>(
      'SELECT bytes FROM upload_parts WHERE centre = ? AND sha256 = ? AND device = ? ORDER BY position'
    ).all(centre, sha256, device);
    return Promise.resolve(rows.map((row) => row.bytes));
  }

  async uploadsOf(centre: string, device: string) {
    const rows = this.prepared<[string, string], UploadRow>(
      `SELECT ${uploadColumns} FROM uploads WHERE centre = ? AND device = ? ORDER BY changed_at, sha256`
    ).all(centre, device);
    return Promise.resolve(rows);
  }

  async uploadsBefore(centre: string, changedAt: number) {
    const rows = this.prepared<[string, number], UploadRow>(
      `SELECT ${uploadColumns} FROM uploads WHERE centre = ? AND changed_at < ? ORDER BY sha256, device`
    ).all(centre, changedAt);
    return Promise.resolve(rows);
  }

  async namesAwaited(centre: string) {
    const rows = this.prepared<[string], { sha256: string; type: string; id: string }>(
      `SELECT sha256, type, id FROM attachment_names names WHERE centre = ? AND NOT EXISTS (
         SELECT 1 FROM attachments here WHERE here.centre = names.centre AND here.sha256 = names.sha256
       ) ORDER BY sha256, type, id`
    ).all(centre);
    return Promise.resolve(rows.map((row) => [row.sha256, row.type, row.id] as const));
  }

  async recordsNaming(centre: string, sha256: string) {
    const rows = this.prepared<[string, string], { type: string; id: string }>(
      'SELECT type, id FROM attachment_names WHERE centre = ? AND sha256 = ? ORDER BY type, id'
    ).all(centre, sha256);
    return Promise.resolve(rows.map((row) => [row.type, row.id] as const));
  }
}
