import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { erasedMark } from '#domain/sync/erased-mark.ts';
import { plainValues } from '#domain/sync/merge.ts';
import type { SyncAnswer } from '#domain/sync/protocol.ts';
import type { ErasedRow, LogRow } from '#server/storage/server-storage.ts';
import { recordHistory } from './history.ts';
import { nodeHashing } from './node-hashing.ts';
import { enrol, openTestCentre, spelled, type TestCentre, type TestDevice } from './testing-centre.ts';
import { verify } from './verify.ts';

const open: TestCentre[] = [];
afterEach(async () => {
  for (const centre of open.splice(0)) await centre.close();
});

interface Scene {
  readonly centre: TestCentre;
  readonly tablet: TestDevice;
  readonly other: TestDevice;
  readonly desk: TestDevice;
  /** What the ledger beside the database was told. */
  readonly ledger: ErasedRow[];
}

async function scene(): Promise<Scene> {
  const ledger: ErasedRow[] = [];
  const centre = await openTestCentre({ ledger: { add: (rows) => ledger.push(...rows) } });
  open.push(centre);
  return {
    centre,
    ledger,
    tablet: await enrol(centre, 'tablet', 'field', 'u1'),
    other: await enrol(centre, 'other', 'field', 'u2'),
    desk: await enrol(centre, 'desk', 'coordinator', 'c1')
  };
}

const maria = { surname: 'Молданова', name: 'Мария', phone: '+79120000001', organisation: 'o1' };
const mariaIn = (k = 'maria', base = 0) => ({ e: 'person', k, set: maria, base });
const erasure = (k: string, more: Record<string, unknown> = {}) => ({
  e: 'erasure',
  k,
  set: { ground: 'withdrawal', requestedOn: '2026-11-20', request: '12', ...more }
});

async function everything({ centre }: Scene): Promise<string> {
  return centre.storage.readSnapshot(async (snapshot) =>
    JSON.stringify([
      await snapshot.recordsAfter('centre', ['', ''], 10_000),
      await snapshot.log('centre', 0, 10_000)
    ])
  );
}

async function stored({ centre }: Scene, e: string, k: string): Promise<Record<string, unknown> | undefined> {
  const [record] = await centre.storage.readSnapshot((snapshot) => snapshot.records('centre', [[e, k]]));
  return record === undefined ? undefined : { ...plainValues(record) };
}

async function proved({ centre }: Scene): Promise<void> {
  expect((await verify(centre.storage, 'centre', nodeHashing)).findings).toEqual([]);
}

