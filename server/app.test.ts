import { createHash } from 'node:crypto';
import { Script } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PushHealth } from './sync/push-health.ts';
import { createApp } from './app.ts';
import { enrol } from './sync/testing-centre.ts';
import { bootGuard } from './http/boot-guard.ts';
import { openTestApp, type TestApp } from './testing-app.ts';

let world: TestApp;

beforeEach(async () => {
  world = await openTestApp();
});

afterEach(async () => {
  await world.close();
});

test('every answer forbids framing, sniffing and referrers, and carries the id that the log has', async () => {
  for (const path of ['/', '/office/inbox', '/enrol/code', '/api/session', '/survey/nothing', '/nowhere']) {
    const answer = await world.send('GET', path);
    const { headers } = answer;
    expect(headers.get('content-security-policy'), path).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('permissions-policy')).toContain('microphone=()');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    // A page kept by a worker or saved to a file is held by the policy that it carries itself.
    if (headers.get('content-type')?.startsWith('text/html') === true)
      expect(await answer.text(), path).toMatch(
        /<meta http-equiv="content-security-policy" content="default-src/
      );
    expect(headers.get('x-request-id')).toBe(world.lines.at(-1)?.id);
  }
});

test("the app's page is one for all its addresses, always asked again, with the policy of its own hashes", async () => {
  const page = await world.send('GET', '/field/sessions/a');
  expect(page.status).toBe(200);
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(page.headers.get('content-security-policy')).toBe(
    "default-src 'self'; script-src 'self' 'sha256-abc'; frame-ancestors 'none'"
  );
  const again = await world.send('GET', '/', {
    headers: { 'if-none-match': page.headers.get('etag') ?? '' }
  });
  expect(again.status).toBe(304);
});

test('files with a hash in their name are kept for ever, workers are asked for again', async () => {
  const chunk = await world.send('GET', '/_app/immutable/start.js');
  expect(chunk.headers.get('cache-control')).toContain('immutable');
  const worker = await world.send('GET', '/survey/worker.js');
  expect(worker.headers.get('cache-control')).toBe('no-cache');
  expect(await worker.text()).toBe('worker()');
});

test('a file goes out in the best form that the browser takes, and one that is not there is no page', async () => {
  const script = '/_app/immutable/start.js';
  const encodingFor = async (accepted: string) => {
    const headers = { 'accept-encoding': accepted };
    return (await world.send('GET', script, { headers })).headers.get('content-encoding');
  };
  expect(await encodingFor('gzip, deflate, br, zstd')).toBe('br');
  expect(await encodingFor('gzip, br;q=0')).toBe('gzip');
  expect(await encodingFor('br;q=0, *;q=0.5')).toBe('gzip');
  expect(await encodingFor('identity')).toBeNull();
  expect(await encodingFor('')).toBeNull();
  const head = await world.send('HEAD', script, { headers: { 'accept-encoding': 'br' } });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '6', '']);
  for (const missing of ['/_app/immutable/gone.js', '/field/gone.js', '/office/logo.png']) {
    const answer = await world.send('GET', missing);
    expect([answer.status, answer.headers.get('content-type')], missing).toEqual([404, 'application/json']);
  }
});

test('a disk that is full is told as such, by readiness too, until there is space again', async () => {
  let isFull = true;
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  const inner = world.centre.storage;
  const app = createApp({
    ...world.deps,
    storage: {
      ...inner,
      get waitingWrites() {
        return inner.waitingWrites;
      },
      withTransaction: (body) => (isFull ? Promise.reject(full) : inner.withTransaction(body))
    }
  });
  const { cookie } = await world.signIn('coordinator');
  const ready = () => app.request('http://localhost:4141/readyz');
  expect([(await ready()).status, await (await ready()).json()]).toMatchObject([
    503,
    { detail: 'SQLITE_FULL' }
  ]);
  const json = JSON.stringify({ user: 'kristina', deviceName: 'Планшет' });
  const headers = { cookie, 'content-type': 'application/json' };
  const refused = await app.request('http://localhost:4141/api/enrolments', {
    method: 'POST',
    body: json,
    headers
  });
  expect([refused.status, await refused.json()]).toMatchObject([503, { error: 'unavailable' }]);
  isFull = false;
  expect((await ready()).status).toBe(200);
});

test('a push that found no room is told by readiness though a small write still finds some', async () => {
  const pushHealth = new PushHealth(world.deps.clock);
  const app = createApp({ ...world.deps, pushHealth });
  const ready = async () => (await app.request('http://localhost:4141/readyz')).status;
  expect(await ready()).toBe(200);
  pushHealth.failed(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }));
  expect(await ready()).toBe(503);
  pushHealth.succeeded();
  expect(await ready()).toBe(200);
});

test('a disk with less room than a push needs is not ready', async () => {
  let free = 3_000_000;
  const app = createApp({ ...world.deps, freeBytes: () => Promise.resolve(free) });
  const ready = () => app.request('http://localhost:4141/readyz');
  expect(await (await ready()).json()).toMatchObject({ error: 'unavailable', detail: 'ENOSPC' });
  free = 5_000_000;
  expect((await ready()).status).toBe(200);
});

test('127.0.0.1 leads to localhost, because a browser keeps two databases for them', async () => {
  const answer = await world.app.request('http://127.0.0.1:4141/enrol/code?x=1');
  expect(answer.headers.get('location')).toBe('http://localhost:4141/enrol/code?x=1');
});

test('https adds a promise to stay with https', async () => {
  await world.close();
  world = await openTestApp({ url: 'https://zimnik.example.org' });
  expect((await world.send('GET', '/')).headers.get('strict-transport-security')).toMatch(/max-age/);
});

