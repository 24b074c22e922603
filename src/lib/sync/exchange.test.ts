import 'fake-indexeddb/auto';
import { expect, it } from 'vitest';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { exchange } from './exchange.ts';
import type { RawAnswer } from './transport.ts';

const options = { build: 'test', limits: { batchLength: 1000, maxBytes: 1000 } };
let serial = 0;

/** A tablet whose exchanges are answered as told. */
async function newTablet() {
  const database = new DeviceDatabase(`exchange-${serial++}`);
  await ensureIdentity(database, { device: 'd1', secret: 's', role: 'field', user: 'u7', name: 'Планшет' });
  const environment = {
    now: () => 5,
    mono: () => 5,
    randomBytes: (length: number) => new Uint8Array(length)
  };
  return {
    ask: (answer: Partial<RawAnswer>) =>
      exchange(
        database,
        environment,
        () => Promise.resolve({ status: 200, contentType: '', json: undefined, ...answer }),
        options
      ),
    loseLink: () => exchange(database, environment, () => Promise.reject(new TypeError('network')), options),
    journal: async () => (await database.meta.get('state'))?.journal ?? []
  };
}

it('an exchange that failed stands in the journal with its reason', async () => {
  const tablet = await newTablet();
  expect(await tablet.ask({})).toMatchObject({ type: 'foreign_answer' });
  await tablet.loseLink();
  expect((await tablet.journal()).map(({ reason }) => reason)).toEqual(['no_network', 'foreign_answer']);
});

it('a centre in trouble, or the proxy before it, is no Wi-Fi that asks to sign in; the id of its log is kept', async () => {
  const tablet = await newTablet();
  const trouble = { status: 503, json: { error: 'unavailable', id: 'r1' }, id: 'r1' };
  expect(await tablet.ask(trouble)).toEqual({ type: 'unavailable', id: 'r1' });
  const refusal = { z: 1, kind: 'bad_request', detail: 'now' };
  expect(await tablet.ask({ status: 400, json: refusal, id: 'r2' })).toMatchObject({ type: 'refused' });
  expect(await tablet.ask({ status: 502 })).toMatchObject({ type: 'unavailable' });
  expect((await tablet.journal()).map(({ reason, id }) => [reason, id])).toEqual([
    ['unavailable', undefined],
    ['refused', 'r2'],
    ['unavailable', 'r1']
  ]);
});

it('what happened to the history of this tablet is noted, and no quiet exchange after it wipes the note away', async () => {
  const tablet = await newTablet();
  const answer = (json: object) => tablet.ask({ json: { z: 1, now: 9, ...json } });
  const ok = {
    kind: 'ok',
    epoch: 'e2',
    head: [1, 'h'],
    acks: [],
    streams: [],
    revoked: [],
    durable: 0,
    minBuild: ''
  };
  await answer({ kind: 'epoch_changed', epoch: 'e2', restoredTo: 0 });
  await answer({ kind: 'gap', epoch: 'e2', from: 1, acks: [] });
  await answer({ kind: 'device_forked', epoch: 'e2', from: 1, acks: [], newDevice: 'd2', secret: 's2' });
  const page = { stream: 'people', from: 0, to: 0, rows: [], gone: [], more: false, check: [1, 77] };
  await answer({ ...ok, streams: [page] });
  await answer(ok);
  expect((await tablet.journal()).flatMap(({ event }) => event ?? [])).toEqual([
    'reloaded',
    'copied',
    'gap',
    'restored'
  ]);
});
