import { mkdir, open, readdir, readFile, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Where pictures lie: each under the sha-256 of its bytes, written once and never changed. */
export interface FileStore {
  /** undefined = it is not there. */
  read(sha256: string): Promise<Uint8Array | undefined>;
  /** Resolves when the bytes are safe; the same again changes nothing. */
  write(sha256: string, bytes: Uint8Array): Promise<void>;
  /** One that is not there is no error. */
  remove(sha256: string): Promise<void>;
  /** Everything that lies here, in no order. */
  list(): AsyncIterable<StoredFile>;
  /** Free space, bytes; undefined = not known here. */
  free(): Promise<number | undefined>;
}

export interface StoredFile {
  readonly sha256: string;
  /** UTC ms. */
  readonly storedAt: number;
}

const hashName = /^[0-9a-f]{64}$/;

/** A folder on this machine. Names are spread over 256 folders, so that none grows too long to be listed. */
export function openDiskStore(folder: string): FileStore {
  const pathOf = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256);
  return {
    read: (sha256) => unlessMissing(() => readFile(pathOf(sha256))),
    async write(sha256, bytes) {
      const path = pathOf(sha256);
      const parent = join(folder, sha256.slice(0, 2));
      await mkdir(parent, { recursive: true, mode: 0o700 });
      if ((await unlessMissing(() => stat(path))) !== undefined) {
        // It counts as new again: whoever clears away what no record names leaves it.
        await utimes(path, new Date(), new Date());
        return;
      }
      const part = `${path}.${crypto.randomUUID()}.part`;
      const file = await open(part, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      } finally {
        await file.close();
      }
      await rename(part, path);
      await syncFolder(parent);
      await syncFolder(folder);
    },
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
    async *list() {
      for (const name of (await unlessMissing(() => readdir(folder))) ?? []) {
        if (!/^[0-9a-f]{2}$/.test(name)) continue;
        for (const sha256 of await readdir(join(folder, name))) {
          const found = hashName.test(sha256) ? await unlessMissing(() => stat(pathOf(sha256))) : undefined;
          if (found !== undefined) yield { sha256, storedAt: found.mtimeMs };
        }
      }
    },
    async free() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return freeBytesOf(folder);
    }
  };
}

/** Bytes left for this program on the disk of a folder. */
export async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function unlessMissing<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
