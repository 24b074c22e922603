import type { MiddlewareHandler } from 'hono';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';

/** Figures of this process in the form that Prometheus reads. */
export interface Metrics {
  readonly observe: MiddlewareHandler<AppEnv>;
  render(): Promise<{ readonly text: string; readonly type: string }>;
}

export function createMetrics(
  deps: Pick<AppDeps, 'storage' | 'centre' | 'clock' | 'backups' | 'turns'>
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const answered = new Counter({
    name: 'zimnik_requests_total',
    help: 'Answered requests by route and status',
    labelNames: ['route', 'status'],
    registers: [registry]
  });
  const seconds = new Histogram({
    name: 'zimnik_request_seconds',
    help: 'Time to the first byte of an answer, by route',
    labelNames: ['route'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry]
  });
  new Gauge({
    name: 'zimnik_waiting_writes',
    help: 'Write transactions that wait or run',
    registers: [registry],
    collect() {
      this.set(deps.storage.waitingWrites);
    }
  });
  new Gauge({
    name: 'zimnik_exchange_wait_seconds',
    help: 'How long one more exchange would wait',
    registers: [registry],
    collect() {
      this.set((deps.turns?.waitMs ?? 0) / 1_000);
    }
  });
  new Gauge({
    name: 'zimnik_log_seq',
    help: 'Number of the last operation in the log',
    registers: [registry],
    async collect() {
      const centre = await deps.storage.readSnapshot((snapshot) => snapshot.centre(deps.centre));
      this.set(centre?.seq ?? 0);
    }
  });
  if (deps.backups !== undefined) observeBackups(registry, deps.backups, deps.clock);
  return {
    observe: async (c, next) => {
      const startedAt = performance.now();
      await next();
      const route = c.get('route');
      answered.inc({ route, status: c.res.status });
      seconds.observe({ route }, (performance.now() - startedAt) / 1_000);
    },
    render: async () => ({ text: await registry.metrics(), type: registry.contentType })
  };
}

function observeBackups(
  registry: Registry,
  backups: NonNullable<AppDeps['backups']>,
  clock: AppDeps['clock']
): void {
  new Gauge({
    name: 'zimnik_backup_age_seconds',
    help: 'Age of the newest copy that this server has made by itself; NaN = there is none',
    registers: [registry],
    collect() {
      const newest = backups.newestAt();
      this.set(newest === undefined ? NaN : Math.max(0, clock() - newest) / 1_000);
    }
  });
  new Gauge({
    name: 'zimnik_backups_failed',
    help: 'Copies that did not come about since the start',
    registers: [registry],
    collect() {
      this.set(backups.failed);
    }
  });
}
