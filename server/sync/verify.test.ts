import fc from 'fast-check';
import { afterEach, expect, inject, test } from 'vitest';
import type { StoredRecord } from '#domain/sync/merge.ts';
import { recordHistory } from './history.ts';
import { nodeHashing } from './node-hashing.ts';
import { enrol, openTestCentre, spelled, type TestCentre, type TestDevice } from './testing-centre.ts';
import { verify } from './verify.ts';

const open: TestCentre[] = [];
afterEach(async () => {
  for (const centre of open.splice(0)) await centre.close();
});

async function centreWithTwo(): Promise<{ centre: TestCentre; devices: readonly TestDevice[] }> {
  const centre = await openTestCentre();
  open.push(centre);
  const devices = [
    await enrol(centre, 'a', 'field', 'u1'),
    await enrol(centre, 'b', 'field', 'u2'),
    await enrol(centre, 'c', 'coordinator', 'c1')
  ];
  return { centre, devices };
}

function allRecords(centre: TestCentre): Promise<readonly StoredRecord[]> {
  return centre.storage.readSnapshot((snapshot) => snapshot.recordsAfter('centre', ['', ''], 10_000));
}

const change = fc.oneof(
  fc.record({
    e: fc.constant('attendance'),
    k: fc.constantFrom('s1~p1', 's1~p2'),
    set: fc.record(
      { status: fc.constantFrom('present', 'late', 'absent', 'wrong'), at: fc.nat(9) },
      { requiredKeys: [] }
    )
  }),
  fc.record({
    e: fc.constant('person'),
    k: fc.constantFrom('p1', 'p2'),
    set: fc.record(
      { name: fc.constantFrom('А', 'Б'), deletedAt: fc.constantFrom(1, null) },
      { requiredKeys: [] }
    )
  }),
  fc.record({
    e: fc.constant('confidential_text'),
    k: fc.constantFrom('k1', 'k2'),
    set: fc.record(
      { author: fc.constantFrom('u1', 'u2'), request: fc.constantFrom('x', 'y') },
      { requiredKeys: [] }
    )
  }),
  fc.record({
    e: fc.constant('alias'),
    k: fc.constantFrom('p1', 'p2'),
    set: fc.record({ of: fc.constantFrom('p1', 'p2', null) }, { requiredKeys: ['of'] })
  }),
  fc.record({
    e: fc.constant('problem'),
    k: fc.constantFrom('a~1', 'b~1', 'a~2'),
    set: fc.record({ state: fc.constantFrom('released', 'dismissed') }, { requiredKeys: ['state'] })
  }),
  fc.record({
    e: fc.constant('conflict'),
    k: fc.constantFrom('attendance~s1~p1~status', 'person~p1~name'),
    set: fc.record({ state: fc.constantFrom('resolved') }, { requiredKeys: ['state'] })
  })
);
const step = fc.record({
  device: fc.nat(2),
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
  seen: fc.boolean(),
  later: fc.integer({ min: 0, max: 5_000 }),
  skew: fc.constantFrom(0, 0, -7_200_000, 7_200_000),
  broken: fc.constantFrom(false, false, false, true)
});

test('records are the fold of the log, whatever was pushed and by whom', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.boolean(), async (steps, revoke) => {
      const { centre, devices } = await centreWithTwo();
      for (const [index, { device, changes, seen, later, skew, broken }] of steps.entries()) {
        const author = devices[device];
        if (author === undefined) continue;
        centre.now += later;
        author.skew = skew;
        if (seen) await author.exchange([]);
        const base = author.head?.[0] ?? 0;
        const operation = author.operation(changes.map((item) => ({ ...item, base })));
        await author.ok([broken ? { n: author.n, ch: 'broken' } : operation]);
        if (revoke && index === 3) await revokeDevice(centre, 'a');
      }
      expect((await verify(centre.storage, 'centre', nodeHashing)).findings).toEqual([]);
    }),
    { numRuns: 40 }
  );
});

async function revokeDevice(centre: TestCentre, id: string): Promise<void> {
  await centre.storage.withTransaction(async (tx) => {
    const device = await tx.device('centre', id);
    if (device !== undefined) await tx.putDevice('centre', { ...device, revokedAt: centre.now });
  });
}

test('any split of a batch, with any part sent twice, gives the same log and records', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(change, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 15 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 15, maxLength: 15 }),
      async (operations, sizes) => {
        const whole = await centreWithTwo();
        const parts = await centreWithTwo();
        const [one] = whole.devices;
        const [other] = parts.devices;
        if (one === undefined || other === undefined) return;
        const ops = operations.map((changes) => one.operation(changes));
        const answer = await one.ok(ops);
        const outcomes: string[] = [];
        let from = 0;
        for (const size of sizes) {
          const part = ops.slice(from, from + size);
          if (part.length === 0) break;
          const first = await other.ok(part);
          const again = await other.ok(part);
          outcomes.push(...spelled(first.acks));
          expect(again.acks.every((ack) => ack.repeat)).toBe(true);
          expect(again.head).toEqual(first.head);
          from += size;
        }
        expect(await allRecords(parts.centre)).toEqual((await allRecords(whole.centre)).slice());
        expect(answer.head[0]).toBe(ops.length);
        expect(outcomes.length).toBeGreaterThan(0);
      }
    ),
    { numRuns: 25 }
  );
});

