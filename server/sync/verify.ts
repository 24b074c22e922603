import { applyEnvelope, type RecordSpace } from '#domain/sync/apply.ts';
import { canonicalJson } from '#domain/sync/canonical-json.ts';
import type { StoredRecord } from '#domain/sync/merge.ts';
import { streamsOfRecord } from '#domain/sync/merge.ts';
import { addModulo, checkPart } from '#domain/sync/protocol.ts';
import { hashesNamed } from '#domain/sync/attachment-names.ts';
import type { FileStore } from '#server/files/file-store.ts';
import type { ReadSnapshot, ServerStorage } from '#server/storage/server-storage.ts';
import { isCounted } from '#server/storage/stream-sums.ts';
import type { Hashing } from './hashing.ts';
import { wholeLineage } from './lineage.ts';
import { chainHash, isEmptied } from './log-chain.ts';

export type VerifyFinding =
  | { readonly type: 'missing_seq'; readonly seq: number }
  | { readonly type: 'broken_chain'; readonly seq: number }
  | { readonly type: 'wrong_outcome'; readonly seq: number }
  | { readonly type: 'wrong_head'; readonly seq: number }
  | { readonly type: 'record_differs' | 'record_missing' | 'record_unexplained'; readonly key: string }
  | { readonly type: 'wrong_sum'; readonly stream: string }
  /** The bytes of a signature or a picture are not those that a record names, or are gone from the store of files. */
  | { readonly type: 'attachment_differs' | 'attachment_missing'; readonly sha256: string };

export interface VerifyReport {
  /** Log rows read. */
  readonly operations: number;
  readonly records: number;
  /** Signatures and pictures that operations name: how many are here, and how many still wait on a tablet. */
  readonly attachments: { readonly stored: number; readonly awaited: number };
  /** At most `maxFindings`; empty = records are the fold of the log, byte for byte (I10), and the chain is whole. */
  readonly findings: readonly VerifyFinding[];
}

const pageSize = 1_000;
const maxFindings = 100;

/**
 * Replays the whole log of a centre in memory and compares: hash chain, outcomes, every record, every stream's sum, the
 * bytes of every attachment that an operation names.
 * Everything is read from one snapshot, so it may run beside a working server. Without `store` the pictures that lie
 * outside the database are counted only.
 */
export async function verify(
  storage: ServerStorage,
  centre: string,
  hashing: Hashing,
  progress: (step: 'replayed' | 'compared', done: number, of: number) => void = () => undefined,
  store?: Pick<FileStore, 'read'>
): Promise<VerifyReport> {
  const findings: VerifyFinding[] = [];
  const report = await storage.readSnapshot(async (snapshot) => {
    const space = new FoldedRecords();
    const last = (await snapshot.centre(centre))?.seq ?? 0;
    const named = new Set<string>();
    const operations = await foldLog({ snapshot, centre, hashing, space, findings, named }, (seq) => {
      progress('replayed', seq, last);
    });
    const records = await compareRecords(snapshot, centre, space, findings, (count) => {
      progress('compared', count, space.all.size);
    });
    await compareSums(snapshot, centre, space, findings);
    const attachments = await compareAttachments(snapshot, centre, hashing, named, findings);
    return { operations, records, attachments };
  });
  const { outside, ...attachments } = report.attachments;
  if (store !== undefined) {
    // The snapshot is closed: a store is asked over a network.
    for (const sha256 of outside) {
      const bytes = await store.read(sha256);
      if (bytes === undefined) findings.push({ type: 'attachment_missing', sha256 });
      else if (hashing.sha256(bytes) !== sha256) findings.push({ type: 'attachment_differs', sha256 });
    }
  }
  return { ...report, attachments, findings: findings.slice(0, maxFindings) };
}

class FoldedRecords implements RecordSpace {
  readonly all = new Map<string, StoredRecord>();

  get(type: string, id: string): StoredRecord | undefined {
    return this.all.get(`${type}/${id}`);
  }

  put(record: StoredRecord): void {
    this.all.set(`${record.e}/${record.k}`, record);
  }
}

