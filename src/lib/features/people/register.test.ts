import { toStore } from 'svelte/store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeviceDatabase } from '$lib/storage/database.ts';
import type { DeviceEnvironment } from '$lib/storage/environment.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { write, type AnyChange } from '$lib/storage/write.ts';
import { registerOf, type Register } from './register.svelte.ts';

const environment: DeviceEnvironment = {
  now: () => 1_764_000_000_000,
  mono: () => 1,
  randomBytes: (length) => new Uint8Array(length)
};
let serial = 0;
let database: DeviceDatabase;
let closing: AbortController;
let register: Register;

beforeEach(async () => {
  database = new DeviceDatabase(`register-${serial++}`);
  await ensureIdentity(database, { device: 'd1', secret: 's', role: 'field', user: 'u7', name: '' });
  closing = new AbortController();
  register = registerOf({ database, closing: closing.signal });
});

afterEach(() => closing.abort());

const put = (...changes: AnyChange[]) => write(database, environment, { by: 'u7', changes });
const person = (id: string, surname: string, more: Partial<Record<string, string>> = {}): AnyChange => ({
  type: 'person',
  id,
  set: { surname, name: 'Анна', ...more }
});
const found = (query: string) => register.search(query, 10).map(({ id }) => id);
const whenReady = () => vi.waitFor(() => expect(register.ready).toBe(true));

describe('the register of this device', () => {
  it('gives everybody, however many slices they are read in, and namesakes each for himself', async () => {
    const ids = Array.from({ length: 130 }, (_, place) => `p${place}`);
    for (let from = 0; from < ids.length; from += 20) {
      await put(...ids.slice(from, from + 20).map((id) => person(id, id === 'p77' ? 'Ӈарова' : 'Ким')));
    }
    register.want();
    await whenReady();
    expect(register.people.map(({ id }) => id).sort()).toEqual([...ids].sort());
    expect(register.search('ким анна', 200)).toHaveLength(129);
    expect(found('нар')).toEqual(['p77']);
  });

  it('follows cards that are made, renamed and deleted, and tells its readers', async () => {
    await put(person('p1', 'Ким'), person('p2', 'Волдин'));
    register.want();
    await whenReady();
    let told = 0;
    const stop = toStore(() => found('вол')).subscribe(() => (told += 1));
    await put(person('p1', 'Волдина'));
    await vi.waitFor(() => expect(found('вол')).toEqual(['p2', 'p1']));
    await put({ type: 'person', id: 'p2', set: { deletedAt: 5 } }, person('p3', 'Волков'));
    await vi.waitFor(() => expect(found('вол')).toEqual(['p1', 'p3']));
    expect(found('ким')).toEqual([]);
    await vi.waitFor(() => expect(told).toBeGreaterThan(1));
    stop();
  });

  it('finds people by the new name of their village', async () => {
    await put({ type: 'settlement', id: 's1', set: { name: 'Шеркалы' } });
    await put(person('p1', 'Ким', { settlement: 's1' }));
    register.want();
    await whenReady();
    await put({ type: 'settlement', id: 's1', set: { name: 'Ԓорвәж' } });
    await vi.waitFor(() => expect(found('лорваж')).toEqual(['p1']));
    expect(found('шерк')).toEqual([]);
  });

  it('is read once, however often screens come and go, and no more after the app is closed', async () => {
    await put(person('p1', 'Ким'));
    const transaction = vi.spyOn(database.backendDB(), 'transaction');
    const reads = () => transaction.mock.calls.filter(([stores]) => stores === 'records').length;
    for (let screen = 0; screen < 3; screen += 1) {
      const sameRegister = registerOf({ database, closing: closing.signal });
      sameRegister.want();
      const stop = toStore(() => sameRegister.ready).subscribe(() => undefined);
      await whenReady();
      stop();
    }
    expect(reads()).toBe(1);
    closing.abort();
    await put(person('p2', 'Ким'));
    expect(found('ким')).toEqual(['p1']);
  });

  it('is read again when it is wanted after it failed', async () => {
    await put(person('p1', 'Ким'));
    const broken = vi.spyOn(database, 'backendDB').mockImplementation(() => {
      throw new Error('The storage is gone');
    });
    register.want();
    await vi.waitFor(() => expect(() => register.ready).toThrow('The storage is gone'));
    broken.mockRestore();
    register.want();
    await whenReady();
    expect(found('ким')).toEqual(['p1']);
  });
});
