import { createHash } from 'node:crypto';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context } from 'hono';
import { unreachable } from '#domain/result.ts';
import { isLocalhost, isSecureUrl } from '#server/access/site-url.ts';
import { findSurvey } from '#server/access/survey-link.ts';
import type { AppDeps } from './app-deps.ts';
import type { AppEnv } from './app-env.ts';
import { errorAnswer } from './errors.ts';
import type { Handlers } from './mount-routes.ts';
import { serveFile } from './serve-file.ts';
import type { SiteFile } from './site.ts';
import { programData, endedSurveyPage, pageLanguage, plainSurveyPage, surveyPage } from './survey-page.ts';
import { surveyTexts } from './survey-texts.ts';

/** The activist's link: its page, and the same data by themselves for a page that was stored long ago. */
export function surveyRoutes(
  deps: AppDeps
): Handlers<'GET /survey/:link' | 'GET /s/:link' | 'GET /api/survey/:link'> {
  const pages = new PackedPages();
  const policy = { 'content-security-policy': deps.surveySite.policy };
  return {
    'GET /survey/:link': async (c) => {
      const language = languageOf(c);
      const found = await findSurvey(deps, c.req.param('link') ?? '', language);
      const words = surveyTexts[pageLanguage(language)];
      const page = (text: string): SiteFile => pages.packed(text, 'text/html; charset=utf-8');
      switch (found.kind) {
        case 'open': {
          if (!isSecureUrl(deps.url) && !isLocalhost(deps.url)) {
            const { title, phone } = found.data.campaign;
            const shown = { title, text: words.insecure, phone };
            return serveFile(
              c,
              page(plainSurveyPage(deps.surveySite, pageLanguage(language), shown)),
              policy
            );
          }
          return serveFile(c, page(surveyPage(found.data, deps.surveySite, deps.url)), policy);
        }
        case 'closed': {
          const text = found.phone === '' ? words.closedCallless : words.closed;
          const shown = { title: words.closedTitle, text, phone: found.phone };
          const html =
            found.data === undefined
              ? plainSurveyPage(deps.surveySite, pageLanguage(language), shown)
              : endedSurveyPage(found.data, deps.surveySite, deps.url, shown);
          return serveFile(c, page(html), policy, 410);
        }
        case 'unknown': {
          const text = found.phone === '' ? words.callless : words.unknown;
          const shown = { title: words.unknownTitle, text, phone: found.phone };
          return serveFile(
            c,
            page(plainSurveyPage(deps.surveySite, pageLanguage(language), shown)),
            policy,
            404
          );
        }
        default:
          return unreachable(found);
      }
    },
    // Short enough to be typed from a poster.
    'GET /s/:link': (c) => c.redirect(`/survey/${encodeURIComponent(c.req.param('link') ?? '')}`, 302),
    'GET /api/survey/:link': async (c) => {
      const found = await findSurvey(deps, c.req.param('link') ?? '', languageOf(c));
      if (found.kind === 'unknown') return errorAnswer(c, 'unknown_link');
      if (found.kind === 'closed') return errorAnswer(c, 'closed');
      return serveFile(c, pages.packed(JSON.stringify(programData(found.data)), 'application/json'));
    }
  };
}

function languageOf(c: Context<AppEnv>): string {
  return /^[a-z]{2,3}$/.exec(c.req.query('lang') ?? '')?.[0] ?? 'ru';
}

/** Compresses each different text once. */
class PackedPages {
  readonly #packed = new Map<string, SiteFile>();

  packed(text: string, type: string): SiteFile {
    const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    const known = this.#packed.get(etag);
    if (known !== undefined) return known;
    const body = new Uint8Array(Buffer.from(text));
    const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    const file: SiteFile = {
      body,
      brotli: new Uint8Array(brotliCompressSync(body, quality)),
      gzip: new Uint8Array(gzipSync(body, { level: 9 })),
      type,
      etag,
      isImmutable: false
    };
    if (this.#packed.size >= 50) this.#packed.clear();
    this.#packed.set(etag, file);
    return file;
  }
}
