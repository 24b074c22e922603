import { canonicalJson, quoted } from '#domain/sync/canonical-json.ts';
import type { Change } from '#domain/sync/operation.ts';
import type { LogRow } from '#server/storage/server-storage.ts';
import { fromHex, toHex, type Hashing } from './hashing.ts';

const saltBytes = 16;

/** One salt a change: salt and change can be erased together without breaking the chain. */
export function makeSalts(count: number, random: (length: number) => Uint8Array): readonly string[] {
  if (count === 0) return [];
  const bytes = random(saltBytes * count);
  if (count === 1) return [toHex(bytes)];
  const salts: string[] = [];
  for (let start = 0; start < bytes.length; start += saltBytes)
    salts.push(toHex(bytes.subarray(start, start + saltBytes)));
  return salts;
}

/** What a change counts by in the chain. A digest that stands in the place of a salt is all that is left of an erased one. */
function digestOf(change: Change, salt: string, hashing: Hashing, text?: string): string {
  return isDigest(salt) ? salt : hashing.hmac(fromHex(salt), text ?? canonicalJson(change));
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

/**
 * The hash of the log at this row: over the hash before it and the row, whose changes count by HMAC(salt, change). `texts`: the
 * canonical JSON of the changes, where it is known.
 */
export function chainHash(
  previous: string,
  row: Omit<LogRow, 'hash' | 'raw'>,
  hashing: Hashing,
  texts: readonly (string | undefined)[] = []
): string {
  const digests = row.changes.map((change, index) =>
    digestOf(change, row.salts[index] ?? '', hashing, texts[index])
  );
  return hashing.sha256(previous + chainedText(row, digests));
}

/**
 * The canonical JSON of what the chain holds of a row, written out: it is made for every operation. Named one by one, as a
 * field that the log gains later must not change the hashes of what stands.
 */
export function chainedText(row: Omit<LogRow, 'hash' | 'raw'>, digests: readonly string[]): string {
  const { seq, kind, device, n, to, by, corrected, suspect, outcome, reason, detail } = row;
  const { replaces, fingerprint, receivedAt } = row;
  const listed = digests.length === 0 ? '' : `"${digests.join('","')}"`;
  return `{"by":${quoted(by)},"corrected":${corrected},"detail":${orNull(detail)},"device":${quoted(device)},"digests":[${listed}],"fingerprint":"${fingerprint}","kind":"${kind}","n":${n},"outcome":"${outcome}","reason":${orNull(reason)},"receivedAt":${receivedAt},"replaces":${orNull(replaces)},"seq":${seq},"suspect":${suspect},"to":${to}}`;
}

function orNull(value: string | readonly [string, number] | null): string {
  return value === null ? 'null' : JSON.stringify(value);
}
