import type { FileStore } from '#server/files/file-store.ts';

/** Files in memory: a store that is always there and always has room. `kept` is what lies in it. */
export function openMemoryStore(written: () => void): FileStore & { kept: Map<string, Uint8Array> } {
  return {
    kept: new Map(),
    async read(sha256) {
      return this.kept.get(sha256);
    },
    async write(sha256, bytes) {
      this.kept.set(sha256, bytes);
      written();
    },
    async remove(sha256) {
      this.kept.delete(sha256);
    },
    async *list() {
      for (const sha256 of this.kept.keys()) yield { sha256, storedAt: 0 };
    },
    free: async () => undefined
  };
}
