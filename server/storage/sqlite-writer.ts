import { hashesNamed } from '#domain/sync/attachment-names.ts';
import { toStoredLogRow } from './log-row.ts';
import { attachments, centres, devices, enrolments } from './schema.ts';
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
import { RowRuns } from './row-runs.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { upsertOf } from './sqlite-upsert.ts';
import { moveSum, movesByStream, streamMove } from './stream-sums.ts';

/** Writes on the one writing connection; only ever used between BEGIN IMMEDIATE and COMMIT. */
export class SqliteWriter extends SqliteReader implements WriteTransaction {
  #erased = false;
  #putCentre: ReturnType<typeof upsertOf> | undefined;
  #putDevice: ReturnType<typeof upsertOf> | undefined;

  async putCentre(centre: CentreRow) {
    this.#putCentre ??= upsertOf(this.orm, centres, [centres.id]);
    this.#putCentre.run({ ...centre, key: Buffer.from(centre.key) });
    return Promise.resolve();
  }

  async addEpoch(centre: string, epoch: EpochRow) {
    this.prepared<[string, string, string, number, number]>(
      `INSERT INTO epochs (centre, position, epoch, first_seq, restored_to)
       VALUES (?, (SELECT COUNT(*) FROM epochs WHERE centre = ?), ?, ?, ?)`
    ).run(centre, centre, epoch.epoch, epoch.firstSeq, epoch.restoredTo);
    return Promise.resolve();
  }

  async putDevice(centre: string, device: DeviceRow) {
    this.#putDevice ??= upsertOf(this.orm, devices, [devices.centre, devices.id]);
    this.#putDevice.run({ ...device, centre });
    return Promise.resolve();
  }

  async appendLog(centre: string, rows: readonly LogRow[]) {
    const insert = this.prepared<unknown[]>(
      `INSERT INTO operations (centre, seq, kind, device, n, n_to, "by", corrected, suspect, outcome, reason, detail, changes, salts,
       replaces, fingerprint, raw, received_at, hash) VALUES (${'?, '.repeat(18)}?)`
    );
    const touch = this.prepared<[string, string, number, string]>(
      'INSERT OR IGNORE INTO touched (centre, type, id, seq) SELECT ?, ?, value, ? + key FROM json_each(?)'
    );
    const name = this.prepared<[string, string, string, string]>(
      'INSERT OR IGNORE INTO attachment_names (centre, sha256, type, id) VALUES (?, ?, ?, ?)'
    );
    const touched = new RowRuns();
    for (const row of rows) {
      // Bound one by one: neither an object nor a list is made for a row.
      insert.run(
        centre,
        row.seq,
        row.kind,
        row.device,
        row.n,
        row.to,
        row.by,
        row.corrected,
        row.suspect ? 1 : 0,
        row.outcome,
        row.reason,
        row.detail,
        JSON.stringify(row.changes),
        JSON.stringify(row.salts),
        row.replaces === null ? null : JSON.stringify(row.replaces),
        row.fingerprint,
        row.raw,
        row.receivedAt,
        row.hash
      );
      for (const change of row.changes) {
        touched.add('', change.e, change.k, row.seq);
        for (const hash of hashesNamed(change)) name.run(centre, hash, change.e, change.k);
      }
    }
    for (const { type, seq, ids } of touched.all) touch.run(centre, type, seq, JSON.stringify(ids));
    return Promise.resolve();
  }

  /** Whether something was erased since this was asked last. */
  takeErased(): boolean {
    const erased = this.#erased;
    this.#erased = false;
    return erased;
  }

  async emptyLog(centre: string, rows: readonly LogRow[]) {
    this.#erased = true;
    const update = this.prepared<[Record<string, unknown>]>(
      `UPDATE operations SET changes = @changes, salts = @salts, raw = @raw WHERE centre = @centre AND seq = @seq`
    );
    for (const row of rows) {
      const { seq, changes, salts, raw } = toStoredLogRow(row);
      update.run({ centre, seq, changes, salts, raw });
    }
    return Promise.resolve();
  }

  async addErased(centre: string, rows: readonly ErasedRow[]) {
    const insert = this.prepared<[string, string, string, number, number]>(
      'INSERT OR IGNORE INTO erased (centre, kind, name, seq, at) VALUES (?, ?, ?, ?, ?)'
    );
    for (const { kind, name, seq, at } of rows) insert.run(centre, kind, name, seq, at);
    return Promise.resolve();
  }