test('a person leaves records and log, the marks go on counting, and the log still proves the records', async () => {
  const all = await scene();
  const { tablet, desk, ledger } = all;
  await tablet.ok([
    tablet.operation([
      mariaIn(),
      { e: 'attendance', k: 's1~maria', set: { status: 'present', note: 'ушла рано' } }
    ]),
    tablet.operation([
      {
        e: 'consent',
        k: 'c9',
        set: { person: 'maria', kind: 'processing', state: 'given', note: 'Молданова' }
      },
      { e: 'membership', k: 'g1~maria', set: { active: true, role: 'староста' } }
    ])
  ]);
  const answer = await desk.ok([desk.operation([erasure('maria')])]);
  expect(spelled(answer.acks)).toEqual(['1 applied 3']);
  expect(answer.erased).toEqual(['c9', 'maria']);
  expect(await everything(all)).not.toMatch(/Молданова|Мария|79120000001|ушла рано|староста/);
  expect(await stored(all, 'person', 'maria')).toEqual({
    organisation: 'o1',
    erased: ['name', 'phone', 'surname']
  });
  expect(await stored(all, 'attendance', 's1~maria')).toEqual({ status: 'present', erased: ['note'] });
  expect(await stored(all, 'consent', 'c9')).toMatchObject({ state: 'given', erased: ['note'] });
  expect(await stored(all, 'membership', 'g1~maria')).toEqual({ active: true, erased: ['role'] });
  const report = await stored(all, 'destruction', 'maria');
  expect(report?.['records']).toHaveLength(4);
  expect(report?.['records']).toEqual(
    expect.arrayContaining([
      { type: 'person', id: 'maria', fields: ['name', 'phone', 'surname'] },
      { type: 'attendance', id: 's1~maria', fields: ['note'] },
      { type: 'consent', id: 'c9', fields: ['note'] },
      { type: 'membership', id: 'g1~maria', fields: ['role'] }
    ])
  );
  expect(ledger.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual(['id c9', 'id maria']);
  await proved(all);
});

test('words go with whom they were for: the consultation, its confidential words and the remark about it', async () => {
  const all = await scene();
  const { tablet, desk } = all;
  await tablet.ok([
    tablet.operation([
      mariaIn(),
      {
        e: 'consultation',
        k: 'k1',
        set: { person: 'maria', date: '2026-11-20', author: 'u1', request: 'Долг' }
      },
      { e: 'confidential_text', k: 'k1', set: { author: 'u1', request: 'Болезнь' } }
    ]),
    tablet.operation([
      {
        e: 'consultation',
        k: 'k2',
        set: { group: 'g1', people: ['maria'], date: '2026-11-21', author: 'u1', request: 'Двор' }
      }
    ])
  ]);
  await desk.ok([
    desk.operation([
      { e: 'remark', k: 'r1', set: { to: 'u1', targetType: 'consultation', target: 'k1', text: 'Её долг?' } },
      { e: 'contact', k: 'x1', set: { name: 'Мария М.', phone: '+79120000001', consentTextVersion: '1' } }
    ])
  ]);
  await desk.ok([desk.operation([erasure('maria', { also: ['x1'] })])]);
  const text = await everything(all);
  expect(text).not.toMatch(/Долг|Болезнь|Её долг|Мария/);
  expect(text).toContain('Двор');
  expect(await stored(all, 'consultation', 'k1')).toMatchObject({ date: '2026-11-20', author: 'u1' });
  await proved(all);
});

test('cards that were merged are one person, whichever of them is named', async () => {
  const all = await scene();
  const { tablet, desk } = all;
  await tablet.ok([tablet.operation([mariaIn('m1'), mariaIn('m2')])]);
  await desk.ok([desk.operation([{ e: 'alias', k: 'm2', set: { kind: 'person', of: 'm1' } }])]);
  await desk.ok([desk.operation([erasure('m1')])]);
  expect(await everything(all)).not.toContain('Молданова');
  expect(await stored(all, 'alias', 'm2')).toEqual({ kind: 'person', of: 'm1' });
  await proved(all);
});

test('differences, held and refused copies hold nothing of an erased person', async () => {
  const all = await scene();
  const { centre, tablet, other, desk } = all;
  await tablet.ok([tablet.operation([mariaIn()])]);
  // Two had not seen each other; one is refused for another record's sake; one cannot be read at all.
  await other.ok([
    other.operation([{ e: 'person', k: 'maria', set: { surname: 'Молданова-2' } }]),
    other.operation([
      { e: 'person', k: 'maria', set: { note: 'Молданова-3' } },
      { e: 'milestone', k: 'm1', set: { title: 'Не его дело' } }
    ]),
    { n: 3, ch: [{ e: 'person', k: 'maria', set: { note: 'Молданова-4' }, wrong: true }] },
    {
      ...other.operation([
        { e: 'consent', k: 'c2', set: { person: 'maria', note: 'Молданова-5', date: 'Молданова' } }
      ]),
      n: 4
    }
  ]);
  await centre.storage.withTransaction(async (tx) => {
    const device = await tx.device('centre', 'other');
    if (device !== undefined) await tx.putDevice('centre', { ...device, revokedAt: centre.now });
  });
  other.n = 4;
  await other.ok([
    other.operation([
      { e: 'consent', k: 'c3', set: { person: 'maria', note: 'Молданова-6', state: 'given' } }
    ]),
    other.operation([{ e: 'consent', k: 'c3', set: { note: 'Молданова-7' } }])
  ]);
  expect(await everything(all)).toMatch(/Молданова-2[^]*Молданова-4[^]*Молданова-7/);
  await desk.ok([]);
  await desk.ok([desk.operation([erasure('maria')])]);
  expect(await everything(all)).not.toContain('Молданова');
  expect(await stored(all, 'conflict', 'person~maria~surname')).toMatchObject({ state: 'resolved' });
  const problems = await centre.storage.readSnapshot((snapshot) =>
    snapshot.recordsOfType('centre', 'problem')
  );
  expect(JSON.stringify(problems)).toContain('Не его дело');
  await proved(all);

  // What was held is let in: the countable part is taken, the words are gone.
  await desk.ok([]);
  await desk.ok([
    desk.operation([{ e: 'problem', k: 'other~5', set: { state: 'released' }, base: desk.head?.[0] ?? 0 }])
  ]);
  expect(await stored(all, 'consent', 'c3')).toEqual({ person: 'maria', state: 'given', erased: ['note'] });
  await proved(all);
});

test('a signature goes when nobody else names it', async () => {
  const all = await scene();
  const { centre, tablet, desk, ledger } = all;
  const [own, shared] = ['<svg/>', '<svg><path/></svg>'].map((text) => Buffer.from(text));
  const hashes = [own, shared].map((bytes) => nodeHashing.sha256(bytes ?? Buffer.of()));
  const signed = (k: string, signatureInk = '') => ({
    e: 'attendance',
    k,
    set: { status: 'present', signatureInk }
  });
  await tablet.ok([
    tablet.operation([
      signed('s1~maria', hashes[0]),
      signed('s2~maria', hashes[1]),
      signed('s2~ivan', hashes[1])
    ])
  ]);
  await centre.storage.withTransaction(async (tx) => {
    for (const [index, bytes] of [own, shared].entries())
      await tx.putAttachment(
        'centre',
        { sha256: hashes[index] ?? '', mime: 'image/svg+xml', size: 1, storedAt: 1 },
        bytes ?? Buffer.of()
      );
  });
  await desk.ok([desk.operation([erasure('maria')])]);
  const left = await centre.storage.readSnapshot(async (snapshot) => [
    await snapshot.attachmentBytes('centre', hashes[0] ?? ''),
    (await snapshot.attachmentBytes('centre', hashes[1] ?? ''))?.length,
    await snapshot.recordsNaming('centre', hashes[0] ?? ''),
    await snapshot.recordsNaming('centre', hashes[1] ?? '')
  ]);
  expect(left).toEqual([undefined, shared?.length, [], [['attendance', 's2~ivan']]]);
  expect(ledger.filter(({ kind }) => kind === 'attachment').map(({ name }) => name)).toEqual([hashes[0]]);
  await proved(all);
});

test('what comes later about an erased person is erased, and its other changes are taken', async () => {
  const all = await scene();
  const { tablet, other, desk, ledger } = all;
  await tablet.ok([tablet.operation([mariaIn()])]);
  await desk.ok([desk.operation([erasure('maria')])]);
  const answer = await tablet.ok([
    tablet.operation([{ e: 'person', k: 'maria', set: { phone: 'Молданова-1' } }]),
    tablet.operation([
      { e: 'person', k: 'maria', set: { note: 'Молданова-2' } },
      { e: 'attendance', k: 's1~maria', set: { status: 'present', note: 'Молданова-3' } },
      { e: 'person', k: 'ivan', set: { surname: 'Иванов' } }
    ]),
    tablet.operation([
      { e: 'confidential_text', k: 'k7', set: { author: 'u1', request: 'Молданова-4' } },
      {
        e: 'consultation',
        k: 'k7',
        set: { person: 'maria', date: '2026-11-20', author: 'u1', advice: 'Молданова-5' }
      }
    ]),
    tablet.operation([{ e: 'confidential_text', k: 'k7', set: { advice: 'Молданова-6' } }]),
    { n: 6, ch: [{ e: 'person', k: 'maria', set: { note: 'Молданова-7' }, wrong: true }] }
  ]);
  expect(answer.acks.map((ack) => ('reason' in ack ? `${ack.o} ${ack.reason}` : ack.o))).toEqual([
    'refused erased',
    'applied',
    'refused erased',
    'refused invalid'
  ]);
  expect(answer.erased).toEqual(['maria', 'k7']);
  const text = await everything(all);
  expect(text).not.toContain('Молданова');
  expect(text).toContain('Иванов');
  expect(await stored(all, 'attendance', 's1~maria')).toEqual({ status: 'present', erased: ['note'] });
  expect(ledger.map(({ name }) => name)).toEqual(['maria', 'k7']);
  await proved(all);
  // The same once more is a repeat, in the form that came and in the form that a wiped device keeps.
  const again = await tablet.ok([{ n: 3, w: 1, c: 0, v: 1, by: 'u1', ch: wipedForm() }]);
  expect(spelled(again.acks)).toEqual([spelledRepeat(answer)]);
  expect((await other.ok([])).erased).toEqual(['maria', 'k7']);
});

test('a device that did not hear what came of its words about an erased person is told when it asks again', async () => {
  const all = await scene();
  const { tablet, desk } = all;
  await tablet.ok([tablet.operation([mariaIn()])]);
  await desk.ok([desk.operation([erasure('maria')])]);
  await tablet.ok([]);
  const late = tablet.operation([{ e: 'person', k: 'maria', set: { note: 'Молданова '.repeat(8_000) } }]);
  expect((await tablet.ok([late])).erased).toEqual(['maria']);
  // That answer was lost, so the words are still kept where they were written.
  expect((await tablet.ok([late])).erased).toEqual(['maria']);
  expect((await tablet.ok([])).erased).toBeUndefined();
});

test('it is told with whatever answer ends the sending: a gap, the id of a copy, a receipt', async () => {
  const all = await scene();
  const { centre, tablet, desk } = all;
  await tablet.ok([tablet.operation([mariaIn()])]);
  await desk.ok([desk.operation([erasure('maria')])]);
  await tablet.ok([]);
  const late = (n: number) => ({
    ...tablet.operation([{ e: 'person', k: 'maria', set: { note: `Молданова-${n}` } }]),
    n
  });
  const gap = await tablet.exchange([late(2), late(5)]);
  expect(gap).toMatchObject({ kind: 'gap', from: 3, erased: ['maria'] });
  // A copy of its database goes on with another third operation.
  await tablet.ok([late(3)]);
  const other = { ...late(3), w: 1, ch: [{ e: 'person', k: 'ivan', set: { note: 'Кугин' }, base: 0 }] };
  const forked = await tablet.exchange([late(2), other]);
  expect(forked).toMatchObject({ kind: 'device_forked', from: 3, erased: ['maria'] });
  expect(await tablet.exchange([other])).not.toHaveProperty('erased');

  const { id: device, secret, epoch, head } = tablet;
  const file = { device, secret, madeAt: 1, epoch, head, attachments: [], ops: [late(4)] };
  const taken = await centre.service.takeBundle({ z: 1, kind: 'bundle', ...file });
  expect(taken).toMatchObject({ ok: true, value: { receipt: { erased: ['maria'] } } });
});

function wipedForm() {
  return [
    { e: 'person', k: 'maria', set: { note: erasedMark }, base: 0 },
    { e: 'attendance', k: 's1~maria', set: { status: 'present', note: erasedMark }, base: 0 },
    { e: 'person', k: 'ivan', set: { surname: 'Иванов' }, base: 0 }
  ];
}

function spelledRepeat(answer: SyncAnswer): string {
  const [, applied] = answer.acks;
  return `3 applied ${applied?.seq} repeat`;
}

test('nobody but the server says that something was erased, and nobody but the office decides it', async () => {
  const all = await scene();
  const { tablet, desk } = all;
  await tablet.ok([tablet.operation([mariaIn()])]);
  const acks = (
    await tablet.ok([
      tablet.operation([{ e: 'person', k: 'maria', set: { erased: ['surname'] } }]),
      tablet.operation([{ e: 'person', k: 'maria', set: { surname: erasedMark } }]),
      tablet.operation([erasure('maria')]),
      tablet.operation([{ e: 'person', k: 'maria', set: { surname: erasedMark, organisation: 'o1' } }])
    ])
  ).acks;
  expect(acks.map((ack) => ('reason' in ack ? ack.reason : ack.o))).toEqual([
    'invalid',
    'erased',
    'forbidden',
    'applied'
  ]);
  const made = (await desk.ok([desk.operation([{ e: 'destruction', k: 'maria', set: { at: 1 } }])])).acks;
  expect(made).toMatchObject([{ o: 'refused', reason: 'forbidden' }]);
  expect(await stored(all, 'person', 'maria')).toEqual(maria);
  await proved(all);
});

test('the history of an erased person shows who wrote what kind of thing, and that it is gone', async () => {
  const all = await scene();
  const { centre, tablet, desk } = all;
  await tablet.ok([tablet.operation([mariaIn()])]);
  await desk.ok([desk.operation([erasure('maria')])]);
  const history = await recordHistory(
    centre.storage,
    'centre',
    { type: 'person', id: 'maria' },
    new Set(['people'])
  );
  expect(history?.map(({ kind, by, changes }) => [kind, by, changes[0]?.set])).toEqual([
    [
      'erasure',
      'server',
      { erased: ['surname', 'name', 'phone', 'organisation'].filter((name) => name !== 'organisation') }
    ],
    ['operation', 'u1', { surname: erasedMark, name: erasedMark, phone: erasedMark, organisation: 'o1' }]
  ]);
});

const people = ['p1', 'p2'];
const word = fc.integer({ min: 1, max: 9 }).map((number) => `слово-${number}`);
const change = fc.oneof(
  fc.record({
    e: fc.constant('person'),
    k: fc.constantFrom(...people),
    set: fc.record(
      {
        surname: word,
        phone: word,
        settlement: fc.constantFrom('v1', 'v2'),
        nickname: word,
        deletedAt: fc.constantFrom(1, null)
      },
      { requiredKeys: [] }
    )
  }),
  fc.record({
    e: fc.constant('attendance'),
    k: fc.constantFrom('s1~p1', 's1~p2'),
    set: fc.record(
      { status: fc.constantFrom('present', 'absent', 'wrong'), note: word },
      { requiredKeys: [] }
    )
  }),
  fc.record({
    e: fc.constant('consultation'),
    k: fc.constantFrom('k1', 'k2'),
    set: fc.record(
      { person: fc.constantFrom(...people), request: word, date: fc.constant('2026-11-20') },
      { requiredKeys: [] }
    )
  }),
  fc.record({
    e: fc.constant('confidential_text'),
    k: fc.constantFrom('k1', 'k2'),
    set: fc.record({ author: fc.constantFrom('u1', 'u2'), request: word }, { requiredKeys: [] })
  }),
  fc.record({
    e: fc.constant('alias'),
    k: fc.constant('p2'),
    set: fc.record({ of: fc.constantFrom('p1', null) })
  }),
  fc.record({
    e: fc.constant('problem'),
    k: fc.constantFrom('tablet~1', 'other~1', 'tablet~2', 'other~2'),
    set: fc.record({ state: fc.constantFrom('released', 'dismissed') })
  }),
  fc.record({
    e: fc.constant('conflict'),
    k: fc.constantFrom('person~p1~surname', 'person~p1~deletedAt', 'consultation~k1~request'),
    set: fc.record({ state: fc.constant('resolved') })
  }),
  fc.record({
    e: fc.constant('erasure'),
    k: fc.constantFrom(...people),
    set: fc.constant({ ground: 'demand' })
  })
);
const step = fc.record({
  device: fc.nat(2),
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
  seen: fc.boolean(),
  later: fc.integer({ min: 0, max: 5_000 }),
  skew: fc.constantFrom(0, 0, -7_200_000, 7_200_000)
});

test('whatever was written, and whenever somebody is erased, records are the fold and no word of that person is left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.boolean(), async (steps, revoke) => {
      const all = await scene();
      const { centre, tablet, other, desk } = all;
      const devices = [tablet, other, desk];
      for (const [index, { device, changes, seen, later, skew }] of steps.entries()) {
        const author = devices[device];
        if (author === undefined) continue;
        centre.now += later;
        author.skew = skew;
        if (seen) await author.exchange([]);
        const base = author.head?.[0] ?? 0;
        await author.ok([author.operation(changes.map((item) => ({ ...item, base })))]);
        if (revoke && index === 3) await revokeDevice(centre);
      }
      await desk.ok([desk.operation([erasure('p1')])]);
      expect((await verify(centre.storage, 'centre', nodeHashing)).findings).toEqual([]);
      await centre.storage.readSnapshot(async (snapshot) => {
        const personal: string[] = [];
        for (const row of await snapshot.log('centre', 0, 10_000)) personal.push(...wordsOf(row));
        for (const record of await snapshot.recordsAfter('centre', ['', ''], 10_000))
          if (record.e === 'person' && record.k === 'p1') personal.push(...wordsIn(record));
        expect(personal).toEqual([]);
      });
    }),
    { numRuns: 60 }
  );
}, 120_000);

/** Words that a row of the log still holds of the person `p1`. */
function wordsOf(row: LogRow): readonly string[] {
  const own = row.changes.filter(({ e, k }) => (k === 'p1' ? e === 'person' : k === 's1~p1'));
  return wordsIn(own);
}

function wordsIn(value: unknown): readonly string[] {
  return JSON.stringify(value).match(/слово-\d/g) ?? [];
}

async function revokeDevice(centre: TestCentre): Promise<void> {
  await centre.storage.withTransaction(async (tx) => {
    const device = await tx.device('centre', 'tablet');
    if (device !== undefined) await tx.putDevice('centre', { ...device, revokedAt: centre.now });
  });
}
