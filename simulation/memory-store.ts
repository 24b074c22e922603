import type { FileStore } from '#server/files/file-store.ts';

/** Files in memory: a store that is always there and always has room. */
export function openMemoryStore(): FileStore {
  const kept = new Map<string, Uint8Array>();
  return {
    read: async (sha256) => kept.get(sha256),
    write: async (sha256, bytes) => {
      kept.set(sha256, bytes);
    },
    remove: async (sha256) => {
      kept.delete(sha256);
    },
    async *list() {
      for (const sha256 of kept.keys()) yield { sha256, storedAt: 0 };
    },
    free: async () => undefined
  };
}
