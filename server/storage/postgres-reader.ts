import { and, asc, eq, getTableColumns, gt } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { PoolClient, QueryResultRow } from 'pg';
import type { StoredRecord } from '#domain/sync/merge.ts';
import { without } from './columns.ts';
import { toLogRow, type StoredLogRow } from './log-row.ts';
import { attachments, centres, devices, enrolments, epochs } from './postgres-schema.ts';
import type { ErasedRow, LogRow, ReadSnapshot, StreamRows, UploadRow } from './server-storage.ts';
import { parseStored } from './stored-json.ts';
import { StreamPage, type StreamRow } from './stream-page.ts';

const deviceColumns = without(getTableColumns(devices), 'centre');
const enrolmentColumns = without(getTableColumns(enrolments), 'centre');
const uploadColumns = 'device, sha256, mime, length, received, changed_at AS "changedAt"';
/** Numbers of eight bytes come as text. */
type StoredUpload = { readonly [Key in keyof UploadRow]: string };
const attachmentColumns = without(without(getTableColumns(attachments), 'centre'), 'bytes');

/** A page is read in pieces of so many rows, because only the rows tell how many bytes they are. */
const rowsAtOnce = 1_000;

/** Reads on one PostgreSQL connection, inside the transaction that its owner began. */
export class PostgresReader implements ReadSnapshot {
  protected readonly client: PoolClient;
  protected readonly orm: NodePgDatabase;

  constructor(client: PoolClient) {
    this.client = client;
    this.orm = drizzle(client);
  }

  /** Called before anything of a centre is read or written; a writer takes the centre's lock here. */
  protected begin(centre: string): Promise<void> {
    void centre;
    return Promise.resolve();
  }

  protected async rows<Row extends QueryResultRow>(
    text: string,
    values: readonly [centre: string, ...unknown[]]
  ): Promise<readonly Row[]> {
    await this.begin(values[0]);
    return (await this.client.query<Row>(text, [...values])).rows;
  }

  async centre(centre: string) {
    await this.begin(centre);
    const [row] = await this.orm.select().from(centres).where(eq(centres.id, centre));
    return row;
  }

  async epochs(centre: string) {
    await this.begin(centre);
    const columns = { epoch: epochs.epoch, firstSeq: epochs.firstSeq, restoredTo: epochs.restoredTo };
    const query = this.orm.select(columns).from(epochs).where(eq(epochs.centre, centre));
    return query.orderBy(asc(epochs.position));
  }

  async device(centre: string, id: string) {
    await this.begin(centre);
    const where = and(eq(devices.centre, centre), eq(devices.id, id));
    const [row] = await this.orm.select(deviceColumns).from(devices).where(where);
    return row;
  }

  async deviceBySecret(centre: string, secretHash: string) {
    await this.begin(centre);
    const where = and(eq(devices.centre, centre), eq(devices.secretHash, secretHash));
    const [row] = await this.orm.select(deviceColumns).from(devices).where(where);
    return row;
  }

  async devices(centre: string) {
    await this.begin(centre);
    const query = this.orm.select(deviceColumns).from(devices).where(eq(devices.centre, centre));
    return query.orderBy(asc(devices.id));
  }

  async records(centre: string, keys: readonly (readonly [string, string])[]) {
    const rows = await this.rows<{ state: string }>(
      `SELECT records.state FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS asked (type, id, place)
       JOIN records ON records.centre = $1 AND records.type = asked.type AND records.id = asked.id
       ORDER BY asked.place`,
      [centre, keys.map(([type]) => type), keys.map(([, id]) => id)]
    );
    return rows.map((row) => parseStored<StoredRecord>(row.state));
  }

  async seqsOf(centre: string, keys: readonly (readonly [string, string])[]) {
    const rows = await this.rows<{ type: string; id: string; seq: number }>(
      `SELECT records.type, records.id, records.seq
       FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS asked (type, id, place)
       JOIN records ON records.centre = $1 AND records.type = asked.type AND records.id = asked.id
       ORDER BY asked.place`,
      [centre, keys.map(([type]) => type), keys.map(([, id]) => id)]
    );
    return rows.map(({ type, id, seq }) => [type, id, Number(seq)] as const);
  }

  async recordsOfType(centre: string, type: string) {
    const rows = await this.rows<{ state: string }>(
      'SELECT state FROM records WHERE centre = $1 AND type = $2 ORDER BY id',
      [centre, type]
    );
    return rows.map((row) => parseStored<StoredRecord>(row.state));
  }

  async recordsAfter(centre: string, after: readonly [string, string], limit: number) {
    const rows = await this.rows<{ state: string }>(
      'SELECT state FROM records WHERE centre = $1 AND (type, id) > ($2, $3) ORDER BY type, id LIMIT $4',
      [centre, after[0], after[1], limit]
    );
    return rows.map((row) => parseStored<StoredRecord>(row.state));
  }

  async hashAt(centre: string, seq: number) {
    if (seq === 0) return '';
    const [row] = await this.rows<{ hash: string }>(
      'SELECT hash FROM operations WHERE centre = $1 AND seq = $2',
      [centre, seq]
    );
    return row?.hash;
  }

