import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { expect } from '@playwright/test';
import { ensureWebKit } from '../scripts/browser.mjs';
import { freePort } from '../scripts/serve.mjs';

/** Safari's engine as Debian builds it, driven by its own WebDriver: Playwright's build of it cannot be had everywhere. */
export interface WebKitBrowser {
  readonly goto: (url: string) => Promise<void>;
  /** Waits for an element that an XPath names and taps it. */
  readonly tap: (xpath: string) => Promise<void>;
  /** Waits for a field that an XPath names and types into it. */
  readonly type: (xpath: string, text: string) => Promise<void>;
  /** What the page shows, without the hyphens that are seen only at the end of a line. */
  readonly text: () => Promise<string>;
  /** Waits until the page shows these words. */
  readonly seesText: (words: string) => Promise<void>;
  /** What a script in the page returns. */
  readonly evaluate: (script: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** The key under which WebDriver hands out elements. */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

export async function openWebKit(): Promise<WebKitBrowser> {
  const { driver, browser, screen } = await ensureWebKit();
  const display = spawn(screen, ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe']
  });
  const number = await firstLine(display.stdio[3] as Readable);
  const port = await freePort(4455);
  const running = spawn(driver, [`--port=${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: `:${number}`,
      TZ: 'Asia/Yekaterinburg',
      LANGUAGE: 'ru',
      // A container has no right to make a sandbox of its own, and nothing to draw with.
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1'
    }
  });
  process.once('exit', () => [running, display].forEach((child) => child.kill()));
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    });
    const { value } = (await answer.json()) as { value: unknown };
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };
  await expect.poll(() => ask('GET', '/status').catch(() => undefined)).toBeDefined();
  const options = {
    browserName: 'MiniBrowser',
    'webkitgtk:browserOptions': { binary: browser, args: ['--automation'] }
  };
  const session = (await ask('POST', '/session', { capabilities: { alwaysMatch: options } })) as {
    sessionId: string;
  };
  const path = `/session/${session.sessionId}`;
  /** The first element that an XPath names and that is shown. */
  const find = async (xpath: string): Promise<string> => {
    let shown: string | undefined;
    const look = async (): Promise<boolean> => {
      const found = (await ask('POST', `${path}/elements`, {
        using: 'xpath',
        value: xpath
      })) as readonly Record<string, string>[];
      for (const element of found) {
        const id = element[elementKey] ?? '';
        if ((await ask('GET', `${path}/element/${id}/displayed`)) === true) shown ??= id;
      }
      return shown !== undefined;
    };
    await expect.poll(look, { message: xpath }).toBe(true);
    return shown ?? '';
  };
  const evaluate = (script: string): Promise<unknown> =>
    ask('POST', `${path}/execute/sync`, { script, args: [] });
  const text = async (): Promise<string> =>
    String(await evaluate('return document.body.innerText')).replaceAll('\u00ad', '');
  return {
    evaluate,

    goto: async (url) => {
      await ask('POST', `${path}/url`, { url });
    },
    tap: async (xpath) => {
      // The driver's own click takes what scrolls in a page of this size for covered.
      const element = { [elementKey]: await find(xpath) };
      await ask('POST', `${path}/execute/sync`, { script: 'arguments[0].click()', args: [element] });
    },
    type: async (xpath, text) => {
      await ask('POST', `${path}/element/${await find(xpath)}/value`, { text });
    },
    text,
    seesText: async (words) => {
      await expect.poll(text).toContain(words);
    },
    close: async () => {
      await ask('DELETE', path);
      for (const child of [running, display]) await end(child);
    }
  };
}

async function firstLine(stream: Readable): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  throw new Error('The screen in memory ended before it was ready');
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
