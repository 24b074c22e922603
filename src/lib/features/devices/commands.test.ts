import { describe, expect, it } from 'vitest';
import type { RecordRow } from '#domain/records/registry.ts';
import type { AnyChange } from '$lib/storage/write.ts';
import type { App } from '$lib/app/open-app.ts';
import { addWorker, settleProblem } from './commands.ts';
import { isSilent } from './device-list.svelte.ts';
import { healthWords } from './health-words.ts';
import type { DeviceLine } from './requests.ts';

function recorder() {
  const written: (readonly AnyChange[])[] = [];
  const app = {
    newId: () => 'new1',
    write: async (changes: readonly AnyChange[]) => {
      written.push(changes);
    }
  } as unknown as Pick<App, 'write' | 'newId'>;
  return { app, written };
}

const line: DeviceLine = {
  device: 'd1',
  name: 'Планшет № 3',
  role: 'field',
  user: 'u1',
  holderPhone: null,
  lastExchangeAt: 0,
  pendingThen: 0,
  oldestPendingAt: null,
  lost: 0,
  health: null,
  clockOffMs: 500,
  build: '0.1.0-a',
  revokedAt: null
};
const dayMs = 86_400_000;

describe('devices of the centre', () => {
  it('makes a record of a new worker, without a telephone that was not given', async () => {
    const { app, written } = recorder();
    expect(await addWorker(app, ' Анна Вынгилева ', '  ')).toBe('new1');
    expect(written).toEqual([[{ type: 'staff', id: 'new1', set: { name: 'Анна Вынгилева' } }]]);
  });

  it('releases and dismisses a problem by its state alone', async () => {
    const { app, written } = recorder();
    const problem: RecordRow<'problem'> = {
      type: 'problem',
      id: 'd1~4',
      seq: 7,
      by: 'server',
      at: 1,
      values: {}
    };
    await settleProblem(app, problem, 'released');
    await settleProblem(app, problem, 'dismissed');
    expect(written.flat().map((change) => [change.id, change.set])).toEqual([
      ['d1~4', { state: 'released' }],
      ['d1~4', { state: 'dismissed' }]
    ]);
  });

  it('calls a tablet silent only after more than three days', () => {
    expect(isSilent(line, 3 * dayMs)).toBe(false);
    expect(isSilent(line, 3 * dayMs + 1)).toBe(true);
  });

  it('never calls a desk, a disconnected tablet or one that was never heard of silent', () => {
    const later = 30 * dayMs;
    expect(isSilent({ ...line, role: 'coordinator' }, later)).toBe(false);
    expect(isSilent({ ...line, revokedAt: 1 }, later)).toBe(false);
    expect(isSilent({ ...line, lastExchangeAt: null }, later)).toBe(false);
  });

  it('tells of what endangers the records, and of nothing when all is well', () => {
    const words = (about: Partial<DeviceLine>) => healthWords({ ...line, ...about }, 'ru', '0.1.0-a');
    expect(words({})).toEqual([]);
    expect(words({ health: { persisted: true, free: 2e9, wiped: false } })).toEqual([]);
    const health = { persisted: false, free: 1e7, wiped: true, battery: 43 };
    expect(words({ health, lost: 2 })).toHaveLength(5);
  });

  it('tells of a wrong clock, another version of the program and lists that had to be loaded anew', () => {
    const words = (about: Partial<DeviceLine>) => healthWords({ ...line, ...about }, 'ru', '0.1.0-b');
    expect(words({ build: null, clockOffMs: null })).toEqual([]);
    expect(words({ clockOffMs: 3_600_000, health: { reloads: 2 } })).toEqual([
      'часы отстают на 60 мин',
      'другая версия программы: 0.1.0-a',
      'списки загружались заново: 2'
    ]);
    expect(words({ build: 'demo', clockOffMs: -600_000 })).toEqual(['часы спешат на 10 мин']);
  });
});
