import { bigint, customType, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Role } from '#domain/records/definition.ts';
import type { DeviceHealth } from '#domain/sync/protocol.ts';

const whole = (name: string) => bigint(name, { mode: 'number' });
const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/**
 * Tables of PostgreSQL that are asked through Drizzle; the hot ones are asked in SQL. Every key begins with the centre.
 * `postgres-migrations.ts` creates them; a test compares. Whole numbers are below 2⁵³.
 */
export const centres = pgTable('centres', {
  id: text().primaryKey(),
  seq: whole('seq').notNull(),
  hash: text().notNull(),
  epoch: text().notNull(),
  key: bytes().notNull(),
  lastNow: whole('last_now').notNull(),
  durable: whole('durable').notNull()
});

export const epochs = pgTable(
  'epochs',
  {
    centre: text().notNull(),
    /** Order of the history, 0, 1, 2 … */
    position: integer().notNull(),
    epoch: text().notNull(),
    firstSeq: whole('first_seq').notNull(),
    restoredTo: whole('restored_to').notNull()
  },
  (table) => [primaryKey({ columns: [table.centre, table.position] })]
);

export const devices = pgTable(
  'devices',
  {
    centre: text().notNull(),
    id: text().notNull(),
    secretHash: text('secret_hash').notNull(),
    role: text().$type<Role>().notNull(),
    user: text().notNull(),
    name: text().notNull(),
    holderPhone: text('holder_phone'),
    createdAt: whole('created_at').notNull(),
    revokedAt: whole('revoked_at'),
    formerRole: text('former_role').$type<Role>(),
    roleChangedAt: whole('role_changed_at'),
    lastN: whole('last_n').notNull(),
    offsetMs: whole('offset_ms'),
    goodExchangeAt: whole('good_exchange_at').notNull(),
    previousCorrected: whole('previous_corrected').notNull(),
    parent: text(),
    parentFrom: whole('parent_from'),
    lastExchangeAt: whole('last_exchange_at'),
    headSeq: whole('head_seq').notNull(),
    pending: whole('pending').notNull(),
    oldestPending: whole('oldest_pending'),
    lost: whole('lost').notNull(),
    build: text(),
    health: jsonb().$type<DeviceHealth>(),
    campaign: text()
  },
  (table) => [primaryKey({ columns: [table.centre, table.id] })]
);

export const enrolments = pgTable(
  'enrolments',
  {
    centre: text().notNull(),
    codeHash: text('code_hash').notNull(),
    role: text().$type<Role>().notNull(),
    user: text().notNull(),
    deviceName: text('device_name').notNull(),
    holderPhone: text('holder_phone'),
    createdAt: whole('created_at').notNull(),
    expiresAt: whole('expires_at').notNull(),
    usedAt: whole('used_at'),
    usedBy: text('used_by')
  },
  (table) => [primaryKey({ columns: [table.centre, table.codeHash] })]
);

export const attachments = pgTable(
  'attachments',
  {
    centre: text().notNull(),
    sha256: text().notNull(),
    mime: text().notNull(),
    size: whole('size').notNull(),
    storedAt: whole('stored_at').notNull(),
    bytes: bytes().notNull(),
    place: text({ enum: ['database', 'files'] }).notNull(),
    unnamedAt: whole('unnamed_at')
  },
  (table) => [primaryKey({ columns: [table.centre, table.sha256] })]
);
