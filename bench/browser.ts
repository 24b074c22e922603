import { existsSync } from 'node:fs';
import { chromium, type Browser } from '@playwright/test';

const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'];

/** The browser that measures: CHROME_PATH, a system one, or Playwright's own. */
export async function openBrowser(): Promise<Browser> {
  const path = process.env['CHROME_PATH'] ?? systemBrowsers.find((candidate) => existsSync(candidate));
  return chromium.launch({
    ...(path === undefined ? {} : { executablePath: path }),
    chromiumSandbox: false,
    args: ['--disable-gpu', '--disable-dev-shm-usage']
  });
}
