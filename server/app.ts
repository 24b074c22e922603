import { Hono } from 'hono';
import { idBytes, randomBytesToId } from '#domain/ids.ts';
import { accountRoutes } from './http/accounts.ts';
import type { AppDeps } from './http/app-deps.ts';
import type { AppEnv } from './http/app-env.ts';
import { attachmentRoutes } from './http/attachments.ts';
import { courierRoutes } from './http/courier.ts';
import { demoRoutes } from './http/demo.ts';
import { deviceRoutes } from './http/devices.ts';
import { enrolmentRoutes } from './http/enrolments.ts';
import { errorAnswer } from './http/errors.ts';
import { healthRoutes } from './http/health.ts';
import { createMetrics } from './http/metrics.ts';
import { mountRoutes } from './http/mount-routes.ts';
import { refuseForeignOrigins } from './http/origin-check.ts';
import { pokeRoutes } from './http/pokes.ts';
import { limitRates } from './http/rate-limits.ts';
import { limitRegistrations } from './http/registrations.ts';
import { recordRoutes } from './http/records.ts';
import { logRequests } from './http/request-log.ts';
import { secureHeaders } from './http/security-headers.ts';
import { setupRoutes } from './http/setup.ts';
import { siteRoutes } from './http/site-routes.ts';
import { surveyRoutes } from './http/survey.ts';
import { syncRoutes } from './http/sync.ts';
import { uploadRoutes } from './http/uploads.ts';
import { storageTrouble } from './storage-trouble.ts';

export type { AppDeps } from './http/app-deps.ts';

/** The whole server as one function from a request to its answer; tests call `app.request()`. */
export function createApp(deps: AppDeps): Hono<AppEnv> {
  const app = new Hono<AppEnv>();
  const metrics = createMetrics(deps);
  const exchange = syncRoutes({
    service: deps.service,
    ...(deps.turns === undefined ? {} : { turns: deps.turns }),
    clock: deps.clock,
    registrations: limitRegistrations(deps),
    officeSession: async (request) => (await deps.accounts.whoIs(request.headers))?.id,
    officeRole: (user) => deps.accounts.roleOf(user)
  });
  const pokes = pokeRoutes(deps);
  const limit = limitRates(deps);

  app.use(logRequests(deps.log, () => randomBytesToId(deps.random(idBytes))));
  app.use(metrics.observe);
  app.use(secureHeaders(deps.url));
  app.route('/', siteRoutes(deps));
  app.use('/api/*', limit);
  app.use('/survey/*', limit);
  app.use('/api/*', refuseForeignOrigins(deps.url));
  mountRoutes(app, deps, {
    ...healthRoutes(deps, metrics),
    ...accountRoutes(deps),
    ...setupRoutes(deps),
    ...enrolmentRoutes(deps),
    ...deviceRoutes(deps),
    ...courierRoutes(deps),
    ...recordRoutes(deps),
    ...attachmentRoutes(deps),
    ...uploadRoutes(deps),
    ...surveyRoutes(deps),
    ...demoRoutes(deps),
    'POST /api/sync': (c) => exchange.fetch(c.req.raw, c.env),
    'GET /api/pokes': (c) => pokes.fetch(c.req.raw)
  });
  app.notFound((c) => errorAnswer(c, 'not_found'));
  app.onError((error, c) => {
    deps.log.error(error, { id: c.get('requestId'), route: c.get('route') });
    if (storageTrouble(error) === undefined) return errorAnswer(c, 'internal');
    const answer = errorAnswer(c, 'unavailable');
    answer.headers.set('retry-after', '30');
    return answer;
  });
  return app;
}
