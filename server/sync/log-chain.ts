import { canonicalJson } from '#domain/sync/canonical-json.ts';
import type { Change } from '#domain/sync/operation.ts';
import type { LogRow } from '#server/storage/server-storage.ts';
import { fromHex, toHex, type Hashing } from './hashing.ts';

/** One salt a change: salt and change can be erased together without breaking the chain. */
export function makeSalts(count: number, random: (length: number) => Uint8Array): readonly string[] {
  if (count === 0) return [];
  const bytes = random(16 * count);
  return Array.from({ length: count }, (_, index) => toHex(bytes.subarray(index * 16, index * 16 + 16)));
}

/** What a change counts by in the chain. A digest that stands in the place of a salt is all that is left of an erased one. */
function digestOf(change: Change, salt: string, hashing: Hashing): string {
  return isDigest(salt) ? salt : hashing.hmac(fromHex(salt), canonicalJson(change));
}

/** Two hex digits a byte: a salt has 16 bytes, a digest 32. */
function isDigest(salt: string): boolean {
  return salt.length === 64;
}

/** Whether anything of a row was erased. */
export function isEmptied(row: Pick<LogRow, 'salts'>): boolean {
  return row.salts.some(isDigest);
}

/** The row with other changes in the place of those that were erased; the chain of hashes stays whole. */
export function emptied(row: LogRow, changes: readonly Change[], hashing: Hashing): LogRow {
  const salts = row.salts.map((salt, index) => {
    const before = row.changes[index];
    return before === undefined || before === changes[index] ? salt : digestOf(before, salt, hashing);
  });
  return { ...row, changes, salts, raw: null };
}

/** The hash of the log at this row: over the hash before it and the row, whose changes count by HMAC(salt, change). */
export function chainHash(previous: string, row: Omit<LogRow, 'hash' | 'raw'>, hashing: Hashing): string {
  const digests = row.changes.map((change, index) => digestOf(change, row.salts[index] ?? '', hashing));
  return hashing.sha256(previous + chainedText(row, digests));
}

/**
 * The canonical JSON of what the chain holds of a row, written out: it is made for every operation. Named one by one, as a
 * field that the log gains later must not change the hashes of what stands.
 */
export function chainedText(row: Omit<LogRow, 'hash' | 'raw'>, digests: readonly string[]): string {
  const { seq, kind, device, n, to, by, corrected, suspect, outcome, reason, detail } = row;
  const { replaces, fingerprint, receivedAt } = row;
  const text = JSON.stringify;
  return `{"by":${text(by)},"corrected":${corrected},"detail":${text(detail)},"device":${text(device)},"digests":${text(digests)},"fingerprint":${text(fingerprint)},"kind":${text(kind)},"n":${n},"outcome":${text(outcome)},"reason":${text(reason)},"receivedAt":${receivedAt},"replaces":${text(replaces)},"seq":${seq},"suspect":${suspect},"to":${to}}`;
}
