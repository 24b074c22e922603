import { chmodSync, existsSync, linkSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dataFiles } from '#server/data-files.ts';
import { openDiskStore, type FileStore } from '#server/files/file-store.ts';
import type { ServerStorage } from '#server/storage/server-storage.ts';
import type { Progress } from './progress.ts';
import { copiesIn } from './rotation.ts';

const pageSize = 500;

/**
 * Puts every picture that a copied database speaks of into the copy. One that the newest copy beside it has is linked,
 * not written again: pictures never change. What the store lacks is left out, and `verify` tells of it.
 */
export async function copyFilesOut(
  storage: ServerStorage,
  centre: string,
  store: FileStore,
  copy: { readonly folder: string; readonly beside: string },
  progress: Progress
): Promise<void> {
  const folder = dataFiles(copy.folder).files;
  const newest = copiesIn(dirname(copy.beside))[0];
  const target = openDiskStore(folder);
  const wanted: string[] = [];
  for await (const sha256 of filesOf(storage, centre)) wanted.push(sha256);
  for (const [index, sha256] of wanted.entries()) {
    const earlier = newest === undefined ? undefined : pathIn(dataFiles(newest.folder).files, sha256);
    if (earlier === undefined || !existsSync(earlier) || !link(earlier, pathIn(folder, sha256))) {
      const bytes = await store.read(sha256);
      if (bytes !== undefined) await target.write(sha256, bytes);
    }
    progress('photos', index + 1, wanted.length);
  }
  if (existsSync(folder)) chmodSync(folder, 0o700);
}

/** Puts the pictures of a copy back; those that are there already stay as they are. */
export async function copyFilesIn(copy: string, store: FileStore, progress: Progress): Promise<void> {
  const source = openDiskStore(dataFiles(copy).files);
  const there: string[] = [];
  for await (const { sha256 } of source.list()) there.push(sha256);
  for (const [index, sha256] of there.entries()) {
    const bytes = await source.read(sha256);
    if (bytes !== undefined) await store.write(sha256, bytes);
    progress('photos', index + 1, there.length);
  }
}

/** The hashes that lie in the store of files, as the database tells. */
async function* filesOf(storage: ServerStorage, centre: string): AsyncGenerator<string> {
  let after = '';
  for (;;) {
    const page = await storage.readSnapshot((snapshot) => snapshot.attachmentsAfter(centre, after, pageSize));
    for (const row of page) if (row.place === 'files') yield row.sha256;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last.sha256;
  }
}

function pathIn(folder: string, sha256: string): string {
  return join(folder, sha256.slice(0, 2), sha256);
}

/** Whether it could be linked: another disk, or one that knows no links, gets the bytes. */
function link(from: string, to: string): boolean {
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 });
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}
