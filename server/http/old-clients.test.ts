import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { isPacked, unpackAnswer } from '#domain/sync/codec.ts';
import type { Operation } from '#domain/sync/operation.ts';
import type { Role } from '#domain/records/definition.ts';
import { syncResponseSchema, type SyncAnswer, type SyncRequest } from '#domain/sync/protocol.ts';
import { newDevice } from '#server/sync/authenticate.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { openTestCentre, type TestCentre } from '#server/sync/testing-centre.ts';
import { verify } from '#server/sync/verify.ts';
import { syncRoutes } from './sync.ts';

/** What apps of a schema version sent when it was new; never changed, every later server takes it. */
interface Recording {
  readonly schema: number;
  readonly recordedAt: number;
  readonly requests: readonly {
    readonly role?: Role;
    readonly user?: string;
    readonly link?: string;
    readonly plain: SyncRequest;
    readonly packed: unknown;
  }[];
}

const folder = fileURLToPath(new URL('../../e2e/old-clients', import.meta.url));
const recordings = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Recording
);

let centre: TestCentre;

/** A server of today with the devices of a recording. */
async function begin({ recordedAt, requests }: Recording): Promise<void> {
  centre = await openTestCentre();
  centre.now = recordedAt + 1_000;
  for (const { role, user, plain } of requests) {
    if (role === undefined || user === undefined) continue;
    const secretHash = nodeHashing.sha256(secretOf(plain.device));
    const device = { id: plain.device, secretHash, role, user, name: '', createdAt: centre.now };
    await centre.storage.withTransaction((tx) => tx.putDevice('centre', newDevice(device)));
  }
}

const secretOf = (device: string): string => `secret-of-${device}-0123456789`;

async function post(
  { plain, link, user }: Recording['requests'][number],
  body: unknown
): Promise<SyncAnswer> {
  const routes = syncRoutes({
    service: centre.service,
    clock: () => centre.now,
    officeSession: () => Promise.resolve(user)
  });
  const response = await routes.request('http://localhost/api/sync', {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${secretOf(plain.device)}`,
      ...(link === undefined ? {} : { 'x-zimnik-link': link })
    }
  });
  const json: unknown = await response.json();
  const begun = isPacked(json) ? unpackAnswer(json, plain, 100_000_000) : undefined;
  const finished = begun?.ok === true ? begun.value.finish([]) : undefined;
  const answer = v.parse(syncResponseSchema, finished?.ok === true ? finished.value : json);
  if (answer.kind !== 'ok') throw new Error(JSON.stringify(answer));
  return answer;
}

test('every schema version that was ever released has its recording', () => {
  expect(recordings.map(({ schema }) => schema)).toContain(1);
});

describe.each(recordings)('an app of schema version $schema', (recording) => {
  afterEach(() => centre.close());

  test.each(['plain', 'packed'] as const)(
    'is understood in the %s form, and what it wrote stands',
    async (form) => {
      await begin(recording);
      for (const sent of recording.requests) {
        const { acks } = await post(sent, sent[form]);
        const outcomes = acks.map((ack) =>
          ack.o === 'refused' ? `${ack.n} ${ack.reason} ${ack.detail}` : ack.o
        );
        expect(new Set(outcomes)).toEqual(new Set(['applied']));
        expect(acks.at(-1)?.to ?? acks.at(-1)?.n).toBe(sent.plain.ops.length);
        // The answer was lost; an app of then sends the same again and hears that it is known.
        expect((await post(sent, sent[form])).acks.every((ack) => ack.repeat === true)).toBe(true);
      }
      for (const { plain } of recording.requests)
        for (const operation of plain.ops as readonly Operation[]) await expectKept(operation);
      expect((await verify(centre.storage, 'centre', nodeHashing)).findings).toEqual([]);
    }
  );
});

/** Every field that was set stands, or stands as something that was set later. */
async function expectKept({ ch }: Operation): Promise<void> {
  for (const { e, k, set } of ch) {
    const [record] = await centre.storage.readSnapshot((snapshot) => snapshot.records('centre', [[e, k]]));
    for (const [field, value] of Object.entries(set)) {
      const stands = record?.fields[field];
      expect(stands, `${e}/${k}.${field}`).toBeDefined();
      if (stands?.n === 1 || JSON.stringify(stands?.v) === JSON.stringify(value)) continue;
      // Another operation of the recording set it too.
      expect(stands?.s).toBeGreaterThan(0);
    }
  }
}