test('the log names patterns, never an address with a secret', async () => {
  await world.send('GET', '/survey/very-secret-link');
  await world.send('GET', '/enrol/very-secret-code');
  expect(JSON.stringify(world.lines)).not.toContain('secret');
  expect(world.lines.map((line) => line.route)).toEqual(['GET /survey/:link', 'GET page']);
});

test('what is not in the table of routes is not there', async () => {
  for (const [method, path] of [
    ['GET', '/api/nothing'],
    ['DELETE', '/api/devices'],
    ['POST', '/api/auth/sign-up/email'],
    ['GET', '/office.html']
  ] as const) {
    const answer = await world.send(method, path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: 'not_found' });
  }
});

test('bodies are refused in words: of another type, too long, packed into a bomb, broken, misspelt', async () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  const json = { 'content-type': 'application/json' };
  const cases = [
    [{ body: 'code=1', headers: { 'content-type': 'text/plain' } }, 415],
    [{ body: JSON.stringify({ code: 'x'.repeat(40_000) }), headers: json }, 413],
    [{ body: bomb, headers: { ...json, 'content-encoding': 'gzip' } }, 413],
    [{ body: Buffer.from([1, 2, 3]), headers: { ...json, 'content-encoding': 'gzip' } }, 400],
    [{ body: '{"code":', headers: json }, 400],
    [{ body: '[]', headers: json }, 400],
    [{ json: { code: 1 } }, 400],
    [{ json: { code: 'x', admin: true } }, 400]
  ] as const;
  for (const [options, status] of cases) {
    const answer = await world.send('POST', '/api/enrol', options);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toHaveProperty('error');
  }
  expect(world.errors).toEqual([]);
});

test('a page of another site changes nothing', async () => {
  const { cookie } = await world.signIn('administrator');
  const foreign = { cookie, json: {}, headers: { origin: 'https://evil.example' } };
  expect((await world.send('POST', '/api/devices/office', foreign)).status).toBe(403);
  const own = { cookie, json: {}, headers: { origin: 'http://localhost:4141' } };
  expect((await world.send('POST', '/api/devices/office', own)).status).toBe(201);
});

test('a device that floods is slowed down in the words of the exchange, others at its address are not', async () => {
  const flood = await enrol(world.centre, 'flood', 'field', 'kristina');
  const calm = await enrol(world.centre, 'calm', 'field', 'dmitry');
  const push = (secret: string, device: typeof flood) =>
    world.send('POST', '/api/sync', { secret, json: device.request([]) });
  let last = await push(flood.secret, flood);
  for (let count = 0; count < 130 && last.status === 200; count++) last = await push(flood.secret, flood);
  expect(last.status).toBe(429);
  expect(await last.json()).toMatchObject({ kind: 'slow_down', z: 1 });
  expect((await push(calm.secret, calm)).status).toBe(200);
  world.centre.now += 60_000;
  expect((await push(flood.secret, flood)).status).toBe(200);
});

test('codes can be guessed a few times only', async () => {
  const guess = () => world.send('POST', '/api/enrol', { json: { code: 'guessed' } });
  const statuses: number[] = [];
  for (let count = 0; count < 25; count++) statuses.push((await guess()).status);
  expect(statuses[0]).toBe(404);
  expect(statuses.at(-1)).toBe(429);
});

test('an error of the program is told by its id, not by its words', async () => {
  await world.centre.storage.close();
  const answer = await world.send('GET', '/survey/link');
  expect(answer.status).toBe(500);
  expect(await answer.json()).toEqual({ error: 'internal', id: world.lines.at(-1)?.id });
  expect(world.errors).toHaveLength(1);
  await world.accounts.close();
  world = await openTestApp();
});

test("the activist's pages allow exactly the guard that they carry", async () => {
  const policy = (await world.send('GET', '/survey/nothing')).headers.get('content-security-policy');
  const hash = createHash('sha256').update(bootGuard).digest('base64');
  expect(policy).toContain(`script-src 'self' 'sha256-${hash}';`);
  expect(() => new Script(bootGuard)).not.toThrow();
});

test('metrics are for this machine or for who has the token', async () => {
  const incoming = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } });
  const ask = (headers: Record<string, string>, from: string) =>
    world.app.request('http://localhost:4141/metrics', { headers }, incoming(from));
  expect((await ask({}, '127.0.0.1')).status).toBe(200);
  expect((await ask({}, '192.0.2.7')).status).toBe(403);
  expect((await ask({ 'x-forwarded-for': '192.0.2.7' }, '127.0.0.1')).status).toBe(403);
  await world.close();
  // Behind a proxy everybody comes from this machine, unless the proxy is known to tell for whom it asks.
  world = await openTestApp({ url: 'https://zimnik.example.org' });
  expect((await ask({}, '127.0.0.1')).status).toBe(403);
  await world.close();
  world = await openTestApp({ url: 'https://zimnik.example.org', trustProxy: true });
  expect((await ask({}, '127.0.0.1')).status).toBe(200);
  expect((await ask({ 'x-real-ip': '192.0.2.7' }, '127.0.0.1')).status).toBe(403);
  await world.close();
  world = await openTestApp({ metricsToken: 'a-token-of-the-watcher' });
  expect((await ask({}, '127.0.0.1')).status).toBe(403);
  const answer = await ask({ authorization: 'Bearer a-token-of-the-watcher' }, '192.0.2.7');
  expect(await answer.text()).toContain('zimnik_log_seq 0');
});
