import { join } from 'node:path';
import type { Hono } from 'hono';
import { createApp, type AppDeps } from './app.ts';
import { openAccounts, type Accounts, type OfficeRole } from './access/accounts.ts';
import { createSetup } from './access/setup.ts';
import { openDiskStore } from './files/file-store.ts';
import { createFiles } from './files/files.ts';
import type { AppEnv } from './http/app-env.ts';
import type { RequestLine } from './http/request-log.ts';
import { policyOf, type SiteFile } from './http/site.ts';
import { surveyPolicy, type PageFiles } from './http/survey-site.ts';
import { openTestCentre, type TestCentre } from './sync/testing-centre.ts';

/** The whole app over real databases in a folder of its own, with a clock that the test moves. */
export interface TestApp {
  readonly app: Hono<AppEnv>;
  readonly centre: TestCentre;
  readonly accounts: Accounts;
  readonly deps: AppDeps;
  readonly lines: RequestLine[];
  readonly errors: unknown[];
  /** Sends a request; `json` becomes the body. */
  send(method: string, path: string, options?: SendOptions): Promise<Response>;
  /** Makes an account and signs it in. Returns its user id and the cookie header. */
  signIn(role: OfficeRole): Promise<{ readonly user: string; readonly cookie: string }>;
  close(): Promise<void>;
}

export interface SendOptions {
  readonly json?: unknown;
  readonly cookie?: string;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

const testUrl = 'http://localhost:4141';
const page = `<!doctype html><meta http-equiv="content-security-policy" content="default-src 'self'; script-src 'self' 'sha256-abc'"><title>Зимник</title>`;

/** The built sites in small. */
export const testSites: Pick<AppDeps, 'site' | 'surveySite'> = {
  site: {
    files: new Map([['/_app/immutable/start.js', siteFile('start()', 'text/javascript', true)]]),
    page: siteFile(page, 'text/html; charset=utf-8', false),
    policy: policyOf(page)
  },
  surveySite: {
    files: new Map([['/survey/worker.js', siteFile('worker()', 'text/javascript', false)]]),
    needed: {
      scripts: ['/survey/assets/main.1.js'],
      preloads: [],
      styles: ['/survey/assets/style.1.css']
    },
    late: {
      ru: lateFile('ru'),
      en: lateFile('en'),
      rareQuestions: lateFile('rare'),
      demonstration: lateFile('demonstration')
    },
    policy: surveyPolicy()
  }
};

export async function openTestApp(overrides: Partial<AppDeps> = {}): Promise<TestApp> {
  const centre = await openTestCentre();
  const accounts = await openAccounts({
    database: { file: join(centre.folder, 'accounts.sqlite') },
    secret: 'e'.repeat(64),
    url: overrides.url ?? testUrl
  });
  const lines: RequestLine[] = [];
  const errors: unknown[] = [];
  const store = openDiskStore(join(centre.folder, 'files'));
  const base = { ...centre.deps, service: centre.service, accounts };
  const files = createFiles({ ...centre.deps, store, reserve: 0 });
  const deps: AppDeps = {
    ...base,
    files,
    setup: createSetup(base),
    url: testUrl,
    ...testSites,
    log: { request: (line) => lines.push(line), error: (error) => errors.push(error) },
    shutdown: new AbortController().signal,
    ...overrides
  };
  const app = createApp(deps);
  let people = 0;
  return {
    app,
    centre,
    accounts,
    deps,
    lines,
    errors,
    send: async (method, path, options = {}) =>
      app.request(`${deps.url}${path}`, {
        method,
        headers: {
          ...(options.json === undefined ? {} : { 'content-type': 'application/json' }),
          ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
          ...(options.secret === undefined ? {} : { authorization: `Bearer ${options.secret}` }),
          ...options.headers
        },
        ...(options.json === undefined ? {} : { body: JSON.stringify(options.json) }),
        ...(options.body === undefined ? {} : { body: options.body })
      }),
    async signIn(role) {
      const email = `person-${people++}@example.org`;
      const password = 'winter road 7';
      const made = await accounts.create({ name: 'Анна', email, password, role });
      const cookies = await accounts.signIn({ email, password });
      return { user: made.ok ? made.value.id : '', cookie: cookies?.getSetCookie()[0]?.split(';')[0] ?? '' };
    },
    async close() {
      await accounts.close();
      await centre.close();
    }
  };
}

function siteFile(text: string, type: string, isImmutable: boolean): SiteFile {
  const body = new Uint8Array(Buffer.from(text));
  const packed = new Uint8Array(Buffer.from('packed'));
  return { body, brotli: packed, gzip: packed, type, etag: `"${String(body.byteLength)}"`, isImmutable };
}

function lateFile(name: string): PageFiles {
  return { scripts: [], preloads: [`/survey/assets/${name}.1.js`], styles: [] };
}
