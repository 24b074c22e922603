import { beforeEach, describe, expect, it } from 'vitest';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { sendAttachments } from './attachments.ts';

let database: DeviceDatabase;
let serial = 0;

beforeEach(async () => {
  database = new DeviceDatabase(`attachments-${serial++}`);
  for (const sha256 of ['a', 'b']) {
    await database.attachments.put({
      sha256,
      mime: 'image/svg+xml',
      bytes: new ArrayBuffer(4),
      state: 'waiting',
      storedAt: 1
    });
  }
});

const states = async () => (await database.attachments.toArray()).map((row) => row.state);

describe('signatures that wait', () => {
  it('are delivered one by one and keep their bytes', async () => {
    expect(await sendAttachments(database, () => Promise.resolve(204), 's')).toBe(0);
    expect(await states()).toEqual(['delivered', 'delivered']);
    expect((await database.attachments.get('a'))?.bytes.byteLength).toBe(4);
  });

  it('stay waiting when the network goes in the middle', async () => {
    let sent = 0;
    const left = await sendAttachments(
      database,
      () => (sent++ === 0 ? Promise.resolve(204) : Promise.reject(new TypeError('no network'))),
      's'
    );
    expect(left).toBe(1);
    expect(await states()).toEqual(['delivered', 'waiting']);
  });

  it('stay waiting while the server does not know the operation that names them, or has trouble', async () => {
    const answers = [409, 503];
    await sendAttachments(database, () => Promise.resolve(answers.shift() ?? 500), 's');
    expect(await states()).toEqual(['waiting', 'waiting']);
  });

  it('that the server refuses are kept and not sent again', async () => {
    await sendAttachments(database, () => Promise.resolve(400), 's');
    expect(await states()).toEqual(['refused', 'refused']);
    expect(await sendAttachments(database, () => Promise.reject(new Error('sent again')), 's')).toBe(0);
  });
});
