import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readdirSync
} from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import type { ServerStorage } from '#server/storage/server-storage.ts';
import { erase } from '#server/sync/erase.ts';
import type { ErasureLedger, SyncDeps } from '#server/sync/sync-deps.ts';
import { ledgerName } from './data-files.ts';

const entrySchema = v.object({
  centre: v.string(),
  kind: v.picklist(['id', 'attachment']),
  name: v.string(),
  at: v.number()
});

/** Something that is erased for ever: an id or a hash, never a value. */
export type LedgerEntry = v.InferOutput<typeof entrySchema>;

/**
 * What is erased for ever, one line of JSON each, in a file beside the database that is only ever added to: a copy of the
 * database that was made before is put back without it, this file is not.
 */
export class LedgerFile implements ErasureLedger {
  readonly #path: string;
  readonly #centre: string;

  constructor(path: string, centre: string) {
    this.#path = path;
    this.#centre = centre;
  }

  /** Returns those that it did not know. */
  add<Row extends Omit<LedgerEntry, 'centre'>>(rows: readonly Row[]): readonly Row[] {
    if (rows.length === 0) return [];
    const known = new Set(this.read().map(keyOf));
    const fresh = rows.filter((row) => !known.has(keyOf(row)));
    if (fresh.length === 0) return [];
    const lines = fresh.map(
      ({ kind, name, at }) => `${JSON.stringify({ centre: this.#centre, kind, name, at })}\n`
    );
    // A cut of the power may have left half a line, which must not take the next one with it.
    const isWhole = !existsSync(this.#path) || /(^|\n)$/.test(readFileSync(this.#path, 'utf8'));
    appendFileSync(this.#path, `${isWhole ? '' : '\n'}${lines.join('')}`, { mode: 0o600 });
    for (const path of [this.#path, dirname(this.#path)]) putOnDisk(path);
    return fresh;
  }

  /** Hashes of the attachments that were deleted. */
  attachments(): readonly string[] {
    return this.read().flatMap(({ kind, name }) => (kind === 'attachment' ? [name] : []));
  }

  read(): readonly LedgerEntry[] {
    return readLedger(this.#path).filter(({ centre }) => centre === this.#centre);
  }
}

function keyOf({ kind, name }: Pick<LedgerEntry, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

function readLedger(path: string): readonly LedgerEntry[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        const parsed = v.safeParse(entrySchema, JSON.parse(line));
        return parsed.success ? [parsed.output] : [];
      } catch {
        // Half a line, or the empty one at the end.
        return [];
      }
    });
}

/** What a copy and its neighbours tell: a newer one knows what was erased after an older one was made. */
export function ledgersBeside(copy: string, centre: string): readonly LedgerEntry[] {
  const folder = dirname(copy);
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .flatMap((name) => readLedger(join(folder, name, ledgerName)))
    .filter((entry) => entry.centre === centre);
}

/**
 * Makes database and ledger tell the same: what only the ledger knows is erased from the database. Called before anything
 * is served, and on a copy that is put back.
 */
export async function uniteWithLedger(
  storage: ServerStorage,
  ledger: LedgerFile,
  deps: Pick<SyncDeps, 'centre' | 'random' | 'hashing' | 'clock'>
): Promise<void> {
  const stored = await storage.readSnapshot((snapshot) => snapshot.erasedAfter(deps.centre, 0));
  ledger.add(stored);
  const known = new Set(stored.map(keyOf));
  const missing = ledger.read().filter((entry) => !known.has(keyOf(entry)));
  if (missing.length === 0) return;
  const namesOf = (kind: LedgerEntry['kind']): readonly string[] =>
    missing.filter((entry) => entry.kind === kind).map(({ name }) => name);
  const erasedAt = new Map(missing.map(({ name, at }) => [name, at]));
  await storage.withTransaction(async (tx) => {
    const centre = await tx.centre(deps.centre);
    if (centre === undefined) return;
    const at = Math.max(deps.clock(), centre.lastNow);
    const order = { ids: namesOf('id'), attachments: namesOf('attachment'), decisions: [], at, erasedAt };
    await erase(tx, centre, order, { ...deps, ledger });
  });
}

function putOnDisk(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