  async putRecords(centre: string, changes: readonly RecordChange[]) {
    const putRecord = this.prepared<[string, string, string, number, string]>(
      `INSERT INTO records (centre, type, id, seq, state) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (centre, type, id) DO UPDATE SET seq = excluded.seq, state = excluded.state`
    );
    const putStreams = this.prepared<[string, string, string, number, number, string]>(
      `INSERT INTO record_streams (centre, stream, type, id, seq, gone)
       SELECT ?, ?, ?, value, ? + key, ? FROM json_each(?) WHERE true
       ON CONFLICT (centre, stream, type, id) DO UPDATE SET seq = excluded.seq, gone = excluded.gone`
    );
    const present = new RowRuns();
    const left = new RowRuns();
    for (const { before, after } of changes) {
      putRecord.run(centre, after.e, after.k, after.seq, JSON.stringify(after));
      const move = streamMove(before, after);
      for (const stream of move.present) present.add(stream, after.e, after.k, after.seq);
      for (const stream of move.left) left.add(stream, after.e, after.k, after.seq);
    }
    for (const [runs, gone] of [
      [present.all, 0],
      [left.all, 1]
    ] as const)
      for (const { stream, type, seq, ids } of runs)
        putStreams.run(centre, stream, type, seq, gone, JSON.stringify(ids));
    const putSum = this.prepared<[string, string, number, number]>(
      `INSERT INTO stream_sums (centre, stream, count, sum) VALUES (?, ?, ?, ?)
       ON CONFLICT (centre, stream) DO UPDATE SET count = excluded.count, sum = excluded.sum`
    );
    for (const [stream, moves] of movesByStream(changes)) {
      const [count, sum] = moveSum(await this.streamSum(centre, stream), moves);
      putSum.run(centre, stream, count, sum);
    }
  }

  async putEnrolment(centre: string, enrolment: EnrolmentRow) {
    const row = { ...enrolment, centre };
    const target = [enrolments.centre, enrolments.codeHash];
    this.orm.insert(enrolments).values(row).onConflictDoUpdate({ target, set: row }).run();
    return Promise.resolve();
  }

  async putAttachment(centre: string, attachment: NewAttachment, bytes?: Uint8Array) {
    const place = bytes === undefined ? ('files' as const) : ('database' as const);
    const row = { ...attachment, centre, place, bytes: Buffer.from(bytes ?? []) };
    this.orm.insert(attachments).values(row).onConflictDoNothing().run();
    return Promise.resolve();
  }

  async markUnnamed(centre: string, sha256: string, unnamedAt: number | null) {
    this.prepared<[number | null, string, string]>(
      'UPDATE attachments SET unnamed_at = ? WHERE centre = ? AND sha256 = ?'
    ).run(unnamedAt, centre, sha256);
    return Promise.resolve();
  }

  async removeAttachments(centre: string, hashes: readonly string[]) {
    const remove = this.prepared<[string, string]>('DELETE FROM attachments WHERE centre = ? AND sha256 = ?');
    for (const hash of hashes) remove.run(centre, hash);
    return Promise.resolve();
  }

  async putUpload(centre: string, upload: UploadRow) {
    this.prepared<[UploadRow & { readonly centre: string }]>(
      `INSERT INTO uploads (centre, device, sha256, mime, length, received, changed_at)
       VALUES (@centre, @device, @sha256, @mime, @length, @received, @changedAt)
       ON CONFLICT (centre, sha256, device)
       DO UPDATE SET received = excluded.received, changed_at = excluded.changed_at`
    ).run({ ...upload, centre });
    return Promise.resolve();
  }

  async addUploadPart(centre: string, device: string, sha256: string, position: number, bytes: Uint8Array) {
    this.prepared<[string, string, string, number, Buffer]>(
      'INSERT INTO upload_parts (centre, device, sha256, position, bytes) VALUES (?, ?, ?, ?, ?)'
    ).run(centre, device, sha256, position, Buffer.from(bytes));
    return Promise.resolve();
  }

  async removeUpload(centre: string, device: string, sha256: string) {
    for (const table of ['upload_parts', 'uploads'])
      this.prepared<[string, string, string]>(
        `DELETE FROM ${table} WHERE centre = ? AND sha256 = ? AND device = ?`
      ).run(centre, sha256, device);
    return Promise.resolve();
  }

  async removeUploads(centre: string, hashes: readonly string[]) {
    for (const table of ['upload_parts', 'uploads']) {
      const remove = this.prepared<[string, string]>(`DELETE FROM ${table} WHERE centre = ? AND sha256 = ?`);
      for (const sha256 of hashes) remove.run(centre, sha256);
    }
    return Promise.resolve();
  }

  async forgetAttachmentNames(
    centre: string,
    [type, id]: readonly [string, string],
    hashes: readonly string[]
  ) {
    const forget = this.prepared<[string, string, string, string]>(
      'DELETE FROM attachment_names WHERE centre = ? AND sha256 = ? AND type = ? AND id = ?'
    );
    for (const hash of hashes) forget.run(centre, hash, type, id);
    return Promise.resolve();
  }

  async savepoint<Value>(body: () => Promise<Value>): Promise<Value> {
    if (!this.connection.inTransaction) throw new Error('the database rolled the transaction back');
    this.connection.exec('SAVEPOINT part');
    try {
      const value = await body();
      this.connection.exec('RELEASE part');
      return value;
    } catch (error) {
      // A full disk may already have rolled the whole transaction back; then there is nothing to return to.
      if (this.connection.inTransaction) this.connection.exec('ROLLBACK TO part; RELEASE part');
      throw error;
    }
  }
}
