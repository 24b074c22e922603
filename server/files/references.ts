import type { StoredRecord } from '#domain/sync/merge.ts';
import { hashesIn } from '#domain/sync/attachment-names.ts';

/** Whether a record, as it stands and not deleted, names a file. */
export function isNamedIn(record: StoredRecord, sha256: string): boolean {
  const deletedAt = record.fields['deletedAt']?.v;
  if (deletedAt !== undefined && deletedAt !== null) return false;
  return Object.values(record.fields).some((field) => hashesIn(field.v).includes(sha256));
}
