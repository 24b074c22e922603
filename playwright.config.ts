import { defineConfig, devices } from '@playwright/test';
import { findBrowser } from './scripts/browser.mjs';

const executablePath = findBrowser();

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results',
  // Guards against a hang, not measures of speed.
  timeout: 300_000,
  // Two cores carry the browsers and the servers of two journeys.
  expect: { timeout: 30_000 },
  workers: 2,
  retries: 0,
  forbidOnly: true,
  reporter: [['list'], ['json', { outputFile: '.reports/playwright.json' }]],
  projects: [
    { name: 'chromium', testIgnore: '**/webkit.e2e.ts' },
    { name: 'webkit', testMatch: '**/webkit.e2e.ts' }
  ],
  use: {
    ...devices['Desktop Chrome'],
    locale: 'ru-RU',
    timezoneId: 'Asia/Yekaterinburg',
    serviceWorkers: 'allow',
    actionTimeout: 30_000,
    // A recording makes a journey a sixth longer: `npx playwright test --trace on` where one is wanted.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath === undefined ? {} : { executablePath }),
      chromiumSandbox: false,
      args: ['--disable-gpu', '--disable-dev-shm-usage']
    }
  }
});
