import { expect, it } from 'vitest';
import type { DeviceState } from '$lib/storage/database.ts';
import { safetySentence } from './safety.ts';

const zone = 'Asia/Yekaterinburg';
const quiet = {
  isRead: true,
  waiting: 0,
  files: 0,
  isCentreFull: false,
  attention: 0,
  runner: { type: 'idle' },
  progress: undefined,
  state: { exchangedAt: Date.UTC(2026, 10, 28, 1, 30) } as DeviceState
} as const;

function failed(result: 'no_network' | 'foreign_answer' | 'slow_down' | 'unavailable' | 'upgrade') {
  const why =
    result === 'slow_down'
      ? { type: result, afterMs: 500 }
      : result === 'foreign_answer'
        ? { type: result, status: 200 }
        : { type: result };
  return { ...quiet, runner: { type: 'waiting', result: why, nextAt: 0 } } as const;
}

it('says nothing of what waits before it has been counted', () => {
  expect(safetySentence({ ...quiet, isRead: false }, zone).text).toBe('Загружаем…');
  expect(safetySentence({ ...quiet, state: undefined }, zone).text).toBe('Загружаем…');
});

it('says that the link is gone only when it is gone: a busy server has everything all the same', () => {
  expect(safetySentence(quiet, zone)).toEqual({ tone: 'done', text: 'Всё доставлено · 06:30' });
  expect(safetySentence(failed('slow_down'), zone)).toEqual({ tone: 'done', text: 'Всё доставлено · 06:30' });
  expect(safetySentence(failed('no_network'), zone).text).toBe('Связи нет. Последняя · 06:30');
  expect(safetySentence(failed('foreign_answer'), zone).text).toMatch(/просит войти/);
  expect(safetySentence(failed('unavailable'), zone).text).toMatch(/^В центре неполадка/);
  expect(safetySentence(failed('upgrade'), zone).text).toMatch(/^Нужна новая версия/);
});
