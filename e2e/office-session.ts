import { request, type APIRequestContext } from '@playwright/test';
import { expect } from './fixtures.ts';
import type { RunningServer } from './server.ts';

/** What the office's page of devices is told, as far as journeys look at it. */
export interface DeviceFacts {
  readonly device: string;
  readonly name: string;
  readonly pendingThen: number;
  readonly revokedAt: number | null;
  /** What the device last said of itself. */
  readonly health: { readonly wiped?: boolean } | null;
}

/** One operation in the history of a record. */
export interface HistoryFacts {
  readonly seq: number;
  /** User id of the author. */
  readonly by: string;
  readonly device: string;
  readonly n: number;
  readonly outcome: string;
  readonly set: Readonly<Record<string, unknown>>;
}

/** One record of the office's making. */
export interface WrittenChange {
  readonly type: string;
  readonly id: string;
  readonly set: Readonly<Record<string, unknown>>;
}

type LoggedFacts = Omit<HistoryFacts, 'set'> & {
  readonly changes: readonly {
    readonly type: string;
    readonly id: string;
    readonly set: HistoryFacts['set'];
  }[];
};

/** The demonstration's coordinator without a browser: what a journey asks of the server or does at the office. */
export interface OfficeSession {
  /** Makes a one-time code; gives the path that connects a tablet. */
  readonly enrolment: (user: string, deviceName: string) => Promise<string>;
  readonly devices: () => Promise<readonly DeviceFacts[]>;
  readonly revoke: (device: string) => Promise<void>;
  /** Newest first; empty when the server has no such record. */
  readonly history: (type: string, id: string) => Promise<readonly HistoryFacts[]>;
  /** Bytes that an operation named, as the coordinator reads them; the status alone when there are none. */
  readonly attachment: (sha256: string) => Promise<{ readonly status: number; readonly text: string }>;
  /** Writes records as the coordinator's desk does, in one operation. */
  readonly write: (changes: readonly WrittenChange[]) => Promise<void>;
  /** Number of the last operation in the server's log. */
  readonly logSeq: () => Promise<number>;
  readonly close: () => Promise<void>;
}

export async function openOfficeSession(server: RunningServer): Promise<OfficeSession> {
  const link = server.links().find((one) => one.includes('/office?demo='));
  if (link === undefined) throw new Error('The server printed no link for the coordinator');
  const api = await request.newContext({ baseURL: server.url });
  await answer(api, 'POST', '/api/demo/sign-in', { token: new URL(link).searchParams.get('demo') });
  return {
    enrolment: async (user, deviceName) => {
      const made = await answer(api, 'POST', '/api/enrolments', { user, deviceName });
      const { code } = (await made.json()) as { code: string };
      return `/enrol/${code}`;
    },
    devices: async () => {
      const { devices } = (await (await answer(api, 'GET', '/api/devices')).json()) as {
        devices: readonly DeviceFacts[];
      };
      return devices;
    },
    revoke: async (device) => {
      await answer(api, 'POST', `/api/devices/${device}/revoke`);
    },
    history: async (type, id) => {
      const got = await api.get(`/api/records/${type}/${encodeURIComponent(id)}/history`);
      if (got.status() === 404) return [];
      expect(got.status()).toBe(200);
      const { history } = (await got.json()) as { history: readonly LoggedFacts[] };
      return history.flatMap(({ changes, ...operation }) => {
        const own = changes.filter((change) => change.type === type && change.id === id);
        return own.map(({ set }) => ({ ...operation, set }));
      });
    },
    attachment: async (sha256) => {
      const got = await api.get(`/api/attachments/${sha256}`);
      return { status: got.status(), text: got.ok() ? await got.text() : '' };
    },
    write: async (changes) => {
      const made = await answer(api, 'POST', '/api/devices/office', { name: 'Проверка' });
      const { device, secret, user } = (await made.json()) as Record<'device' | 'secret' | 'user', string>;
      const now = Date.now();
      const ch = changes.map(({ type, id, set }) => ({ e: type, k: id, set, base: 0 }));
      const operation = { n: 1, w: now, c: 0, v: 1, by: user, ch };
      const data = {
        z: 1,
        device,
        epoch: null,
        build: 'e2e',
        now,
        clock: 0,
        oldestPending: now,
        pending: 1,
        head: null,
        ops: [operation],
        cursors: {},
        maxBytes: 1_000
      };
      const sent = await api.post('/api/sync', { data, headers: { authorization: `Bearer ${secret}` } });
      expect(await sent.json()).toMatchObject({ kind: 'ok', acks: [{ n: 1, o: 'applied' }] });
    },
    logSeq: async () => {
      const text = await (await answer(api, 'GET', '/metrics')).text();
      return Number(/^zimnik_log_seq (\d+)$/m.exec(text)?.[1]);
    },
    close: () => api.dispose()
  };
}

async function answer(api: APIRequestContext, method: 'GET' | 'POST', path: string, data?: object) {
  const got = await api.fetch(path, { method, ...(data === undefined ? {} : { data }) });
  expect(got.ok(), `${method} ${path} was answered ${got.status()}`).toBe(true);
  return got;
}
