import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { erasedMark } from '#domain/sync/erased-mark.ts';
import type { SyncAnswer, SyncResponse } from '#domain/sync/protocol.ts';
import { applyAnswer } from './apply-answer.ts';
import { DeviceDatabase } from './database.ts';
import { saveDraft } from './drafts.ts';
import type { DeviceEnvironment } from './environment.ts';
import { ensureIdentity } from './identity.ts';
import { readRecord } from './read.ts';
import { open } from './sealing.ts';
import { requireState, write, type AnyChange } from './write.ts';

let database: DeviceDatabase;
let serial = 0;
const environment: DeviceEnvironment = {
  now: () => 1_764_000_000_000,
  mono: () => 1_000_000_000,
  page: 'page1',
  randomBytes: (length) => new Uint8Array(length)
};

beforeEach(async () => {
  database = new DeviceDatabase(`wipe-${serial++}`);
  await ensureIdentity(database, { device: 'd1', secret: 's', role: 'field', user: 'u7', name: 'Планшет' });
});

const own = (...changes: AnyChange[]) => write(database, environment, { by: 'u7', changes });

const whole = { z: 1, epoch: 'e1', now: 1_764_000_000_000 } as const;

async function told(answer: SyncResponse) {
  const state = await database.meta.get('state');
  const sent = { epoch: state?.epoch ?? null, head: state?.head ?? null, device: 'd1', now: 0, clock: 0 };
  return applyAnswer(database, environment, sent, answer);
}

function hear(parts: Partial<SyncAnswer>) {
  return told({
    ...whole,
    kind: 'ok',
    head: [9, 'hash'],
    acks: [],
    streams: [],
    revoked: [],
    durable: 0,
    minBuild: '',
    ...parts
  });
}

/** Everything that the database holds, as text. */
async function everything(): Promise<string> {
  const tables = await Promise.all(database.tables.map((table) => table.toArray()));
  return JSON.stringify(tables);
}

const ink = 'a'.repeat(64);
const maria: AnyChange = {
  type: 'person',
  id: 'maria',
  set: { surname: 'Молданова', name: 'Мария', organisation: 'o1' }
};

it('a person goes from every table, and what else an operation holds stays', async () => {
  await own(maria);
  await own({ type: 'person', id: 'ivan', set: { surname: 'Кугин', name: 'Иван' } });
  await own({ type: 'person', id: 'maria', set: { note: 'Молданова из Сосновки' } });
  await hear({
    acks: [
      { o: 'applied', n: 1, seq: 1 },
      { o: 'refused', reason: 'invalid', n: 3, seq: 3 }
    ],
    streams: [
      {
        stream: 'people',
        from: 0,
        to: 3,
        rows: [{ e: 'person', k: 'maria', seq: 1, by: 'u7', at: 1, f: { ...maria.set } }],
        gone: [],
        more: true
      }
    ]
  });
  await write(database, environment, {
    by: 'u7',
    changes: [
      {
        type: 'attendance',
        id: 's1~maria',
        set: { status: 'present', note: 'Молданова ушла', signatureInk: ink }
      },
      { type: 'person', id: 'maria', set: { phone: 'Молданова' } },
      { type: 'person', id: 'ivan', set: { phone: '+7912' } }
    ],
    attachments: [{ sha256: ink, mime: 'image/svg+xml', bytes: new ArrayBuffer(3), state: 'waiting' }]
  });
  await saveDraft(database, {
    id: 'consultation/k1',
    kind: 'consultation',
    updatedAt: 1,
    content: { id: 'k1', client: { type: 'person', id: 'maria' }, request: 'Молданова просит' }
  });
  await saveDraft(database, {
    id: 'consultation/k2',
    kind: 'consultation',
    updatedAt: 1,
    content: {
      id: 'k2',
      people: ['maria', 'ivan'],
      newPeople: [{ id: 'maria', surname: 'Молданова' }],
      request: 'Двор'
    }
  });
  expect((await everything()).match(/Молданова/g)?.length).toBeGreaterThan(6);

  await hear({ erased: ['maria'] });
  const text = await everything();
  expect(text).not.toMatch(/Молданова|Мария/);
  expect(text).toContain('Кугин');
  expect(await database.attachments.count()).toBe(0);
  expect((await readRecord(database, 'person', 'maria'))?.values).toMatchObject({ organisation: 'o1' });
  expect((await readRecord(database, 'attendance', 's1~maria'))?.values.status).toBe('present');
  expect((await readRecord(database, 'person', 'ivan'))?.values.phone).toBe('+7912');
  const waiting = await database.outbox.toArray();
  expect(waiting.map(({ n, body }) => [n, open(body).ch.map(({ set }) => set)])).toEqual([
    [2, [{ surname: 'Кугин', name: 'Иван' }]],
    [
      4,
      [
        { status: 'present', note: erasedMark, signatureInk: erasedMark },
        { phone: erasedMark },
        { phone: '+7912' }
      ]
    ]
  ]);
  expect((await database.drafts.toArray()).map(({ id, body }) => [id, open(body)])).toEqual([
    ['consultation/k2', { id: 'k2', people: ['maria', 'ivan'], newPeople: [], request: 'Двор' }]
  ]);
});

it('a note that was never sent is known to be about the person, with its confidential words', async () => {
  await own(
    { type: 'confidential_text', id: 'k1', set: { author: 'u7', request: 'Молданова больна' } },
    {
      type: 'consultation',
      id: 'k1',
      set: { person: 'maria', date: '2026-11-20', author: 'u7', advice: 'Молданова' }
    }
  );
  await own({ type: 'confidential_text', id: 'k1', set: { advice: 'Молданова, к врачу' } });
  await hear({ erased: ['maria'] });
  expect(await everything()).not.toContain('Молданова');
  expect((await readRecord(database, 'consultation', 'k1'))?.values.date).toBe('2026-11-20');
});

