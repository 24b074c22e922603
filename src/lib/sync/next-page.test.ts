import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import type { StreamPage, SyncRequest } from '#domain/sync/protocol.ts';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { write } from '$lib/storage/write.ts';
import { exchange } from './exchange.ts';
import { isAnswerFor, requestAfter } from './next-page.ts';
import { createPackedTransport } from './packing.ts';
import type { Post } from './transport.ts';

const request: SyncRequest = {
  z: 1,
  device: 'tablet',
  epoch: 'e1',
  build: 'test',
  now: 1_000,
  clock: 0,
  oldestPending: null,
  pending: 0,
  head: [4, 'aa'],
  ops: [],
  cursors: { reference: 4, people: 0 },
  maxBytes: 1_000
};

function page(stream: string, from: number, to: number, more: boolean): StreamPage {
  return { stream, from, to, rows: [], gone: [], more };
}

const answer = {
  kind: 'ok' as const,
  z: 1 as const,
  epoch: 'e1',
  now: 5_000,
  head: [9, 'bb'] satisfies [number, string],
  acks: [],
  streams: [page('reference', 4, 9, false), page('people', 0, 6, true)],
  revoked: [],
  durable: 0,
  minBuild: ''
};

it('asks for what follows the pages that are being stored, with the clock as it stands by then', () => {
  expect(requestAfter(request, answer, 250.4)).toEqual({
    ...request,
    now: 1_250,
    head: [9, 'bb'],
    cursors: { reference: 9, people: 6 }
  });
});

it('knows the history that the first answer names', () => {
  const first = { ...request, epoch: null, head: null, cursors: {} };
  const pages = [page('reference', 0, 9, false), page('people', 0, 6, true)];
  expect(requestAfter(first, { ...answer, streams: pages }, 0)).toMatchObject({
    epoch: 'e1',
    head: [9, 'bb']
  });
});

it('asks for nothing when nothing more comes', () => {
  const streams = [page('reference', 4, 9, false), page('people', 0, 9, false)];
  expect(requestAfter(request, { ...answer, streams }, 0)).toBeUndefined();
});

it('leaves to the stored state what an answer may do to it besides moving cursors', () => {
  const anew = { ...page('people', 0, 6, true), reset: true };
  for (const other of [
    { ...answer, streams: [page('reference', 4, 9, false), anew] },
    { ...answer, streams: [page('reference', 3, 9, false), page('people', 0, 6, true)] },
    { ...answer, revoked: ['attendance'] },
    { ...answer, erased: ['somebody'] },
    { ...answer, signIn: 'revoked' as const },
    { ...answer, newer: 3 }
  ])
    expect(requestAfter(request, other, 0)).toBeUndefined();
});

it('does not go before work that still waits', () => {
  expect(requestAfter({ ...request, pending: 3, ops: [1, 2] }, answer, 0)).toBeUndefined();
  expect(requestAfter({ ...request, pending: 2, oldestPending: 900, ops: [1, 2] }, answer, 0)).toMatchObject({
    ops: [],
    pending: 0,
    oldestPending: null
  });
});

it('takes an answer only while the stored state is what was foretold', () => {
  const asked = requestAfter(request, answer, 10) ?? request;
  const stored: SyncRequest = { ...asked, now: 9_000, clock: 1, pending: 1, oldestPending: 8_000, ops: [1] };
  expect(isAnswerFor(asked, stored)).toBe(true);
  for (const other of [
    { ...stored, head: [8, 'cc'] satisfies [number, string] },
    { ...stored, epoch: 'e2' },
    { ...stored, device: 'copy' },
    { ...stored, cursors: { reference: 9, people: 0 } }
  ])
    expect(isAnswerFor(asked, other)).toBe(false);
});

it('brings the next page without another question, and what was written meanwhile after it', async () => {
  const database = new DeviceDatabase('next-page');
  await ensureIdentity(database, { device: 'd1', secret: 's', role: 'field', user: 'u7', name: 'Планшет' });
  const environment = {
    now: () => 1_764_000_000_000,
    mono: () => 5,
    randomBytes: (length: number) => crypto.getRandomValues(new Uint8Array(length))
  };
  const streams = ['reference', 'people', 'attendance', 'consultations', 'private/u7'];
  const told: { cursors: unknown; ops: number }[] = [];
  // A server in plain JSON whose people come in three pages.
  const post: Post = (body) => {
    const { p } = body as { p: readonly unknown[] };
    const [, , , , , , , , , cursors, , ops] = p;
    told.push({ cursors, ops: ops === 0 ? 0 : 1 });
    const people = told.length - 1;
    const json = {
      ...answer,
      streams: streams.map((stream) =>
        stream === 'people'
          ? page(stream, people, people + 1, people < 2)
          : page(stream, people === 0 ? 0 : 9, 9, false)
      )
    };
    return Promise.resolve({ status: 200, contentType: '', json });
  };
  const transport = createPackedTransport(post, database, environment.mono);
  const options = { build: 'test', limits: { batchLength: 1_000, maxBytes: 1_000 } };
  const run = () => exchange(database, environment, transport, options);

  expect(await run()).toMatchObject({ type: 'done', more: true });
  // The second question is on its way already.
  expect(told).toHaveLength(2);
  await write(database, environment, {
    by: 'u7',
    changes: [{ type: 'person', id: 'a'.repeat(16), set: { surname: 'Зимовьева' } }]
  });
  expect(await run()).toMatchObject({ type: 'done', more: true });
  expect((await database.cursors.get('people'))?.cursor).toBe(2);
  expect(told).toHaveLength(2);
  await run();
  expect(told.map(({ ops }) => ops)).toEqual([0, 0, 1]);
  expect((await database.cursors.get('people'))?.cursor).toBe(3);
});
