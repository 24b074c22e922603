import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { sql } from 'drizzle-orm';
import type { Role } from '#domain/records/definition.ts';
import type { DeviceHealth } from '#domain/sync/protocol.ts';

/** Tables of the embedded database. Every key begins with the centre. `migrations.ts` creates them; a test compares. */
export const centres = sqliteTable('centres', {
  id: text().primaryKey(),
  seq: integer().notNull(),
  hash: text().notNull(),
  epoch: text().notNull(),
  key: blob({ mode: 'buffer' }).notNull(),
  lastNow: integer('last_now').notNull(),
  durable: integer().notNull()
});

export const epochs = sqliteTable(
  'epochs',
  {
    centre: text().notNull(),
    /** Order of the history, 0, 1, 2 … */
    position: integer().notNull(),
    epoch: text().notNull(),
    firstSeq: integer('first_seq').notNull(),
    restoredTo: integer('restored_to').notNull()
  },
  (table) => [primaryKey({ columns: [table.centre, table.position] })]
);

export const operations = sqliteTable(
  'operations',
  {
    centre: text().notNull(),
    seq: integer().notNull(),
    kind: text({ enum: ['operation', 'release', 'erasure'] }).notNull(),
    device: text().notNull(),
    n: integer().notNull(),
    to: integer('n_to').notNull(),
    by: text().notNull(),
    corrected: integer().notNull(),
    suspect: integer().notNull(),
    outcome: text({ enum: ['applied', 'superseded', 'held', 'refused', 'lost'] }).notNull(),
    reason: text(),
    detail: text(),
    changes: text().notNull(),
    salts: text().notNull(),
    replaces: text(),
    fingerprint: text().notNull(),
    raw: text(),
    receivedAt: integer('received_at').notNull(),
    hash: text().notNull()
  },
  (table) => [
    primaryKey({ columns: [table.centre, table.seq] }),
    uniqueIndex('operations_identity')
      .on(table.centre, table.device, table.n)
      .where(sql`kind = 'operation'`),
    uniqueIndex('operations_release')
      .on(table.centre, table.device, table.n)
      .where(sql`kind = 'release'`)
  ]
);

/** Which log rows touched a record: the history that a card shows. */
export const touched = sqliteTable(
  'touched',
  {
    centre: text().notNull(),
    type: text().notNull(),
    id: text().notNull(),
    seq: integer().notNull()
  },
  (table) => [primaryKey({ columns: [table.centre, table.type, table.id, table.seq] })]
);

export const records = sqliteTable(
  'records',
  {
    centre: text().notNull(),
    type: text().notNull(),
    id: text().notNull(),
    seq: integer().notNull(),
    state: text().notNull()
  },
  (table) => [primaryKey({ columns: [table.centre, table.type, table.id] })]
);

export const recordStreams = sqliteTable(
  'record_streams',
  {
    centre: text().notNull(),
    stream: text().notNull(),
    type: text().notNull(),
    id: text().notNull(),
    seq: integer().notNull(),
    /** 1 = the record left the stream with this seq. */
    gone: integer().notNull()
  },
  (table) => [
    primaryKey({ columns: [table.centre, table.stream, table.type, table.id] }),
    index('record_streams_order').on(table.centre, table.stream, table.seq)
  ]
);

export const streamSums = sqliteTable(
  'stream_sums',
  {
    centre: text().notNull(),
    stream: text().notNull(),
    count: integer().notNull(),
    sum: integer().notNull()
  },
  (table) => [primaryKey({ columns: [table.centre, table.stream] })]
);

export const devices = sqliteTable(
  'devices',
  {
    centre: text().notNull(),
    id: text().notNull(),
    secretHash: text('secret_hash').notNull(),
    role: text().$type<Role>().notNull(),
    user: text().notNull(),
    name: text().notNull(),
    holderPhone: text('holder_phone'),
    createdAt: integer('created_at').notNull(),
    revokedAt: integer('revoked_at'),
    formerRole: text('former_role').$type<Role>(),
    roleChangedAt: integer('role_changed_at'),
    lastN: integer('last_n').notNull(),
    offsetMs: integer('offset_ms'),
    goodExchangeAt: integer('good_exchange_at').notNull(),
    previousCorrected: integer('previous_corrected').notNull(),
    parent: text(),
    parentFrom: integer('parent_from'),
    lastExchangeAt: integer('last_exchange_at'),
    headSeq: integer('head_seq').notNull(),
    pending: integer().notNull(),
    oldestPending: integer('oldest_pending'),
    lost: integer().notNull(),
    build: text(),
    health: text({ mode: 'json' }).$type<DeviceHealth>(),
    campaign: text()
  },
  (table) => [
    primaryKey({ columns: [table.centre, table.id] }),
    uniqueIndex('devices_secret').on(table.centre, table.secretHash)
  ]
);

export const enrolments = sqliteTable(
  'enrolments',
  {
    centre: text().notNull(),
    codeHash: text('code_hash').notNull(),
    role: text().$type<Role>().notNull(),
    user: text().notNull(),
    deviceName: text('device_name').notNull(),
    holderPhone: text('holder_phone'),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
    usedBy: text('used_by')
  },
  (table) => [primaryKey({ columns: [table.centre, table.codeHash] })]
);

export const attachments = sqliteTable(
  'attachments',
  {
    centre: text().notNull(),
    sha256: text().notNull(),
    mime: text().notNull(),
    size: integer().notNull(),
    storedAt: integer('stored_at').notNull(),
    bytes: blob({ mode: 'buffer' }).notNull(),
    place: text({ enum: ['database', 'files'] }).notNull(),
    unnamedAt: integer('unnamed_at')
  },
  (table) => [primaryKey({ columns: [table.centre, table.sha256] })]
);

/** What is erased for ever: ids whose personal data, hashes of attachments. */
export const erased = sqliteTable(
  'erased',
  {
    centre: text().notNull(),
    kind: text({ enum: ['id', 'attachment'] }).notNull(),
    name: text().notNull(),
    seq: integer().notNull(),
    at: integer().notNull()
  },
  (table) => [primaryKey({ columns: [table.centre, table.kind, table.name] })]
);

/** Which records' operations name which attachment. */
export const attachmentNames = sqliteTable(
  'attachment_names',
  {
    centre: text().notNull(),
    sha256: text().notNull(),
    type: text().notNull(),
    id: text().notNull()
  },
  (table) => [primaryKey({ columns: [table.centre, table.sha256, table.type, table.id] })]
);
