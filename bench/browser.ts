import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions } from '@playwright/test';

const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'];

/** The browser that measures: CHROME_PATH, a system one, or Playwright's own. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch(launching());
}

/** The same with a profile on the disk, as an installed app has: what is stored is stored for real. */
export async function openProfile(
  folder: string,
  options: BrowserContextOptions,
  more: readonly string[] = []
): Promise<BrowserContext> {
  const { args, ...own } = launching();
  return chromium.launchPersistentContext(folder, { ...own, ...options, args: [...args, ...more] });
}

function launching() {
  const path = process.env['CHROME_PATH'] ?? systemBrowsers.find((candidate) => existsSync(candidate));
  return {
    ...(path === undefined ? {} : { executablePath: path }),
    chromiumSandbox: false,
    args: ['--disable-gpu', '--disable-dev-shm-usage']
  };
}
