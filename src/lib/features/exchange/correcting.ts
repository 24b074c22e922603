import type { App } from '$lib/app/open-app.ts';
import { recordKey } from '$lib/storage/database.ts';

/**
 * The app whose next write of a record that was not accepted replaces the refused operation, and repeats its other
 * changes. Later writes, and writes of other records, are ordinary ones.
 * @param n the operation that is corrected; undefined = nothing is
 */
export function correcting<Given extends Pick<App, 'database' | 'write'>>(
  app: Given,
  n: number | undefined
): Given {
  if (n === undefined) return app;
  return {
    ...app,
    write: async (changes, options = {}) => {
      const entry = await app.database.attention.get(n);
      const open = entry?.state === 'open' ? entry.keys : [];
      const corrects = changes.some((change) => open.includes(recordKey(change.type, change.id)));
      return app.write(changes, corrects ? { ...options, replaces: n, withOthers: true } : options);
    }
  };
}
