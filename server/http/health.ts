import { storageTrouble } from '#server/storage-trouble.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './mount-routes.ts';
import { errorAnswer } from './errors.ts';
import type { Metrics } from './metrics.ts';

/** A writing probe costs a synced commit: whoever asks more often gets the last answer, ms. */
const probeRestMs = 10_000;

/** Alive, ready, and the figures for whoever watches the server. */
export function healthRoutes(
  deps: AppDeps,
  metrics: Metrics
): Handlers<'GET /healthz' | 'GET /readyz' | 'GET /metrics'> {
  const probe = writingProbe(deps);
  return {
    'GET /healthz': (c) => c.text('ok\n', 200, { 'cache-control': 'no-store' }),
    'GET /readyz': async (c) => {
      if (deps.shutdown.aborted) return errorAnswer(c, 'starting');
      const trouble = (await noSpace(deps)) ?? deps.pushHealth?.trouble ?? (await probe());
      if (trouble !== undefined) return errorAnswer(c, 'unavailable', trouble);
      return c.text('ready\n', 200, { 'cache-control': 'no-store' });
    },
    'GET /metrics': async (c) => {
      const { text, type } = await metrics.render();
      return c.body(text, 200, { 'content-type': type, 'cache-control': 'no-store' });
    }
  };
}

/** A push of 1,000 marks writes some 2 MB, and a small probe finds room in the journal when a push no longer does. */
const leastFreeBytes = 4_000_000;

async function noSpace({ freeBytes }: Pick<AppDeps, 'freeBytes'>): Promise<string | undefined> {
  if (freeBytes === undefined) return undefined;
  return (await freeBytes()) < leastFreeBytes ? 'ENOSPC' : undefined;
}

/** Writes the centre's row as it is: only a write shows that the disk is full or the database read-only. */
function writingProbe(
  deps: Pick<AppDeps, 'storage' | 'centre' | 'clock'>
): () => Promise<string | undefined> {
  let last: { readonly at: number; readonly trouble: string | undefined } | undefined;
  return async () => {
    const now = deps.clock();
    // A trouble is looked at again at once: who put it right should see it.
    if (last?.trouble === undefined && last !== undefined && Math.abs(now - last.at) < probeRestMs)
      return undefined;
    const trouble = await tryWriting(deps);
    last = { at: now, trouble };
    return trouble;
  };
}

async function tryWriting({
  storage,
  centre
}: Pick<AppDeps, 'storage' | 'centre'>): Promise<string | undefined> {
  try {
    await storage.withTransaction(async (tx) => {
      const present = await tx.centre(centre);
      if (present !== undefined) await tx.putCentre(present);
    });
    return undefined;
  } catch (error) {
    const trouble = storageTrouble(error);
    if (trouble === undefined) throw error;
    return trouble;
  }
}