it('what is refused as erased is kept without a word', async () => {
  await own(maria);
  await hear({ acks: [{ o: 'refused', reason: 'erased', n: 1, seq: 1 }], erased: ['maria'] });
  expect(await everything()).not.toMatch(/Молданова|o1/);
  expect((await database.attention.get(1))?.reason).toBe('erased');
});

it.each(['gap', 'device_forked'] as const)(
  'what is told with %s is wiped too, also what waits',
  async (kind) => {
    for (const note of ['Молданова-1', 'Молданова-2'])
      await own({ type: 'person', id: 'maria', set: { note, organisation: 'o1' } });
    await hear({});
    const acks: SyncAnswer['acks'] = [{ o: 'applied', n: 1, seq: 10 }];
    const copy = { newDevice: 'd2', secret: 's2' };
    await told({ ...whole, kind, from: 2, acks, erased: ['maria'], ...copy });
    expect(await everything()).not.toContain('Молданова');
    expect((await database.retained.toArray()).map(({ n }) => n)).toEqual([1]);
    expect((await database.outbox.toArray()).map(({ body }) => open(body).ch[0]?.set)).toEqual([
      { note: erasedMark, organisation: 'o1' }
    ]);
    const { device, expected } = await requireState(database);
    expect([device, expected]).toEqual([kind === 'gap' ? 'd1' : 'd2', 2]);
  }
);

it('whatever this device has done about a person, nothing of it is left and every number is still offered', async () => {
  const word = fc.integer({ min: 1, max: 99 }).map((number) => `слово-${number}`);
  const about = fc.oneof(
    word.map((surname): AnyChange => ({ type: 'person', id: 'maria', set: { surname } })),
    word.map((note): AnyChange => ({ type: 'attendance', id: 's1~maria', set: { status: 'late', note } })),
    word.map((role): AnyChange => ({ type: 'membership', id: 'g1~maria', set: { active: true, role } })),
    word.map((note): AnyChange => ({ type: 'consent', id: 'c1', set: { person: 'maria', note } })),
    fc.constant<AnyChange>({ type: 'person', id: 'ivan', set: { surname: 'Кугин' } })
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.array(about, { minLength: 1, maxLength: 4 }), fc.nat(3)), { maxLength: 12 }),
      async (operations) => {
        database = new DeviceDatabase(`wipe-${serial++}`);
        await ensureIdentity(database, {
          device: 'd1',
          secret: 's',
          role: 'field',
          user: 'u7',
          name: 'Планшет'
        });
        for (const [index, [changes, outcome]] of operations.entries()) {
          const { n } = await own(...changes);
          const ack = { n, seq: index + 1 };
          if (outcome === 1) await hear({ acks: [{ o: 'applied', ...ack }] });
          if (outcome === 2) await hear({ acks: [{ o: 'refused', reason: 'invalid', ...ack }] });
          if (outcome === 3) await hear({ acks: [{ o: 'held', reason: 'rights_revoked', ...ack }] });
        }
        await hear({ erased: ['maria'] });
        expect(await everything()).not.toContain('слово');
        const held = [database.outbox, database.retained, database.attention];
        const numbers = await Promise.all(held.map((table) => table.toCollection().primaryKeys()));
        expect(numbers.flat().sort((left, right) => left - right)).toEqual(
          operations.map((_, index) => index + 1)
        );
      }
    ),
    { numRuns: 60 }
  );
});

it('a difference keeps its values unless they can be words of the erased person', async () => {
  const lost = (value: unknown) => ({ value, by: 'u1', device: 't1', n: 1, at: 1, base: 0, suspect: false });
  const deleted = lost({ deletedAt: 7 });
  const cases: readonly (readonly [
    target: string,
    field: string,
    values: readonly unknown[],
    kept: boolean
  ])[] = [
    // Only these were made after the erasure: of what was erased they show the names, and of what was not all of it.
    ['person~maria', 'deletedAt', [lost(['phone', 'surname'])], true],
    ['consultation~k1', 'deletedAt', [lost({ person: 'maria', minutes: 20 }), lost(null), lost(8)], true],
    ['person~m2', 'deletedAt', [lost(['surname']), lost({ organisation: 'o1', phone: '+7912' })], false],
    ['person~m3', 'deletedAt', [lost('Молданова')], false],
    ['person~m4', 'surname', [lost('Молданова')], false],
    ['person~m4', 'organisation', [lost('o1')], true],
    ['person~ivan', 'surname', [lost('Кугин')], true]
  ];
  const rows = cases.map(([key, field, values]) => {
    const [targetType = '', target = ''] = key.split('~');
    const standing = field === 'deletedAt' ? deleted : lost('Молданов');
    const f = { state: 'open', targetType, target, field, values, standing, at: 1 };
    return { e: 'conflict', k: `${key}~${field}`, seq: 1, by: 'u1', at: 1, f };
  });
  await hear({ streams: [{ stream: 'office', from: 0, to: 1, rows, gone: [], more: true }] });
  await hear({ erased: ['maria', 'm2', 'm3', 'm4', 'k1'] });
  for (const [key, field, values, kept] of cases) {
    const shown = await readRecord(database, 'conflict', `${key}~${field}`);
    expect([key, field, shown?.values.values]).toEqual([key, field, kept ? values : undefined]);
    expect([key, field, shown?.values.standing !== undefined]).toEqual([key, field, kept]);
  }
});
