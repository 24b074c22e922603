import { test as base, type BrowserContext, type BrowserContextOptions } from '@playwright/test';
import { removeData, startServer, type RunningServer } from './server.ts';

export { expect } from '@playwright/test';

type Options = {
  /** Set by `test.use({ serverMode: 'fresh' })`; the demonstration centre unless told. */
  serverMode: 'demo' | 'fresh';
  serverEnv: Readonly<Record<string, string>>;
  /** A journey that provokes an error in a page names here what it expects. */
  expectedProblems: readonly RegExp[];
};

type Fixtures = {
  /** A server of this test's own, with its own data. */
  server: RunningServer;
  /** Opens a device of its own (storage, worker, network state) that is watched like the first page's. */
  openDevice: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  problems: string[];
};

/** Sizes at which the screens are meant to be used. */
export const screens = {
  phone: { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true },
  tablet: { viewport: { width: 1024, height: 768 }, hasTouch: true },
  desk: { viewport: { width: 1366, height: 768 } }
} satisfies Record<string, BrowserContextOptions>;

export const test = base.extend<Options & Fixtures>({
  serverMode: ['demo', { option: true }],
  serverEnv: [{}, { option: true }],
  expectedProblems: [[], { option: true }],

  server: async ({ serverMode, serverEnv }, use, testInfo) => {
    const server = await startServer({ mode: serverMode, env: serverEnv });
    await use(server);
    await server.stop();
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('server.log', { body: server.output(), contentType: 'text/plain' });
    }
    await removeData(server);
  },

  baseURL: async ({ server }, use) => {
    await use(server.url);
  },

  /** Every journey fails on a violation of the content security policy and on an uncaught error of a page. */
  problems: [
    async ({ expectedProblems }, use) => {
      const problems: string[] = [];
      await use(problems);
      const unexpected = problems.filter((problem) => !expectedProblems.some((known) => known.test(problem)));
      if (unexpected.length > 0) throw new Error(`The pages reported:\n${unexpected.join('\n')}`);
    },
    { auto: true }
  ],

  context: async ({ context, problems }, use) => {
    watch(context, problems);
    await use(context);
  },

  openDevice: async ({ browser, baseURL, problems }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await browser.newContext({ ...(baseURL === undefined ? {} : { baseURL }), ...options });
      watch(context, problems);
      opened.push(context);
      return context;
    });
    for (const context of opened) await context.close();
  }
});

function watch(context: BrowserContext, problems: string[]): void {
  context.on('weberror', (error) => problems.push(`uncaught: ${error.error().message}`));
  context.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) problems.push(message.text());
  });
}