async function foldLog(
  {
    snapshot,
    centre,
    hashing,
    space,
    findings,
    named
  }: {
    readonly snapshot: ReadSnapshot;
    readonly centre: string;
    readonly hashing: Hashing;
    readonly space: RecordSpace;
    readonly findings: VerifyFinding[];
    /** Filled with the attachments that operations name. */
    readonly named: Set<string>;
  },
  onPage: (seq: number) => void
): Promise<number> {
  const lineage = await wholeLineage(snapshot, centre);
  let seq = 0;
  let hash = '';
  for (;;) {
    const rows = await snapshot.log(centre, seq, pageSize);
    for (const row of rows) {
      if (row.seq !== seq + 1) findings.push({ type: 'missing_seq', seq: seq + 1 });
      if (chainHash(hash, row, hashing) !== row.hash) findings.push({ type: 'broken_chain', seq: row.seq });
      const { superseded } = applyEnvelope(row, space, lineage);
      // What stands in an emptied row cannot be judged again: it was judged by values that are gone.
      if (!isEmptied(row) && superseded !== (row.outcome === 'superseded'))
        findings.push({ type: 'wrong_outcome', seq: row.seq });
      for (const change of row.changes) for (const sha256 of hashesNamed(change)) named.add(sha256);
      seq = row.seq;
      hash = row.hash;
    }
    onPage(seq);
    if (rows.length < pageSize) break;
  }
  const head = await snapshot.centre(centre);
  if (head?.seq !== seq || head.hash !== hash) findings.push({ type: 'wrong_head', seq });
  return seq;
}

async function compareRecords(
  snapshot: ReadSnapshot,
  centre: string,
  space: FoldedRecords,
  findings: VerifyFinding[],
  onPage: (count: number) => void
): Promise<number> {
  const seen = new Set<string>();
  let after: readonly [string, string] = ['', ''];
  for (;;) {
    const stored = await snapshot.recordsAfter(centre, after, pageSize);
    for (const record of stored) {
      const key = `${record.e}/${record.k}`;
      seen.add(key);
      after = [record.e, record.k];
      const folded = space.all.get(key);
      if (folded === undefined) findings.push({ type: 'record_unexplained', key });
      else if (canonicalJson(folded) !== canonicalJson(record))
        findings.push({ type: 'record_differs', key });
    }
    onPage(seen.size);
    if (stored.length < pageSize) break;
  }
  for (const key of space.all.keys()) if (!seen.has(key)) findings.push({ type: 'record_missing', key });
  return seen.size;
}

async function compareSums(
  snapshot: ReadSnapshot,
  centre: string,
  space: FoldedRecords,
  findings: VerifyFinding[]
): Promise<void> {
  const sums = new Map<string, [number, number]>();
  for (const record of space.all.values()) {
    for (const stream of streamsOfRecord(record)) {
      const [count, sum] = sums.get(stream) ?? [0, 0];
      if (isCounted(record))
        sums.set(stream, [count + 1, addModulo(sum, checkPart(record.e, record.k, record.seq))]);
      else sums.set(stream, [count, sum]);
    }
  }
  for (const [stream, [count, sum]] of sums) {
    const stored = await snapshot.streamSum(centre, stream);
    if (stored[0] !== count || stored[1] !== sum) findings.push({ type: 'wrong_sum', stream });
  }
}

async function compareAttachments(
  snapshot: ReadSnapshot,
  centre: string,
  hashing: Hashing,
  named: ReadonlySet<string>,
  findings: VerifyFinding[]
): Promise<VerifyReport['attachments'] & { readonly outside: readonly string[] }> {
  const outside: string[] = [];
  let stored = 0;
  for (const sha256 of named) {
    const row = await snapshot.attachment(centre, sha256);
    if (row === undefined) continue;
    stored += 1;
    if (row.place === 'files') {
      outside.push(sha256);
      continue;
    }
    const bytes = await snapshot.attachmentBytes(centre, sha256);
    if (bytes === undefined) continue;
    if (hashing.sha256(bytes) !== sha256) findings.push({ type: 'attachment_differs', sha256 });
  }
  return { stored, awaited: named.size - stored, outside };
}
