import { Hono } from 'hono';
import { isLocalhost } from '#server/access/site-url.ts';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { serveFile } from './serve-file.ts';

/** Addresses that the app itself answers to; the worker keeps the page by its file name. A missing file is no page. */
const appPaths = /^\/(?:$|index\.html$|(?:field|office|enrol|demo)(?:\/(?!.*\.[a-z0-9]{2,11}$)|$))/i;

/** The built app and the activist's files; every address of the app answers with its one page. */
export function siteRoutes(deps: Pick<AppDeps, 'site' | 'surveySite' | 'url'>): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const { site, surveySite } = deps;
  routes.get('*', async (c, next) => {
    const path = c.req.path;
    if (/^\/(?:api\/|healthz$|readyz$|metrics$)/.test(path)) return next();
    const elsewhere = otherHost(c.req.raw, deps.url);
    if (elsewhere !== undefined) return c.redirect(elsewhere, 302);
    const surveyFile = surveySite.files.get(path);
    if (surveyFile !== undefined) {
      c.set('route', 'GET file');
      // A worker goes by its own policy; scripts and styles by their page's, so they need not carry it over a slow link.
      return serveFile(
        c,
        surveyFile,
        surveyFile.isImmutable ? {} : { 'content-security-policy': surveySite.policy }
      );
    }
    const file = path === '/index.html' ? undefined : site.files.get(path);
    if (file !== undefined) {
      c.set('route', 'GET file');
      // Messengers show the questionnaire's picture from their own addresses.
      const open = path === '/survey-card.png' ? { 'cross-origin-resource-policy': 'cross-origin' } : {};
      return serveFile(c, file, { 'content-security-policy': site.policy, ...open });
    }
    if (!appPaths.test(path)) return next();
    c.set('route', 'GET page');
    return serveFile(c, site.page, { 'content-security-policy': site.policy });
  });
  return routes;
}

/** 127.0.0.1 and localhost are two sites to a browser, each with a database of its own: there is one name only. */
function otherHost(request: Request, url: string): string | undefined {
  const asked = new URL(request.url);
  const isLoopback = asked.hostname === '127.0.0.1' || asked.hostname === '[::1]';
  return isLoopback && isLocalhost(url) ? `${url}${asked.pathname}${asked.search}` : undefined;
}