test('a record changed behind the log, and a changed log, are found', async () => {
  const { centre, devices } = await centreWithTwo();
  const [device] = devices;
  await device?.ok([device.operation([{ e: 'person', k: 'p1', set: { name: 'А' } }])]);
  await device?.ok([device.operation([{ e: 'person', k: 'p2', set: { name: 'Б' } }])]);
  await centre.meddle(`UPDATE records SET state = replace(state, 'А', 'Я') WHERE id = 'p1'`);
  await centre.meddle(`UPDATE operations SET corrected = corrected + 1 WHERE seq = 2`);
  const { findings } = await verify(centre.storage, 'centre', nodeHashing);
  expect(findings.map(({ type }) => type)).toEqual(['broken_chain', 'record_differs', 'record_differs']);
});

test('the history of a record names who set what, newest first', async () => {
  const { centre, devices } = await centreWithTwo();
  const [a, b] = devices;
  await a?.ok([a.operation([{ e: 'person', k: 'p1', set: { name: 'А' } }])]);
  await b?.ok([]);
  await b?.ok([b.operation([{ e: 'person', k: 'p1', set: { name: 'Б' }, base: 1 }])]);
  const readable = new Set(['people']);
  const history = await recordHistory(centre.storage, 'centre', { type: 'person', id: 'p1' }, readable);
  expect(history?.map(({ by, changes }) => [by, changes.map(({ set }) => set)])).toEqual([
    ['u2', [{ name: 'Б' }]],
    ['u1', [{ name: 'А' }]]
  ]);
});

test('the history of a sheet that nobody closed holds its marks, the decision and the remark', async () => {
  const { centre, devices } = await centreWithTwo();
  const [a, , c] = devices;
  await c?.ok([
    c.operation([
      { e: 'event', k: 'e1', set: { title: 'Школа', kind: 'school', from: '2026-11-23' } },
      { e: 'session', k: 's1', set: { event: 'e1', date: '2026-11-23' } }
    ])
  ]);
  await a?.ok([
    a.operation([
      { e: 'attendance', k: 's1~p1', set: { status: 'present' } },
      { e: 'attendance', k: 's10~p1', set: { status: 'present' } }
    ])
  ]);
  await c?.ok([
    c.operation([
      { e: 'review', k: 'sheet~s1', set: { state: 'returned', reason: 'Дата', upTo: 2 } },
      {
        e: 'remark',
        k: 'r1',
        set: { to: 'u1', targetType: 'sheet', target: 's1', text: 'Дата', from: 'c1', done: false }
      }
    ])
  ]);
  const of = (id: string, readable: readonly string[]) =>
    recordHistory(centre.storage, 'centre', { type: 'sheet', id }, new Set(readable));
  const history = await of('s1', ['reference', 'attendance', 'office']);
  expect(history?.map(({ by, changes }) => [by, changes.map(({ type, id }) => `${type}/${id}`)])).toEqual([
    ['c1', ['review/sheet~s1', 'remark/r1']],
    ['u1', ['attendance/s1~p1']]
  ]);
  const withoutRemarks = await of('s1', ['reference', 'attendance']);
  expect(withoutRemarks?.[0]?.changes.map(({ type }) => type)).toEqual(['review']);
  expect(await of('s2', ['reference', 'attendance'])).toBeUndefined();
  expect(await of('s1', ['people'])).toBeUndefined();
});

test('a signature whose bytes were changed is found, and one that still waits on a tablet is counted', async () => {
  const { centre, devices } = await centreWithTwo();
  const [tablet] = devices;
  const bytes = Buffer.from('<svg/>');
  const [here, away] = [nodeHashing.sha256(bytes), nodeHashing.sha256('not yet')];
  const signed = (k: string, signatureInk: string) => ({ e: 'attendance', k, set: { signatureInk } });
  await tablet?.ok([tablet.operation([signed('s1~p1', here), signed('s1~p2', away)])]);
  await centre.storage.withTransaction((tx) =>
    tx.putAttachment('centre', { sha256: here, mime: 'image/svg+xml', size: 6, storedAt: 1 }, bytes)
  );
  const proved = await verify(centre.storage, 'centre', nodeHashing);
  expect(proved).toMatchObject({ attachments: { stored: 1, awaited: 1 }, findings: [] });
  await centre.meddle(`UPDATE attachments SET bytes = CAST('<svg />' AS ${blobType()})`);
  const meddled = await verify(centre.storage, 'centre', nodeHashing);
  expect(meddled.findings).toEqual([{ type: 'attachment_differs', sha256: here }]);
});

/** What a column of bytes is called by the database under test. */
function blobType(): string {
  return inject('postgresUrl') === undefined ? 'BLOB' : 'bytea';
}
