import type { LoggedOutcome, LogRow } from './server-storage.ts';
import { parseStored } from './stored-json.ts';

/** A row of the table `operations`, as SQLite gives and takes it. */
export interface StoredLogRow {
  readonly seq: number;
  readonly kind: LogRow['kind'];
  readonly device: string;
  readonly n: number;
  readonly n_to: number;
  readonly by: string;
  readonly corrected: number;
  readonly suspect: number;
  readonly outcome: LoggedOutcome;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly changes: string;
  readonly salts: string;
  readonly replaces: string | null;
  readonly fingerprint: string;
  readonly raw: string | null;
  readonly received_at: number;
  readonly hash: string;
}

export function toLogRow(row: StoredLogRow): LogRow {
  return {
    seq: row.seq,
    kind: row.kind,
    device: row.device,
    n: row.n,
    to: row.n_to,
    by: row.by,
    corrected: row.corrected,
    suspect: row.suspect === 1,
    outcome: row.outcome,
    reason: row.reason,
    detail: row.detail,
    changes: parseStored(row.changes),
    salts: parseStored(row.salts),
    replaces: row.replaces === null ? null : parseStored(row.replaces),
    fingerprint: row.fingerprint,
    raw: row.raw,
    receivedAt: row.received_at,
    hash: row.hash
  };
}

export function toStoredLogRow(row: LogRow): StoredLogRow {
  return {
    seq: row.seq,
    kind: row.kind,
    device: row.device,
    n: row.n,
    n_to: row.to,
    by: row.by,
    corrected: row.corrected,
    suspect: row.suspect ? 1 : 0,
    outcome: row.outcome,
    reason: row.reason,
    detail: row.detail,
    changes: JSON.stringify(row.changes),
    salts: JSON.stringify(row.salts),
    replaces: row.replaces === null ? null : JSON.stringify(row.replaces),
    fingerprint: row.fingerprint,
    raw: row.raw,
    received_at: row.receivedAt,
    hash: row.hash
  };
}
