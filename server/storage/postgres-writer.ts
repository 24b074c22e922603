import { hashesNamed } from '#domain/sync/attachment-names.ts';
import { toStoredLogRow } from './log-row.ts';
import { PostgresReader } from './postgres-reader.ts';
import { attachments, centres, devices, enrolments } from './postgres-schema.ts';
import type {
  CentreRow,
  DeviceRow,
  EnrolmentRow,
  EpochRow,
  ErasedRow,
  LogRow,
  NewAttachment,
  RecordChange,
  UploadRow,
  WriteTransaction
} from './server-storage.ts';
import { moveSum, movesByStream, streamMove } from './stream-sums.ts';

/**
 * Writes inside one READ COMMITTED transaction. The first touch of a centre takes its lock, so that everything read
 * afterwards is the last committed state and numbers are given out in the order of commits (I5).
 */
export class PostgresWriter extends PostgresReader implements WriteTransaction {
  #locked: string | undefined;
  #locking: Promise<void> | undefined;

  protected override begin(centre: string): Promise<void> {
    if (this.#locked !== undefined && this.#locked !== centre)
      throw new Error(`one transaction writes one centre: ${this.#locked}, not ${centre}`);
    this.#locked = centre;
    this.#locking ??= this.#lock(centre);
    return this.#locking;
  }

  async #lock(centre: string): Promise<void> {
    const lock = () => this.client.query('SELECT 1 FROM writers WHERE centre = $1 FOR UPDATE', [centre]);
    if ((await lock()).rowCount === 1) return;
    await this.client.query('INSERT INTO writers (centre) VALUES ($1) ON CONFLICT DO NOTHING', [centre]);
    await lock();
  }

