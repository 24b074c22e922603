import type { ErasedRow, ServerStorage } from './storage/server-storage.ts';
import type { LedgerFile } from './erasure-ledger.ts';
import type { Pokes } from './sync/pokes.ts';

export interface FollowerDeps {
  readonly storage: ServerStorage;
  readonly centre: string;
  /** They bring the commits of the other processes too. */
  readonly pokes: Pokes;
  readonly ledger: LedgerFile;
  /** Deletes the bytes that lie with this process. */
  readonly eraseFiles: (hashes: readonly string[]) => Promise<void>;
  /** Lets go of what this process holds in memory. */
  readonly forget: () => void;
  readonly report: (error: unknown) => void;
}

export interface ErasureFollower {
  /** Resolves when everything that was poked so far is followed. */
  readonly followed: () => Promise<void>;
  readonly stop: () => void;
}

/** A poke may be lost with its connection: it is looked as often as this all the same. */
const lookEveryMs = 60_000;

/**
 * What another process of the server erases comes into this one's ledger and out of its files and its memory as soon as it is
 * committed: a restore may be made with the ledger of either. Judging and answering need no memory of it, they read the database.
 */
export function followErasures(deps: FollowerDeps): ErasureFollower {
  let seq = 0;
  let last = Promise.resolve();
  let isWaiting = false;

  async function look(): Promise<void> {
    isWaiting = false;
    const rows = await deps.storage.readSnapshot((snapshot) => snapshot.erasedAfter(deps.centre, seq));
    const fresh = deps.ledger.add(rows);
    seq = rows.reduce((most, row) => Math.max(most, row.seq), seq);
    const hashes = fresh.filter(isAttachment).map(({ name }) => name);
    if (rows.length > 0) deps.forget();
    if (hashes.length > 0) await deps.eraseFiles(hashes);
  }
  const follow = (): void => {
    if (isWaiting) return;
    isWaiting = true;
    // What fails is done at the next poke, files at the next start.
    last = last.then(look).catch(deps.report);
  };

  const unsubscribe = deps.pokes.subscribe(follow);
  const timer = setInterval(follow, lookEveryMs);
  timer.unref();
  return {
    followed: () => last,
    stop: () => {
      unsubscribe();
      clearInterval(timer);
    }
  };
}

function isAttachment({ kind }: Pick<ErasedRow, 'kind'>): boolean {
  return kind === 'attachment';
}
