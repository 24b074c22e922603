import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { policyOf, readSite } from './site.ts';

const script = 'boot()';
const hash = createHash('sha256').update(script).digest('base64');
const page = `<meta http-equiv="content-security-policy" content="default-src &#39;self&#39;; script-src 'self' 'sha256-${hash}'"><script>${script}</script>`;

test("the header's policy is the page's own, hash by hash, and forbids framing", () => {
  expect(policyOf(page)).toBe(
    `default-src 'self'; script-src 'self' 'sha256-${hash}'; frame-ancestors 'none'`
  );
});

test('a page without a policy is not served at all', () => {
  expect(() => policyOf('<!doctype html>')).toThrow('carries no content security policy');
});

test('a build is read with the compressed forms beside its files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zimnik-site-'));
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'index.html.br'), 'packed');
  const site = readSite(folder);
  rmSync(folder, { recursive: true });
  expect([...site.files.keys()]).toEqual(['/index.html']);
  expect(Buffer.from(site.page.brotli ?? []).toString()).toBe('packed');
  expect(() => readSite(folder)).toThrow('run npm run build');
});