  /** Writes rows given as objects with the table's column names, in one statement. */
  async #insert(
    table: string,
    rows: readonly (Readonly<Record<string, unknown>> & { readonly centre: string })[],
    conflict: string
  ): Promise<void> {
    const [first] = rows;
    if (first === undefined) return;
    await this.rows(
      `INSERT INTO ${table} SELECT rows.* FROM json_populate_recordset(NULL::${table}, $2::json) AS rows
       WHERE rows.centre = $1 ${conflict}`,
      [first.centre, JSON.stringify(rows)]
    );
  }

  async putCentre(centre: CentreRow) {
    await this.begin(centre.id);
    const row = { ...centre, key: Buffer.from(centre.key) };
    await this.orm.insert(centres).values(row).onConflictDoUpdate({ target: centres.id, set: row });
  }

  async addEpoch(centre: string, epoch: EpochRow) {
    await this.rows(
      `INSERT INTO epochs (centre, position, epoch, first_seq, restored_to)
       VALUES ($1, (SELECT COUNT(*) FROM epochs WHERE centre = $1), $2, $3, $4)`,
      [centre, epoch.epoch, epoch.firstSeq, epoch.restoredTo]
    );
  }

  async putDevice(centre: string, device: DeviceRow) {
    await this.begin(centre);
    const row = { ...device, centre };
    const target = [devices.centre, devices.id];
    await this.orm.insert(devices).values(row).onConflictDoUpdate({ target, set: row });
  }

  async appendLog(centre: string, rows: readonly LogRow[]) {
    const touched = new Map<string, { centre: string; type: string; id: string; seq: number }>();
    const names = new Map<string, { centre: string; sha256: string; type: string; id: string }>();
    for (const row of rows)
      for (const { e: type, k: id, ...change } of row.changes) {
        touched.set(JSON.stringify([type, id, row.seq]), { centre, type, id, seq: row.seq });
        for (const sha256 of hashesNamed({ e: type, k: id, ...change }))
          names.set(JSON.stringify([sha256, type, id]), { centre, sha256, type, id });
      }
    await this.#insert(
      'operations',
      rows.map((row) => ({ centre, ...toStoredLogRow(row) })),
      ''
    );
    await this.#insert('touched', [...touched.values()], 'ON CONFLICT DO NOTHING');
    await this.#insert('attachment_names', [...names.values()], 'ON CONFLICT DO NOTHING');
  }

  async emptyLog(centre: string, rows: readonly LogRow[]) {
    for (const row of rows) {
      const { seq, changes, salts, raw } = toStoredLogRow(row);
      await this.rows(
        'UPDATE operations SET changes = $3, salts = $4, raw = $5 WHERE centre = $1 AND seq = $2',
        [centre, seq, changes, salts, raw]
      );
    }
  }

  async addErased(centre: string, rows: readonly ErasedRow[]) {
    await this.#insert(
      'erased',
      rows.map(({ kind, name, seq, at }) => ({ centre, kind, name, seq, at })),
      'ON CONFLICT DO NOTHING'
    );
  }

  async putRecords(centre: string, changes: readonly RecordChange[]) {
    const streams = changes.flatMap(({ before, after: { e: type, k: id, seq, ...rest } }) => {
      const move = streamMove(before, { e: type, k: id, seq, ...rest });
      return [
        ...move.present.map((stream) => ({ centre, stream, type, id, seq, gone: 0 })),
        ...move.left.map((stream) => ({ centre, stream, type, id, seq, gone: 1 }))
      ];
    });
    await this.#insert(
      'records',
      changes.map(({ after }) => ({
        centre,
        type: after.e,
        id: after.k,
        seq: after.seq,
        state: JSON.stringify(after)
      })),
      'ON CONFLICT (centre, type, id) DO UPDATE SET seq = excluded.seq, state = excluded.state'
    );
    await this.#insert(
      'record_streams',
      streams,
      'ON CONFLICT (centre, stream, type, id) DO UPDATE SET seq = excluded.seq, gone = excluded.gone'
    );
    await this.#moveSums(centre, changes);
  }

  async #moveSums(centre: string, changes: readonly RecordChange[]): Promise<void> {
    const moves = movesByStream(changes);
    const known = await this.rows<{ stream: string; count: number; sum: number }>(
      'SELECT stream, count, sum FROM stream_sums WHERE centre = $1 AND stream = ANY ($2::text[])',
      [centre, [...moves.keys()]]
    );
    const starts = new Map(known.map(({ stream, count, sum }) => [stream, [count, sum] as const]));
    const rows = [...moves].map(([stream, steps]) => {
      const [count, sum] = moveSum(starts.get(stream) ?? [0, 0], steps);
      return { centre, stream, count, sum };
    });
    await this.#insert(
      'stream_sums',
      rows,
      'ON CONFLICT (centre, stream) DO UPDATE SET count = excluded.count, sum = excluded.sum'
    );
  }

  async putEnrolment(centre: string, enrolment: EnrolmentRow) {
    await this.begin(centre);
    const row = { ...enrolment, centre };
    const target = [enrolments.centre, enrolments.codeHash];
    await this.orm.insert(enrolments).values(row).onConflictDoUpdate({ target, set: row });
  }

  async putAttachment(centre: string, attachment: NewAttachment, bytes?: Uint8Array) {
    await this.begin(centre);
    const place = bytes === undefined ? ('files' as const) : ('database' as const);
    const row = { ...attachment, centre, place, bytes: Buffer.from(bytes ?? []) };
    await this.orm.insert(attachments).values(row).onConflictDoNothing();
  }

  async markUnnamed(centre: string, sha256: string, unnamedAt: number | null) {
    await this.rows('UPDATE attachments SET unnamed_at = $3 WHERE centre = $1 AND sha256 = $2', [
      centre,
      sha256,
      unnamedAt
    ]);
  }

  async removeAttachments(centre: string, hashes: readonly string[]) {
    await this.rows('DELETE FROM attachments WHERE centre = $1 AND sha256 = ANY($2::text[])', [
      centre,
      [...hashes]
    ]);
  }

  async putUpload(centre: string, upload: UploadRow) {
    await this.rows(
      `INSERT INTO uploads (centre, device, sha256, mime, length, received, changed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (centre, sha256, device)
       DO UPDATE SET received = excluded.received, changed_at = excluded.changed_at`,
      [centre, upload.device, upload.sha256, upload.mime, upload.length, upload.received, upload.changedAt]
    );
  }

  async addUploadPart(centre: string, device: string, sha256: string, position: number, bytes: Uint8Array) {
    await this.rows(
      'INSERT INTO upload_parts (centre, device, sha256, position, bytes) VALUES ($1, $2, $3, $4, $5)',
      [centre, device, sha256, position, Buffer.from(bytes)]
    );
  }

  async removeUpload(centre: string, device: string, sha256: string) {
    for (const table of ['upload_parts', 'uploads'])
      await this.rows(`DELETE FROM ${table} WHERE centre = $1 AND sha256 = $2 AND device = $3`, [
        centre,
        sha256,
        device
      ]);
  }

  async removeUploads(centre: string, hashes: readonly string[]) {
    for (const table of ['upload_parts', 'uploads'])
      await this.rows(`DELETE FROM ${table} WHERE centre = $1 AND sha256 = ANY($2::text[])`, [
        centre,
        hashes
      ]);
  }

  async forgetAttachmentNames(
    centre: string,
    [type, id]: readonly [string, string],
    hashes: readonly string[]
  ) {
    await this.rows(
      'DELETE FROM attachment_names WHERE centre = $1 AND sha256 = ANY($2::text[]) AND type = $3 AND id = $4',
      [centre, hashes, type, id]
    );
  }

  async savepoint<Value>(body: () => Promise<Value>): Promise<Value> {
    await this.client.query('SAVEPOINT part');
    try {
      const value = await body();
      await this.client.query('RELEASE SAVEPOINT part');
      return value;
    } catch (error) {
      await this.client.query('ROLLBACK TO SAVEPOINT part; RELEASE SAVEPOINT part');
      throw error;
    }
  }
}
