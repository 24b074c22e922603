import { describe, expect, it } from 'vitest';
import type { App } from '$lib/app/open-app.ts';
import type { DeviceState } from '$lib/storage/database.ts';
import { journalWords } from './journal-words.ts';
import { safetyOf } from './safety.ts';

const zone = 'Asia/Yekaterinburg';
const now = Date.UTC(2026, 10, 28, 1, 30);

type ExchangeResult = Extract<App['sync']['runner'], { type: 'waiting' }>['result'];

function told(waiting: number, result: ExchangeResult) {
  const facts = {
    isRead: true,
    waiting,
    files: 0,
    isCentreFull: false,
    attention: 0,
    runner: { type: 'waiting', result, nextAt: now + 60_000 },
    progress: undefined,
    state: { exchangedAt: now } as DeviceState
  } as const;
  return safetyOf(facts, now, zone, 'tablet');
}

describe('the line of safety on a tablet', () => {
  it('tells a centre in trouble from a Wi-Fi that asks to sign in', () => {
    expect(told(2, { type: 'unavailable' }).text).toBe(
      'В центре неполадка. Записи целы, повторим сами в 06:31'
    );
    expect(told(0, { type: 'unavailable' }).text).toMatch(/^В центре неполадка/);
    expect(told(2, { type: 'foreign_answer', status: 200 }).text).toMatch(/Wi-Fi просит войти/);
  });

  it('says what to do about an old program even when nothing waits', () => {
    for (const waiting of [0, 3])
      expect(told(waiting, { type: 'upgrade' })).toMatchObject({ tone: 'decide' });
  });

  it('calls a busy centre busy, and nothing at all when nothing waits', () => {
    expect(told(1, { type: 'slow_down', afterMs: 1 }).text).toMatch(/^Центр сейчас занят/);
    expect(told(0, { type: 'slow_down', afterMs: 1 }).text).toMatch(/^Всё доставлено/);
  });
});

it('photos for which the centre has no space are not told to wait for a connection', () => {
  const facts = {
    isRead: true,
    waiting: 0,
    files: 2,
    isCentreFull: true,
    attention: 0,
    runner: { type: 'idle' },
    progress: undefined,
    state: { exchangedAt: now } as DeviceState
  } as const;
  expect(safetyOf(facts, now, zone, 'tablet').text).toMatch(/мало места для фото: 2/);
  expect(safetyOf({ ...facts, isCentreFull: false }, now, zone, 'tablet').text).toMatch(/ждут связи: 2/);
});

describe('the journal of a tablet', () => {
  const entry = { at: now, sent: 0, received: 0, refused: 0 };
  it('tells by which number the centre finds a failure in its log', () => {
    expect(journalWords({ ...entry, result: 'failed', reason: 'unavailable', times: 3, id: 'r1' })).toBe(
      'в центре неполадка, повторим сами, попыток: 3, номер в журнале центра: r1'
    );
  });

  it('tells of a restore, a gap, a copy and a list that was loaded anew', () => {
    for (const event of ['restored', 'gap', 'copied', 'reloaded'] as const)
      expect(journalWords({ ...entry, result: 'delivered', event })).not.toContain('нового нет');
  });
});

it('a tablet that was disconnected is asked for a file only while something is on it', () => {
  const facts = {
    isRead: true,
    waiting: 0,
    files: 0,
    isCentreFull: false,
    attention: 0,
    runner: { type: 'idle' },
    progress: undefined,
    state: { exchangedAt: now, signIn: 'revoked' } as DeviceState
  } as const;
  const text = (more: Readonly<Record<string, number>>) =>
    safetyOf({ ...facts, ...more }, now, zone, 'tablet').text;
  expect(text({})).toBe('Планшет отключён координатором. Всё записанное на нём доставлено.');
  for (const more of [{ waiting: 1 }, { files: 1 }, { attention: 1 }])
    expect(text(more)).toBe('Планшет отключён координатором. Неотправленное цело: передайте его файлом.');
});
