import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './mount-routes.ts';
import { errorAnswer } from './errors.ts';
import type { Metrics } from './metrics.ts';

/** Alive, ready, and the figures for whoever watches the server. */
export function healthRoutes(
  deps: AppDeps,
  metrics: Metrics
): Handlers<'GET /healthz' | 'GET /readyz' | 'GET /metrics'> {
  return {
    'GET /healthz': (c) => c.text('ok\n', 200, { 'cache-control': 'no-store' }),
    'GET /readyz': async (c) => {
      if (deps.shutdown.aborted) return errorAnswer(c, 'starting');
      const centre = await deps.storage.readSnapshot((snapshot) => snapshot.centre(deps.centre));
      if (centre === undefined) return errorAnswer(c, 'starting');
      return c.text('ready\n', 200, { 'cache-control': 'no-store' });
    },
    'GET /metrics': async (c) => {
      const { text, type } = await metrics.render();
      return c.body(text, 200, { 'content-type': type, 'cache-control': 'no-store' });
    }
  };
}
