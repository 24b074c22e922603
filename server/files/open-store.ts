import type { Config } from '#server/config.ts';
import { dataFiles } from '#server/data-files.ts';
import { openDiskStore, type FileStore } from './file-store.ts';
import { openS3Store } from './s3-store.ts';

/** The store of files that the configuration names. */
export function openFileStore(config: Pick<Config, 'dataFolder' | 's3'>): FileStore {
  const disk = openDiskStore(dataFiles(config.dataFolder).files);
  return config.s3 === undefined ? disk : layered(openS3Store(config.s3), disk);
}

/** What lay in the data folder before a bucket was named is still found there; everything new goes into the bucket. */
export function layered(first: FileStore, earlier: FileStore): FileStore {
  return {
    read: async (sha256) => (await first.read(sha256)) ?? earlier.read(sha256),
    write: (sha256, bytes) => first.write(sha256, bytes),
    async remove(sha256) {
      await first.remove(sha256);
      await earlier.remove(sha256);
    },
    async *list() {
      yield* first.list();
      yield* earlier.list();
    },
    // Uploads grow in the database, on the disk of the data folder.
    free: () => earlier.free()
  };
}
