import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceDatabase } from '$lib/storage/database.ts';
import type { DeviceEnvironment } from '$lib/storage/environment.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { forgetRetained } from '$lib/storage/retention.ts';
import { requireState, write } from '$lib/storage/write.ts';
import { offerFilesAgain } from './attachments.ts';
import { createUploadTransport, sendUploads, type PartSize, type UploadTransport } from './uploads.ts';

const environment: DeviceEnvironment = {
  now: () => 1_764_000_000_000,
  mono: () => 1_000,
  page: 'page1',
  randomBytes: (length) => new Uint8Array(length)
};
const one = 'a'.repeat(64);
const two = 'b'.repeat(64);
let database: DeviceDatabase;
let serial = 0;
let size: PartSize;

beforeEach(async () => {
  database = new DeviceDatabase(`uploads-${serial++}`);
  size = { bytes: 10_000 };
  await ensureIdentity(database, { device: 'd1', secret: 's', role: 'field', user: 'u7', name: 'Планшет' });
  for (const sha256 of [one, two]) await take(sha256);
  await database.outbox.clear();
});

/** A photo as a screen stores it: the record and its bytes in one transaction. */
const take = (sha256: string) =>
  write(database, environment, {
    by: 'u7',
    changes: [{ type: 'photo', id: sha256.slice(0, 12), set: { of: 'sheet', target: 's1', file: sha256 } }],
    attachments: [{ sha256, mime: 'image/jpeg', bytes: new ArrayBuffer(25_000), state: 'to_upload' }]
  });
const states = async () => (await database.attachments.toArray()).map((row) => row.state);

/** A centre that keeps what arrives; `cut` = the link breaks after so many bytes of the next parts. */
class Centre {
  readonly has = new Map<string, number>();
  readonly offsets: number[] = [];
  cut = Infinity;
  refusal: { status: number; code?: string } | undefined;
  /** The end of its log; an older centre does not tell it. */
  seq: number | undefined;

  readonly transport: UploadTransport = {
    find: async (sha256) => this.#answer(sha256, 200),
    begin: async ({ sha256 }) => {
      if (this.refusal !== undefined) return this.refusal;
      this.has.set(sha256, 0);
      return this.#answer(sha256, 201);
    },
    send: async (sha256, offset, bytes) => {
      if (this.refusal !== undefined) return this.refusal;
      this.offsets.push(offset);
      if (offset !== this.has.get(sha256)) return { status: 409 };
      const arrived = Math.min(bytes.byteLength, this.cut);
      this.cut -= arrived;
      this.has.set(sha256, offset + arrived);
      if (arrived < bytes.byteLength) throw new TypeError('the link was cut');
      return this.#answer(sha256, 204);
    }
  };

  #answer(sha256: string, status: number) {
    const offset = this.has.get(sha256);
    if (offset === undefined) return { status: 404 };
    return { status, offset, ...(this.seq === undefined ? {} : { seq: this.seq }) };
  }
}

const send = (centre: Centre) => sendUploads(database, centre.transport, () => 0, size);

describe('photos that wait', () => {
  it('go in parts that grow with the link, and are marked with the end of the log that was known', async () => {
    await database.meta.put({ ...(await requireState(database)), head: [7, 'h7'] });
    const centre = new Centre();
    expect(await send(centre)).toBe('done');
    expect(centre.offsets).toEqual([0, 10_000, 0]);
    expect(await states()).toEqual(['delivered', 'delivered']);
    expect((await database.attachments.get(one))?.sentAt).toBe(7);
    expect((await database.attachments.get(one))?.bytes.byteLength).toBe(25_000);
  });

  it('wait for a backup that was made after they were whole, whatever others have written since the exchange', async () => {
    await database.meta.put({ ...(await requireState(database)), head: [7, 'h7'], durable: 9, serverNow: 5 });
    const centre = new Centre();
    centre.seq = 10;
    await send(centre);
    expect(await database.attachments.get(one)).toMatchObject({ sentAt: 10, sentOn: 5 });
    expect((await forgetRetained(database, true)).files).toBe(0);
    await database.meta.put({ ...(await requireState(database)), durable: 11 });
    expect((await forgetRetained(database, true)).files).toBe(2);
  });

  it('go on at the byte where the link broke', async () => {
    const centre = new Centre();
    centre.cut = 12_345;
    expect(await send(centre)).toBe('no_network');
    expect(size.bytes).toBe(10_000);
    centre.cut = Infinity;
    centre.offsets.length = 0;
    expect(await send(centre)).toBe('done');
    expect(centre.offsets[0]).toBe(12_345);
    expect([...centre.has.values()]).toEqual([25_000, 25_000]);
  });

  it('let operations that were written meanwhile go first', async () => {
    const centre = new Centre();
    await write(database, environment, {
      by: 'u7',
      changes: [{ type: 'attendance', id: 's1~p1', set: { status: 'present' } }]
    });
    expect(await send(centre)).toBe('operations_first');
    expect(centre.offsets).toEqual([]);
  });

  it('stay while the centre keeps its space for records, or does not know the operation that names them', async () => {
    const centre = new Centre();
    centre.refusal = { status: 507, code: 'no_space' };
    expect(await send(centre)).toBe('no_space');
    centre.refusal = { status: 409, code: 'not_named' };
    expect(await send(centre)).toBe('later');
    expect(await states()).toEqual(['to_upload', 'to_upload']);
  });

  it('are refused alone when nothing can make them right', async () => {
    const centre = new Centre();
    centre.refusal = { status: 400, code: 'unsafe_picture' };
    expect(await send(centre)).toBe('done');
    expect(await states()).toEqual(['refused', 'refused']);
  });

  it('end for lack of progress where a centre forgets again and again', async () => {
    const centre = new Centre();
    const forgetful: UploadTransport = {
      ...centre.transport,
      send: async () => ({ status: 204, offset: 0 })
    };
    expect(await sendUploads(database, forgetful, () => 0, size)).toBe('later');
  });

  it('are offered again when the centre was put back, except those whose bytes are gone', async () => {
    await send(new Centre());
    await database.attachments.update(two, { bytes: new ArrayBuffer(0) });
    expect(await offerFilesAgain(database, 0)).toBe(0);
    expect(await states()).toEqual(['delivered', 'delivered']);
    await database.meta.put({ ...(await requireState(database)), cuts: [3] });
    expect(await offerFilesAgain(database, 0)).toBe(1);
    expect(await states()).toEqual(['to_upload', 'delivered']);
    await send(new Centre());
    expect(await offerFilesAgain(database, 0)).toBe(1);
    expect(await states()).toEqual(['delivered', 'delivered']);
  });
});

it('a captive portal that says yes to everything delivers nothing', async () => {
  const portal = vi.fn<typeof fetch>(async () => new Response('<html>Войдите</html>', { status: 200 }));
  const transport = createUploadTransport(portal, 1_000);
  expect(await sendUploads(database, transport, () => 0, size)).toBe('later');
  expect(await states()).toEqual(['to_upload', 'to_upload']);
});
