import { joinIds } from '#domain/ids.ts';
import { conflictsNamed, recordsNamed, type Lineage, type Parent } from '#domain/sync/apply.ts';
import type { Exchange } from '#domain/sync/corrected-time.ts';
import type { Change } from '#domain/sync/operation.ts';
import type { Actor } from '#domain/sync/scope.ts';
import type {
  CentreRow,
  DeviceRow,
  EpochRow,
  LogRow,
  WriteTransaction
} from '#server/storage/server-storage.ts';
import type { Incoming } from './incoming.ts';
import { ancestorsOf, readLineage } from './lineage.ts';
import { RecordBatch } from './record-batch.ts';
import { aliasTargets, type Author } from './refusal.ts';
import { releasesNamed } from './releases.ts';
import type { SyncDeps } from './sync-deps.ts';

/** What judging one push needs to know. */
export interface Bench {
  readonly deps: SyncDeps;
  readonly author: Author;
  /** As it was before the first of these operations. */
  readonly device: DeviceRow;
  readonly epochs: readonly EpochRow[];
  readonly lineage: Lineage;
  readonly exchange: Exchange;
  readonly records: RecordBatch;
  /** Ids whose personal data are erased; those that are found to be grow it. */
  readonly erased: Set<string>;
  /** Those of which something came: its device has to be told, however long ago they were erased. */
  readonly struck: Set<string>;
  /** Held operations that this push may release, by problem id. */
  readonly held: ReadonlyMap<string, LogRow>;
  /** Every operation is held as `internal`: the database refused to store it otherwise. */
  readonly holdAll: boolean;
}

/** Where the centre's log and the device stand between two parts of a push. */
export interface Position {
  readonly centre: CentreRow;
  readonly device: DeviceRow;
}

/** What moves on with every judged number, and nothing else: it is made anew for each. */
export interface Progress extends Pick<CentreRow, 'seq' | 'hash' | 'lastNow'> {
  readonly lastN: number;
  readonly lost: number;
  readonly previousCorrected: number;
}

export function progressOf({ centre, device }: Position): Progress {
  const { seq, hash, lastNow } = centre;
  const { lastN, lost, previousCorrected } = device;
  return { seq, hash, lastNow, lastN, lost, previousCorrected };
}

export function positionAt({ centre, device }: Position, progress: Progress): Position {
  const { seq, hash, lastNow, lastN, lost, previousCorrected } = progress;
  return {
    centre: { ...centre, seq, hash, lastNow },
    device: { ...device, lastN, lost, previousCorrected }
  };
}

/** Reads at once everything that judging this batch may read or write. */
export async function prepareBench(
  tx: WriteTransaction,
  { centre, device }: Position,
  batch: readonly Incoming[],
  input: { readonly actor: Actor; readonly exchange: Exchange },
  deps: SyncDeps,
  holdAll: boolean
): Promise<Bench> {
  const lineage = new Map<string, Parent>();
  await readLineage(tx, centre.id, device, lineage);
  const records = new RecordBatch();
  const erased = await tx.erasedAfter(centre.id, 0);
  const held = new Map<string, LogRow>();
  const keys: (readonly [string, string])[] = [];
  const all: Change[] = [];
  for (const { parsed } of batch) {
    if (parsed.kind !== 'operation') continue;
    const { ch: changes, replaces = null } = parsed.operation;
    keys.push(...recordsNamed({ changes, replaces }));
    all.push(...changes);
  }
  for (const [author, number] of releasesNamed(all)) {
    const [row] = await tx.operationsOf(centre.id, author, number, number);
    if (row === undefined || row.outcome !== 'held') continue;
    held.set(joinIds(author, String(number)), row);
    keys.push(['problem', joinIds(author, String(number))], ...recordsNamed({ ...row, replaces: null }));
    all.push(...row.changes);
    await readLineage(tx, centre.id, await tx.device(centre.id, author), lineage);
  }
  await records.load(tx, centre.id, keys);
  const present = all.filter(({ e, k }) => records.get(e, k) !== undefined);
  await records.load(tx, centre.id, present.flatMap(conflictsNamed));
  await loadAliases(tx, centre.id, records, aliasTargets(all));
  return {
    deps,
    author: { actor: input.actor, ancestors: ancestorsOf(device.id, lineage) },
    device,
    epochs: await tx.epochs(centre.id),
    lineage,
    exchange: input.exchange,
    records,
    erased: new Set(erased.filter(({ kind }) => kind === 'id').map(({ name }) => name)),
    struck: new Set(),
    held,
    holdAll
  };
}

/** Reads the aliases that the named ones lead to, link by link. */
async function loadAliases(
  tx: WriteTransaction,
  centre: string,
  records: RecordBatch,
  targets: readonly string[]
): Promise<void> {
  const seen = new Set<string>();
  let next = [...new Set(targets)];
  while (next.length > 0) {
    next.forEach((id) => seen.add(id));
    await records.load(
      tx,
      centre,
      next.map((id) => ['alias', id] as const)
    );
    const further = next.map((id) => records.get('alias', id)?.fields['of']?.v);
    next = [...new Set(further.filter((id) => typeof id === 'string'))].filter((id) => !seen.has(id));
  }
}
