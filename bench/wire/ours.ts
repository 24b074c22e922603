import { randomBytesToId, idBytes } from '#domain/ids.ts';
import { gzip } from '$lib/app/gzip.ts';
import { DeviceDatabase } from '$lib/storage/database.ts';
import type { DeviceEnvironment } from '$lib/storage/environment.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { write, type AnyChange } from '$lib/storage/write.ts';
import { exchange } from '$lib/sync/exchange.ts';
import { createPackedTransport } from '$lib/sync/packing.ts';
import { createSyncRunner, type SyncRunner } from '$lib/sync/runner.ts';
import { createHttpPost } from '$lib/sync/transport.ts';
import type { Mark } from './marks.ts';

/** Our client in a page of the measurement: the app's own storage and exchange, without its screens. */
export interface OurDevice {
  readonly database: DeviceDatabase;
  readonly runner: SyncRunner;
  readonly write: (changes: readonly AnyChange[], wall?: number) => Promise<void>;
}

/** Connects a new device by the code of a connection link. */
export async function openOurs(name: string, code: string): Promise<OurDevice> {
  const response = await fetch('/api/enrol', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code })
  });
  const { device, secret, user } = (await response.json()) as Record<'device' | 'secret' | 'user', string>;
  const database = new DeviceDatabase(name);
  await ensureIdentity(database, { device, secret, user, role: 'field', name });
  let wall = 0;
  const environment: DeviceEnvironment = {
    now: () => (wall === 0 ? Date.now() : wall),
    mono: () => performance.now(),
    page: name,
    randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length))
  };
  const post = createHttpPost({
    fetch: (input, init) => fetch(input, init),
    url: '/api/sync',
    timeoutMs: 60_000,
    gzip
  });
  const transport = createPackedTransport(post, database, () => performance.now());
  const runner = createSyncRunner({
    exchange: (limits) => exchange(database, environment, transport, { build: 'bench', limits }),
    alone: (cycle) => cycle(),
    now: () => Date.now(),
    random: () => Math.random(),
    setTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
    onStatus: () => undefined,
    onError: (error) => console.error(error)
  });
  return {
    database,
    runner,
    write: async (changes, at = 0) => {
      wall = at;
      await write(database, environment, { by: user, changes });
    }
  };
}

/** The event, its sessions and its people: what a tablet has received before somebody is marked. */
export async function prepareOurs(device: OurDevice, marks: readonly Mark[]): Promise<void> {
  const event = randomBytesToId(crypto.getRandomValues(new Uint8Array(idBytes)));
  const sessions = [...new Set(marks.map((mark) => mark.session))];
  const people = [...new Set(marks.map((mark) => mark.person))];
  await device.write([{ type: 'event', id: event, set: { title: 'Семинар' } }]);
  for (const id of sessions)
    await device.write([{ type: 'session', id, set: { event, date: '2025-11-24' } }]);
  for (const id of people)
    await device.write([{ type: 'person', id, set: { surname: 'Иванова', name: 'Анна' } }]);
  await deliver(device);
}

/** One operation a mark, as taps make them. */
export async function storeOurs(device: OurDevice, marks: readonly Mark[]): Promise<void> {
  // Taps fall anywhere within their second.
  for (const [index, { id, status, at }] of marks.entries())
    await device.write([{ type: 'attendance', id, set: { status, at } }], at + ((index * 7_919) % 1_000));
}

/** Marks that were made are corrected: each becomes what it was not. */
export async function changeOurs(device: OurDevice, marks: readonly Mark[]): Promise<void> {
  for (const { id } of marks) {
    const row = await device.database.records.get(['attendance', id]);
    const status = row?.body.plain.f['status'] === 'late' ? 'present' : 'late';
    await device.write([{ type: 'attendance', id, set: { status } }]);
  }
}

/** Lets the runner exchange, and try again when it wants to, until nothing waits. */
export async function deliver({ database, runner }: OurDevice): Promise<void> {
  await runner.now();
  const looksEveryMs = 50;
  for (;;) {
    const state = await database.meta.get('state');
    if ((await database.outbox.count()) === 0 && (state?.exchangedAt ?? 0) > 0) return;
    await new Promise((resolve) => setTimeout(resolve, looksEveryMs));
  }
}
