import type { Config } from '#server/config.ts';
import { dataFiles } from '#server/data-files.ts';
import { openDiskStore, type FileStore } from './file-store.ts';

/** The store of files that the configuration names. */
export function openFileStore(config: Pick<Config, 'dataFolder'>): FileStore {
  return openDiskStore(dataFiles(config.dataFolder).files);
}
