import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { packAnswer, takeEchoes } from '#domain/sync/codec.ts';
import type { SyncAnswer, SyncRequest } from '#domain/sync/protocol.ts';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { createPackedTransport } from './packing.ts';
import type { Post } from './transport.ts';

const marks = [1, 2, 3].map((n) => ({
  n,
  w: 1_764_000_000_000 + n * 7_919,
  c: 0,
  v: 1,
  by: 'u7',
  ch: [{ e: 'attendance', k: `s1~p${n}`, set: { status: 'present' }, base: 0 }]
}));
const request: SyncRequest = {
  z: 1,
  device: 'tablet',
  epoch: 'e1',
  build: 'test',
  now: 1_764_000_100_000,
  clock: 0,
  oldestPending: null,
  pending: 3,
  head: [4, 'aa'],
  ops: marks,
  cursors: { attendance: 4 },
  maxBytes: 60_000
};
const answer: SyncAnswer = {
  kind: 'ok',
  z: 1,
  epoch: 'e1',
  now: 1_764_000_100_000,
  head: [7, 'bb'],
  acks: [{ o: 'applied', n: 1, to: 3, seq: 5 }],
  streams: [
    {
      stream: 'attendance',
      from: 4,
      to: 7,
      rows: marks.map(({ n, by, ch }) => ({
        e: 'attendance',
        k: `s1~p${n}`,
        seq: 4 + n,
        by,
        at: 1_764_000_000_000 + n * 7_000,
        f: ch[0]?.set ?? {}
      })),
      gone: [],
      more: false
    }
  ],
  revoked: [],
  durable: 0,
  minBuild: ''
};

/** A server that was sent these operations; gives the answer in the form that it was asked for. */
function serverOf(sent: readonly unknown[]): { readonly post: Post; readonly asked: boolean[] } {
  const asked: boolean[] = [];
  const post: Post = (body) => {
    const { p } = body as { readonly p: readonly unknown[] };
    const withEchoes = p.length === 14;
    asked.push(withEchoes);
    const { answer: rest, echoes } = withEchoes ? takeEchoes(answer, sent) : { answer, echoes: undefined };
    const json: unknown = JSON.parse(JSON.stringify(packAnswer(rest, request, undefined, echoes)));
    return Promise.resolve({ status: 200, contentType: '', json });
  };
  return { post, asked };
}

it('makes what an answer does not repeat from the request that was answered', async () => {
  const { post, asked } = serverOf(marks);
  const transport = createPackedTransport(post, new DeviceDatabase('echoes'), () => 0);
  expect((await transport(request, { secret: 's' })).json).toEqual(answer);
  expect(asked).toEqual([true]);
});

it('asks again for every row when it has said something else than the server took', async () => {
  const others = marks.map((mark) => ({ ...mark, by: 'u8' }));
  const { post, asked } = serverOf(marks);
  const transport = createPackedTransport(post, new DeviceDatabase('echoes'), () => 0);
  expect((await transport({ ...request, ops: others }, { secret: 's' })).json).toEqual(answer);
  expect(asked).toEqual([true, false]);
});
