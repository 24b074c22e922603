import type { ClientBase } from 'pg';

/**
 * Steps are only added, never changed: a database remembers how many it has seen. Text is compared by bytes (collation
 * «C»), as SQLite and the devices compare it. States and operations are text, not jsonb: records equal the fold byte for
 * byte (I10).
 */
const steps: readonly string[] = [
  `
  CREATE TABLE secrets (name text PRIMARY KEY, value text NOT NULL);
  CREATE TABLE writers (centre text COLLATE "C" PRIMARY KEY);
  CREATE TABLE centres (
    id text COLLATE "C" PRIMARY KEY, seq bigint NOT NULL, hash text NOT NULL, epoch text NOT NULL, key bytea NOT NULL,
    last_now bigint NOT NULL, durable bigint NOT NULL
  );
  CREATE TABLE epochs (
    centre text COLLATE "C" NOT NULL, position integer NOT NULL, epoch text NOT NULL, first_seq bigint NOT NULL,
    restored_to bigint NOT NULL, PRIMARY KEY (centre, position)
  );
  CREATE TABLE operations (
    centre text COLLATE "C" NOT NULL, seq bigint NOT NULL, kind text NOT NULL, device text COLLATE "C" NOT NULL,
    n bigint NOT NULL, n_to bigint NOT NULL, "by" text NOT NULL, corrected bigint NOT NULL, suspect integer NOT NULL,
    outcome text NOT NULL, reason text, detail text, changes text NOT NULL, salts text NOT NULL, replaces text,
    fingerprint text NOT NULL, raw text, received_at bigint NOT NULL, hash text NOT NULL,
    PRIMARY KEY (centre, seq)
  );
  CREATE UNIQUE INDEX operations_identity ON operations (centre, device, n) WHERE kind = 'operation';
  CREATE UNIQUE INDEX operations_release ON operations (centre, device, n) WHERE kind = 'release';
  CREATE FUNCTION operations_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;
  CREATE TRIGGER operations_append_only BEFORE DELETE OR TRUNCATE ON operations
    FOR EACH STATEMENT EXECUTE FUNCTION operations_append_only();
  CREATE TABLE touched (
    centre text COLLATE "C" NOT NULL, type text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL, PRIMARY KEY (centre, type, id, seq)
  );
  CREATE TABLE records (
    centre text COLLATE "C" NOT NULL, type text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL,
    seq bigint NOT NULL, state text NOT NULL, PRIMARY KEY (centre, type, id)
  );
  CREATE TABLE record_streams (
    centre text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, type text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL, seq bigint NOT NULL, gone integer NOT NULL, PRIMARY KEY (centre, stream, type, id)
  );
  CREATE UNIQUE INDEX record_streams_order ON record_streams (centre, stream, seq, type, id);
  CREATE TABLE stream_sums (
    centre text COLLATE "C" NOT NULL, stream text COLLATE "C" NOT NULL, count bigint NOT NULL, sum bigint NOT NULL,
    PRIMARY KEY (centre, stream)
  );
  CREATE TABLE devices (
    centre text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, secret_hash text NOT NULL, role text NOT NULL,
    "user" text NOT NULL, name text NOT NULL, holder_phone text, created_at bigint NOT NULL, revoked_at bigint,
    former_role text, role_changed_at bigint, last_n bigint NOT NULL, offset_ms bigint, good_exchange_at bigint NOT NULL,
    previous_corrected bigint NOT NULL, parent text, parent_from bigint, last_exchange_at bigint,
    head_seq bigint NOT NULL, pending bigint NOT NULL, oldest_pending bigint, lost bigint NOT NULL, build text,
    health jsonb, PRIMARY KEY (centre, id)
  );
  CREATE UNIQUE INDEX devices_secret ON devices (centre, secret_hash);
  CREATE TABLE enrolments (
    centre text COLLATE "C" NOT NULL, code_hash text COLLATE "C" NOT NULL, role text NOT NULL, "user" text NOT NULL,
    device_name text NOT NULL, holder_phone text, created_at bigint NOT NULL, expires_at bigint NOT NULL,
    used_at bigint, used_by text, PRIMARY KEY (centre, code_hash)
  );
  CREATE TABLE attachments (
    centre text COLLATE "C" NOT NULL, sha256 text COLLATE "C" NOT NULL, mime text NOT NULL, size bigint NOT NULL,
    stored_at bigint NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (centre, sha256)
  );
  CREATE TABLE attachment_names (
    centre text COLLATE "C" NOT NULL, sha256 text COLLATE "C" NOT NULL, type text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL, PRIMARY KEY (centre, sha256, type, id)
  );
  `,
  'ALTER TABLE devices ADD COLUMN campaign text',
  `
  ALTER TABLE attachments ADD COLUMN place text NOT NULL DEFAULT 'database';
  ALTER TABLE attachments ADD COLUMN unnamed_at bigint;
  CREATE TABLE uploads (
    centre text COLLATE "C" NOT NULL, sha256 text COLLATE "C" NOT NULL, mime text NOT NULL, length bigint NOT NULL,
    received bigint NOT NULL, changed_at bigint NOT NULL, PRIMARY KEY (centre, sha256)
  );
  CREATE TABLE upload_parts (
    centre text COLLATE "C" NOT NULL, sha256 text COLLATE "C" NOT NULL, position bigint NOT NULL, bytes bytea NOT NULL,
    PRIMARY KEY (centre, sha256, position)
  );
  `,
  `
  CREATE TABLE erased (
    centre text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
    seq bigint NOT NULL, at bigint NOT NULL, PRIMARY KEY (centre, kind, name)
  );
  `,
  // Whose the parts were that had come by then nobody noted: their devices send those files again.
  `
  DROP TABLE upload_parts;
  DROP TABLE uploads;
  CREATE TABLE uploads (
    centre text COLLATE "C" NOT NULL, sha256 text COLLATE "C" NOT NULL, device text COLLATE "C" NOT NULL,
    mime text NOT NULL, length bigint NOT NULL, received bigint NOT NULL, changed_at bigint NOT NULL,
    PRIMARY KEY (centre, sha256, device)
  );
  CREATE TABLE upload_parts (
    centre text COLLATE "C" NOT NULL, sha256 text COLLATE "C" NOT NULL, device text COLLATE "C" NOT NULL,
    position bigint NOT NULL, bytes bytea NOT NULL, PRIMARY KEY (centre, sha256, device, position)
  );
  `
];

/** Any number of processes may start at once: the first one makes the tables, the others wait for it. */
const migrationLock = 7_203_118_440;

/** Brings a database to the present shape; running it again, or by several processes at once, changes nothing. */
export async function migratePostgres(client: ClientBase): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
    await client.query('CREATE TABLE IF NOT EXISTS schema_steps (done integer NOT NULL)');
    const known = await client.query<{ done: number }>('SELECT done FROM schema_steps');
    const done = known.rows[0]?.done ?? 0;
    for (const step of steps.slice(done)) await client.query(step);
    if (known.rows.length === 0)
      await client.query('INSERT INTO schema_steps (done) VALUES ($1)', [steps.length]);
    else if (done < steps.length) await client.query('UPDATE schema_steps SET done = $1', [steps.length]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}
