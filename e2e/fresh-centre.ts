import type { APIRequestContext } from '@playwright/test';
import { expect } from './fixtures.ts';
import type { RunningServer } from './server.ts';

/** Who sets up the empty centre of a journey. */
export const administrator = {
  name: 'Тасманова Ульяна',
  email: 'ulyana@example.org',
  password: 'winter road 7'
};

/** Makes the centre by the printed link, gives it a village, and gives the path that connects a tablet. */
export async function setUp(api: APIRequestContext, server: RunningServer): Promise<string> {
  const code = /\/office\/setup\/(\w+)/.exec(server.output())?.[1] ?? '';
  const post = async (path: string, data: object, headers = {}): Promise<Record<string, unknown>> => {
    const answer = await api.post(path, { data, headers });
    expect(answer.ok(), `${path}: ${answer.status()}`).toBe(true);
    return (await answer.json()) as Record<string, unknown>;
  };
  const centre = { centreName: 'Ресурсный центр', timeZone: 'Asia/Yekaterinburg' };
  await post('/api/setup', { code, ...centre, administrator });
  const desk = (await post('/api/devices/office', {})) as { device: string; secret: string; user: string };
  const change = { e: 'settlement', k: 'sherkaly', set: { name: 'Шеркалы', kind: 'village' }, base: 0 };
  const now = Date.now();
  const exchange = {
    z: 1,
    device: desk.device,
    epoch: null,
    build: 'journey',
    now,
    clock: 0,
    oldestPending: now,
    pending: 1,
    head: null,
    ops: [{ n: 1, w: now, c: 0, v: 1, by: desk.user, ch: [change] }],
    cursors: {},
    maxBytes: 100_000
  };
  const answer = await post('/api/sync', exchange, { authorization: `Bearer ${desk.secret}` });
  expect(answer).toMatchObject({ kind: 'ok', acks: [{ o: 'applied', n: 1 }] });
  const enrolment = await post('/api/enrolments', { user: desk.user, deviceName: 'Планшет № 1' });
  return `/enrol/${String(enrolment['code'])}`;
}