  operationsOf(centre: string, device: string, from: number, to: number) {
    return this.#ofDevice('operation', centre, device, from, to);
  }

  releasesOf(centre: string, device: string, from: number, to: number) {
    return this.#ofDevice('release', centre, device, from, to);
  }

  async #ofDevice(kind: 'operation' | 'release', centre: string, device: string, from: number, to: number) {
    // A declared hole begins before the numbers that it covers, so the last row at or before `from` belongs to the answer.
    const rows = await this.rows<StoredLogRow & QueryResultRow>(
      `SELECT * FROM operations WHERE centre = $1 AND device = $2 AND kind = $5 AND n <= $4 AND n_to >= $3
       AND n >= COALESCE((SELECT MAX(n) FROM operations
         WHERE centre = $1 AND device = $2 AND kind = $5 AND n <= $3), $3)
       ORDER BY n`,
      [centre, device, from, to, kind]
    );
    return rows.map(toLogRow);
  }

  async log(centre: string, afterSeq: number, limit: number) {
    const rows = await this.rows<StoredLogRow & QueryResultRow>(
      'SELECT * FROM operations WHERE centre = $1 AND seq > $2 ORDER BY seq LIMIT $3',
      [centre, afterSeq, limit]
    );
    return rows.map(toLogRow);
  }

  async changedAt(centre: string, seqs: readonly number[]) {
    const rows = await this.rows<{ seq: number; changes: string }>(
      'SELECT seq, changes FROM operations WHERE centre = $1 AND seq = ANY($2::bigint[])',
      [centre, [...new Set(seqs)]]
    );
    return rows.flatMap(({ seq, changes }) =>
      parseStored<LogRow['changes']>(changes).map(({ e, k }) => [Number(seq), e, k] as const)
    );
  }

  async changedAlone(centre: string, seqs: readonly number[]) {
    const rows = await this.rows<{ seq: number }>(
      `SELECT seq FROM operations
       WHERE centre = $1 AND seq = ANY($2::bigint[]) AND json_array_length(changes::json) = 1`,
      [centre, [...new Set(seqs)]]
    );
    return new Set(rows.map(({ seq }) => Number(seq)));
  }

  async logOfRecord(centre: string, type: string, id: string, limit: number) {
    const rows = await this.rows<StoredLogRow & QueryResultRow>(
      `SELECT operations.* FROM touched JOIN operations USING (centre, seq)
       WHERE touched.centre = $1 AND touched.type = $2 AND touched.id = $3 ORDER BY touched.seq DESC LIMIT $4`,
      [centre, type, id, limit]
    );
    return rows.map(toLogRow);
  }

  async streamRows(
    centre: string,
    stream: string,
    afterSeq: number,
    maxBytes: number,
    upTo = Number.MAX_SAFE_INTEGER
  ): Promise<StreamRows> {
    const page = new StreamPage(afterSeq, maxBytes);
    // Types and ids are never empty, so this key stands before every row of the next seq.
    let after: readonly [number, string, string] = [afterSeq + 1, '', ''];
    for (;;) {
      const rows: readonly StreamRow[] = await this.rows<StreamRow & QueryResultRow>(
        `SELECT streams.seq, streams.type, streams.id, streams.gone, records.state
         FROM record_streams AS streams LEFT JOIN records USING (centre, type, id)
         WHERE streams.centre = $1 AND streams.stream = $2 AND (streams.seq, streams.type, streams.id) > ($3, $4, $5)
           AND streams.seq <= $6
         ORDER BY streams.seq, streams.type, streams.id LIMIT $7`,
        [centre, stream, ...after, upTo, rowsAtOnce]
      );
      for (const row of rows) if (!page.add(row)) return page.result;
      const last = rows.at(-1);
      if (last === undefined || rows.length < rowsAtOnce) return page.result;
      after = [last.seq, last.type, last.id];
    }
  }

  async streamCount(centre: string, stream: string, afterSeq: number, upTo: number) {
    const [row] = await this.rows<{ count: number }>(
      'SELECT COUNT(*) AS count FROM record_streams WHERE centre = $1 AND stream = $2 AND seq > $3 AND seq <= $4',
      [centre, stream, afterSeq, upTo]
    );
    return Number(row?.count ?? 0);
  }

  async streamChanges(centre: string, stream: string, afterSeq: number, limit: number) {
    const rows = await this.rows<{ type: string; id: string }>(
      'SELECT type, id FROM record_streams WHERE centre = $1 AND stream = $2 AND seq > $3 ORDER BY seq LIMIT $4',
      [centre, stream, afterSeq, limit]
    );
    return rows.map((row) => [row.type, row.id] as const);
  }

  async streamSum(centre: string, stream: string) {
    const [row] = await this.rows<{ count: number; sum: number }>(
      'SELECT count, sum FROM stream_sums WHERE centre = $1 AND stream = $2',
      [centre, stream]
    );
    return [row?.count ?? 0, row?.sum ?? 0] as const;
  }

  async recordsMentioning(centre: string, ids: readonly string[]) {
    const rows = await this.rows<{ state: string }>(
      `SELECT state FROM records WHERE centre = $1
       AND EXISTS (SELECT 1 FROM unnest($2::text[]) AS asked (id) WHERE strpos(records.state, asked.id) > 0) ORDER BY type, id`,
      [centre, ids]
    );
    return rows.map((row) => parseStored<StoredRecord>(row.state));
  }

  async unreadableMentioning(centre: string, ids: readonly string[]) {
    const rows = await this.rows<StoredLogRow & QueryResultRow>(
      `SELECT * FROM operations WHERE centre = $1 AND outcome = 'refused' AND changes = '[]'
       AND EXISTS (SELECT 1 FROM unnest($2::text[]) AS asked (id) WHERE strpos(operations.raw, asked.id) > 0)`,
      [centre, ids]
    );
    return rows.map(toLogRow);
  }

  async erasedAfter(centre: string, seq: number) {
    return this.rows<ErasedRow & QueryResultRow>(
      'SELECT kind, name, seq, at FROM erased WHERE centre = $1 AND seq > $2 ORDER BY seq, kind, name',
      [centre, seq]
    );
  }

  async enrolment(centre: string, codeHash: string) {
    await this.begin(centre);
    const where = and(eq(enrolments.centre, centre), eq(enrolments.codeHash, codeHash));
    const [row] = await this.orm.select(enrolmentColumns).from(enrolments).where(where);
    return row;
  }

  async enrolments(centre: string) {
    await this.begin(centre);
    const query = this.orm.select(enrolmentColumns).from(enrolments).where(eq(enrolments.centre, centre));
    return query.orderBy(asc(enrolments.createdAt), asc(enrolments.codeHash));
  }

  async attachment(centre: string, sha256: string) {
    await this.begin(centre);
    const where = and(eq(attachments.centre, centre), eq(attachments.sha256, sha256));
    const [row] = await this.orm.select(attachmentColumns).from(attachments).where(where);
    return row;
  }

  async attachmentBytes(centre: string, sha256: string) {
    await this.begin(centre);
    const where = and(eq(attachments.centre, centre), eq(attachments.sha256, sha256));
    const [row] = await this.orm.select({ bytes: attachments.bytes }).from(attachments).where(where);
    return row?.bytes;
  }

  async attachmentsAfter(centre: string, sha256: string, limit: number) {
    await this.begin(centre);
    const where = and(eq(attachments.centre, centre), gt(attachments.sha256, sha256));
    const query = this.orm.select(attachmentColumns).from(attachments).where(where);
    return query.orderBy(asc(attachments.sha256)).limit(limit);
  }

  async upload(centre: string, device: string, sha256: string) {
    const [row] = await this.rows<StoredUpload>(
      `SELECT ${uploadColumns} FROM uploads WHERE centre = $1 AND sha256 = $2 AND device = $3`,
      [centre, sha256, device]
    );
    return row === undefined ? undefined : toUpload(row);
  }

  async uploadParts(centre: string, device: string, sha256: string) {
    const rows = await this.rows<{ bytes: Buffer }>(
      'SELECT bytes FROM upload_parts WHERE centre = $1 AND sha256 = $2 AND device = $3 ORDER BY position',
      [centre, sha256, device]
    );
    return rows.map((row) => row.bytes);
  }

  async uploadsOf(centre: string, device: string) {
    const rows = await this.rows<StoredUpload>(
      `SELECT ${uploadColumns} FROM uploads WHERE centre = $1 AND device = $2 ORDER BY changed_at, sha256`,
      [centre, device]
    );
    return rows.map(toUpload);
  }

  async uploadsBefore(centre: string, changedAt: number) {
    const rows = await this.rows<StoredUpload>(
      `SELECT ${uploadColumns} FROM uploads WHERE centre = $1 AND changed_at < $2 ORDER BY sha256, device`,
      [centre, changedAt]
    );
    return rows.map(toUpload);
  }

  async namesAwaited(centre: string) {
    const rows = await this.rows<{ sha256: string; type: string; id: string }>(
      `SELECT sha256, type, id FROM attachment_names names WHERE centre = $1 AND NOT EXISTS (
         SELECT 1 FROM attachments here WHERE here.centre = $1 AND here.sha256 = names.sha256
       ) ORDER BY sha256, type, id`,
      [centre]
    );
    return rows.map((row) => [row.sha256, row.type, row.id] as const);
  }

  async recordsNaming(centre: string, sha256: string) {
    const rows = await this.rows<{ type: string; id: string }>(
      'SELECT type, id FROM attachment_names WHERE centre = $1 AND sha256 = $2 ORDER BY type, id',
      [centre, sha256]
    );
    return rows.map((row) => [row.type, row.id] as const);
  }
}

function toUpload({ length, received, changedAt, ...row }: StoredUpload): UploadRow {
  return { ...row, length: Number(length), received: Number(received), changedAt: Number(changedAt) };
}
