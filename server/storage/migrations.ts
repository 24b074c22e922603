import type { Database } from 'better-sqlite3';

/** Steps are only added, never changed: a database remembers how many it has seen. */
const steps: readonly string[] = [
  `
  CREATE TABLE centres (
    id TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash TEXT NOT NULL, epoch TEXT NOT NULL, key BLOB NOT NULL,
    last_now INTEGER NOT NULL, durable INTEGER NOT NULL
  );
  CREATE TABLE epochs (
    centre TEXT NOT NULL, position INTEGER NOT NULL, epoch TEXT NOT NULL, first_seq INTEGER NOT NULL,
    restored_to INTEGER NOT NULL, PRIMARY KEY (centre, position)
  );
  CREATE TABLE operations (
    centre TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, device TEXT NOT NULL, n INTEGER NOT NULL,
    n_to INTEGER NOT NULL, "by" TEXT NOT NULL, corrected INTEGER NOT NULL, suspect INTEGER NOT NULL,
    outcome TEXT NOT NULL, reason TEXT, detail TEXT, changes TEXT NOT NULL, salts TEXT NOT NULL, replaces TEXT,
    fingerprint TEXT NOT NULL, raw TEXT, received_at INTEGER NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (centre, seq)
  );
  CREATE UNIQUE INDEX operations_identity ON operations (centre, device, n) WHERE kind = 'operation';
  CREATE UNIQUE INDEX operations_release ON operations (centre, device, n) WHERE kind = 'release';
  CREATE TRIGGER operations_append_only BEFORE DELETE ON operations
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
  CREATE TABLE touched (
    centre TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL,
    PRIMARY KEY (centre, type, id, seq)
  ) WITHOUT ROWID;
  CREATE TABLE records (
    centre TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (centre, type, id)
  );
  CREATE TABLE record_streams (
    centre TEXT NOT NULL, stream TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL,
    gone INTEGER NOT NULL, PRIMARY KEY (centre, stream, type, id)
  ) WITHOUT ROWID;
  CREATE INDEX record_streams_order ON record_streams (centre, stream, seq);
  CREATE TABLE stream_sums (
    centre TEXT NOT NULL, stream TEXT NOT NULL, count INTEGER NOT NULL, sum INTEGER NOT NULL,
    PRIMARY KEY (centre, stream)
  ) WITHOUT ROWID;
  CREATE TABLE devices (
    centre TEXT NOT NULL, id TEXT NOT NULL, secret_hash TEXT NOT NULL, role TEXT NOT NULL, user TEXT NOT NULL,
    name TEXT NOT NULL, holder_phone TEXT, created_at INTEGER NOT NULL, revoked_at INTEGER, former_role TEXT,
    role_changed_at INTEGER, last_n INTEGER NOT NULL, offset_ms INTEGER, good_exchange_at INTEGER NOT NULL,
    previous_corrected INTEGER NOT NULL, parent TEXT, parent_from INTEGER, last_exchange_at INTEGER,
    head_seq INTEGER NOT NULL, pending INTEGER NOT NULL, oldest_pending INTEGER, lost INTEGER NOT NULL,
    build TEXT, health TEXT, PRIMARY KEY (centre, id)
  );
  CREATE UNIQUE INDEX devices_secret ON devices (centre, secret_hash);
  CREATE TABLE enrolments (
    centre TEXT NOT NULL, code_hash TEXT NOT NULL, role TEXT NOT NULL, user TEXT NOT NULL,
    device_name TEXT NOT NULL, holder_phone TEXT, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    used_at INTEGER, used_by TEXT, PRIMARY KEY (centre, code_hash)
  );
  CREATE TABLE attachments (
    centre TEXT NOT NULL, sha256 TEXT NOT NULL, mime TEXT NOT NULL, size INTEGER NOT NULL,
    stored_at INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (centre, sha256)
  );
  CREATE TABLE attachment_names (
    centre TEXT NOT NULL, sha256 TEXT NOT NULL, type TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (centre, sha256, type, id)
  ) WITHOUT ROWID;
  `,
  'ALTER TABLE devices ADD COLUMN campaign TEXT',
  `
  ALTER TABLE attachments ADD COLUMN place TEXT NOT NULL DEFAULT 'database';
  ALTER TABLE attachments ADD COLUMN unnamed_at INTEGER;
  CREATE TABLE uploads (
    centre TEXT NOT NULL, sha256 TEXT NOT NULL, mime TEXT NOT NULL, length INTEGER NOT NULL,
    received INTEGER NOT NULL, changed_at INTEGER NOT NULL, PRIMARY KEY (centre, sha256)
  );
  CREATE TABLE upload_parts (
    centre TEXT NOT NULL, sha256 TEXT NOT NULL, position INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (centre, sha256, position)
  );
  `,
  `
  CREATE TABLE erased (
    centre TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (centre, kind, name)
  ) WITHOUT ROWID;
  `,
  // Whose the parts were that had come by then nobody noted: their devices send those files again.
  `
  DROP TABLE upload_parts;
  DROP TABLE uploads;
  CREATE TABLE uploads (
    centre TEXT NOT NULL, sha256 TEXT NOT NULL, device TEXT NOT NULL, mime TEXT NOT NULL, length INTEGER NOT NULL,
    received INTEGER NOT NULL, changed_at INTEGER NOT NULL, PRIMARY KEY (centre, sha256, device)
  );
  CREATE TABLE upload_parts (
    centre TEXT NOT NULL, sha256 TEXT NOT NULL, device TEXT NOT NULL, position INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (centre, sha256, device, position)
  );
  `
];

/** Brings a database to the present shape; running it again, or by two processes at once, changes nothing. */
export function migrate(connection: Database): void {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const done = Number(connection.pragma('user_version', { simple: true }));
    for (const step of steps.slice(done)) connection.exec(step);
    if (done < steps.length) connection.pragma(`user_version = ${steps.length}`);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}
