// Finds a browser for the journeys, or installs one by whatever works on this machine.
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { runSlow, tool } from './run.mjs';
import { findCommand, installDebianPackages } from './setup.mjs';

const systemBrowsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a Chromium: CHROME_PATH, else Playwright's own, else the system's; undefined when there is none. */
export function findBrowser() {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  const own = chromium.executablePath();
  if (existsSync(own)) return own;
  return systemBrowsers.map((name) => findCommand(name)).find((path) => path !== undefined);
}

/** Like `findBrowser`, but installs one when there is none. Throws an Error that says what to do. */
export async function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  await runSlow("Downloading Playwright's browser", tool('playwright'), ['install', 'chromium']);
  if (!findBrowser()) await installDebianPackages(['chromium', 'fonts-dejavu-core']);
  const installed = findBrowser();
  if (installed) return installed;
  throw new Error(
    'The journeys need a Chromium and none could be installed. Install one (Debian: sudo apt-get install -y chromium) or set CHROME_PATH.'
  );
}

const webKitFolders = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/libexec'];

/** WebKit's driver, its small browser and a screen in memory; undefined when one of them is missing. */
function findWebKit() {
  const driver = findCommand('WebKitWebDriver');
  const screen = findCommand('Xvfb');
  const browser = webKitFolders
    .flatMap((folder) => ['4.1', '4.0'].map((version) => `${folder}/webkit2gtk-${version}/MiniBrowser`))
    .find((path) => existsSync(path));
  return driver && screen && browser ? { driver, browser, screen } : undefined;
}

/** Finds the engine of Safari, or installs it. Throws an Error that says what to do. */
export async function ensureWebKit() {
  if (!findWebKit()) await installDebianPackages(['webkit2gtk-driver', 'xvfb']);
  const found = findWebKit();
  if (found) return found;
  throw new Error(
    'The journeys in the engine of Safari need WebKitGTK and it could not be installed (Debian: sudo apt-get install -y webkit2gtk-driver xvfb).'
  );
}
