import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { announceRestore } from './centre.ts';
import { enrol, TestDevice, openTestCentre, spelled, type TestCentre } from './testing-centre.ts';
import { verify } from './verify.ts';

let centre: TestCentre;
let tablet: TestDevice;
let other: TestDevice;
let office: TestDevice;

beforeEach(async () => {
  centre = await openTestCentre();
  tablet = await enrol(centre, 'tablet', 'field', 'u1');
  other = await enrol(centre, 'other', 'field', 'u2');
  office = await enrol(centre, 'office', 'coordinator', 'c1');
});
afterEach(() => centre.close());

const mark = (status: string, base = 0, person = 'p1') => [
  { e: 'attendance', k: `s1~${person}`, set: { status, at: 1 }, base }
];
const person = (id: string, name: string) => [{ e: 'person', k: id, set: { name } }];

describe('a push', () => {
  test('is acknowledged by runs and comes back in the page of the same answer', async () => {
    const ops = ['p1', 'p2', 'p3'].map((id) => tablet.operation(mark('present', 0, id)));
    const answer = await tablet.ok(ops);
    expect(spelled(answer.acks)).toEqual(['1–3 applied 1']);
    const page = answer.streams.find(({ stream }) => stream === 'attendance');
    expect(page?.rows.map((row) => [row.k, row.seq, row.f['status']])).toEqual([
      ['s1~p1', 1, 'present'],
      ['s1~p2', 2, 'present'],
      ['s1~p3', 3, 'present']
    ]);
    expect(answer.head[0]).toBe(3);
    expect(page?.check?.[0]).toBe(3);
  });

  test('sent again gets the same outcomes and takes no number', async () => {
    const ops = [tablet.operation(mark('present')), tablet.operation(mark('late'))];
    await tablet.ok(ops);
    const answer = await tablet.ok(ops);
    expect(spelled(answer.acks)).toEqual(['1–2 applied 1 repeat']);
    expect(answer.head[0]).toBe(2);
  });

  test('with a number ahead is told where the gap begins', async () => {
    const first = tablet.operation(mark('present'));
    tablet.operation(mark('late'));
    const third = tablet.operation(mark('absent'));
    const answer = await tablet.exchange([first, third]);
    expect(answer).toMatchObject({ kind: 'gap', from: 2 });
    if (answer.kind === 'gap') expect(spelled(answer.acks)).toEqual(['1 applied 1']);
  });

  test('that closes a circle of merges is refused', async () => {
    const alias = (from: string, of: string) =>
      office.operation([{ e: 'alias', k: from, set: { kind: 'person', of } }]);
    const answer = await office.ok([alias('a', 'b'), alias('b', 'c'), alias('c', 'a'), alias('d', 'd')]);
    expect(spelled(answer.acks)).toEqual([
      '1–2 applied 1',
      '3 refused(already_merged) 3',
      '4 refused(already_merged) 4'
    ]);
  });

  test('of a copied database goes on under a device of its own', async () => {
    const shared = tablet.operation(mark('present'));
    await tablet.ok([shared, tablet.operation(mark('late', 0, 'p2'))]);
    tablet.n = 1;
    const answer = await tablet.exchange([shared, tablet.operation(mark('absent', 0, 'p3'))]);
    expect(answer).toMatchObject({ kind: 'device_forked', from: 2 });
    if (answer.kind !== 'device_forked') return;
    expect(spelled(answer.acks)).toEqual(['1 applied 1 repeat']);
    const copy = await centre.service.exchange(
      {
        ...tablet.request([{ ...tablet.operation(mark('absent', 0, 'p3')), n: 2 }]),
        device: answer.newDevice
      },
      { secret: answer.secret }
    );
    expect(copy).toMatchObject({ kind: 'ok', acks: [{ o: 'applied', n: 2, seq: 3 }] });
  });

  test('of a copy that never heard of its new id is judged once, under the id that reached it', async () => {
    await tablet.ok([tablet.operation(mark('present'))]);
    const own = { ...tablet.operation(mark('absent', 0, 'p3')), n: 1 };
    const lost = await tablet.exchange([own]);
    const again = await tablet.exchange([own]);
    if (lost.kind !== 'device_forked' || again.kind !== 'device_forked') throw new Error(again.kind);
    const copy = { ...tablet.request([own]), device: again.newDevice };
    expect(await centre.service.exchange(copy, { secret: again.secret })).toMatchObject({
      kind: 'ok',
      acks: [{ o: 'applied', n: 1, seq: 2 }]
    });
    // The first id stands in the list of devices with nothing to its name, and nobody has its secret.
    const log = await centre.storage.readSnapshot((snapshot) => snapshot.log('centre', 0, 10));
    expect(log.map(({ device, n }) => [device, n])).toEqual([
      [tablet.id, 1],
      [again.newDevice, 1]
    ]);
    const orphan = await centre.storage.readSnapshot((snapshot) => snapshot.device('centre', lost.newDevice));
    expect(orphan).toMatchObject({ lastN: 0, parent: tablet.id, pending: 0 });
    expect((await verify(centre.storage, 'centre', centre.deps.hashing)).findings).toEqual([]);
  });
});

describe('one bad operation touches no other', () => {
  test.each([
    ['a value outside its set', (n: number) => ({ ...tablet.operation(mark('maybe')), n }), 'invalid'],
    ['no changes', (n: number) => ({ n, w: 1, c: 0, v: 1, by: 'u1', ch: [] }), 'invalid'],
    [
      'a field named constructor',
      (n: number) => ({ ...tablet.operation([{ e: 'person', k: 'x', set: { toString: 1 } }]), n }),
      'invalid'
    ],
    [
      'a record of the office',
      (n: number) => ({ ...tablet.operation([{ e: 'centre', k: 'centre', set: { name: 'x' } }]), n }),
      'forbidden'
    ],
    ['another author', (n: number) => ({ ...tablet.operation(mark('late')), n, by: 'u2' }), 'forbidden'],
    [
      'a long value',
      (n: number) => ({
        ...tablet.operation([{ e: 'person', k: 'x', set: { unknown: 'x'.repeat(70_000) } }]),
        n
      }),
      'too_large'
    ],
    ['no number at all', () => 'nonsense', 'invalid'],
    [
      'endless depth',
      (n: number) => ({ n, x: JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as unknown }),
      'invalid'
    ]
  ])('%s', async (_name, bad, reason) => {
    const before = tablet.operation(mark('present', 0, 'p1'));
    tablet.n = 2;
    const after = tablet.operation(mark('present', 0, 'p2'));
    const answer = await tablet.ok([before, bad(2), after]);
    expect(spelled(answer.acks)).toEqual(['1 applied 1', `2 refused(${reason}) 2`, '3 applied 3']);
    const view = await office.ok([]);
    const problems = view.streams.find(({ stream }) => stream === 'office')?.rows ?? [];
    expect(problems.map((row) => [row.e, row.k, row.f['reason']])).toEqual([['problem', 'tablet~2', reason]]);
  });

  test('an operation of a newer program ends the batch and waits', async () => {
    const answer = await tablet.ok([
      tablet.operation(mark('present')),
      tablet.operation([{ e: 'hovercraft', k: 'x', set: { eels: 1 } }]),
      tablet.operation(mark('late'))
    ]);
    expect(spelled(answer.acks)).toEqual(['1 applied 1']);
    expect(answer.newer).toBe(2);
  });
});

describe('who wins', () => {
  test('who had seen the value overrides it whatever the clocks say; who had not is shown to the coordinator', async () => {
    await tablet.ok([tablet.operation(mark('present'))]);
    await other.ok([]);
    other.skew = -3_600_000;
    await other.ok([other.operation(mark('absent', 1))]);
    tablet.skew = 0;
    centre.now += 1_000;
    const answer = await tablet.ok([tablet.operation(mark('late', 0))]);
    expect(spelled(answer.acks)).toEqual(['2 applied 3']);
    const view = await office.ok([]);
    const conflicts = view.streams.find(({ stream }) => stream === 'office')?.rows ?? [];
    expect(conflicts.map((row) => [row.k, row.f['state']])).toEqual([['attendance~s1~p1~status', 'open']]);
  });
});

describe('a revoked device', () => {
  test('is held and released by a coordinator, and learns it at a repeat', async () => {
    const device = await centre.storage.readSnapshot((snapshot) => snapshot.device('centre', 'tablet'));
    if (device === undefined) throw new Error('no device');
    await centre.storage.withTransaction((tx) =>
      tx.putDevice('centre', { ...device, revokedAt: centre.now })
    );
    const op = tablet.operation(mark('present'));
    const held = await tablet.ok([op]);
    expect(spelled(held.acks)).toEqual(['1 held(device_revoked) 1']);
    expect(held).toMatchObject({ streams: [], signIn: 'revoked' });
    await office.ok([]);
    const release = await office.ok([
      office.operation([{ e: 'problem', k: 'tablet~1', set: { state: 'released' }, base: 1 }])
    ]);
    expect(release.head[0]).toBe(3);
    const marks = release.streams.find(({ stream }) => stream === 'attendance')?.rows ?? [];
    expect(marks.map((row) => [row.k, row.seq, row.by])).toEqual([['s1~p1', 3, 'u1']]);
    expect(spelled((await tablet.ok([op])).acks)).toEqual(['1 applied 3 repeat']);
    expect(await tablet.exchange([])).toMatchObject({ kind: 'sign_in', reason: 'revoked' });
  });
});

describe('a page', () => {
  test('says when a record left the stream', async () => {
    const text = (author: string) => [{ e: 'confidential_text', k: 'k1', set: { author, request: 'x' } }];
    await tablet.ok([tablet.operation(text('u1'))]);
    await office.ok([]);
    await office.ok([
      office.operation([{ e: 'confidential_text', k: 'k1', set: { author: 'u2' }, base: 1 }])
    ]);
    const answer = await tablet.ok([]);
    const page = answer.streams.find(({ stream }) => stream === 'private/u1');
    expect(page).toMatchObject({ rows: [], gone: [['confidential_text', 'k1', 2]], check: [0, 0] });
    const theirs = (await other.ok([])).streams.find(({ stream }) => stream === 'private/u2');
    expect(theirs?.rows.map((row) => row.k)).toEqual(['k1']);
  });

  test('that is full says so, and the next ones bring the rest exactly once', async () => {
    const ops = Array.from({ length: 60 }, (_, index) =>
      tablet.operation(person(`p${index}`, `Имя ${index}`))
    );
    await tablet.ok(ops, { maxBytes: 1_000 });
    other.cursors = {};
    const seen: string[] = [];
    for (let round = 0; round < 60; round++) {
      const answer = await other.ok([], { maxBytes: 1_000 });
      for (const page of answer.streams) seen.push(...page.rows.map((row) => row.k));
      if (answer.streams.every((page) => !page.more)) break;
    }
    expect(seen).toEqual(ops.map((_, index) => `p${index}`));
  });

  test('brings a new device the sheets of the next sessions ahead of everything else, and nothing that it may not read', async () => {
    const day = (days: number): string => new Date(centre.now + days * 86_400_000).toISOString().slice(0, 10);
    const session = (id: string, days: number) => ({
      e: 'session',
      k: id,
      set: { event: 'e1', date: day(days), number: 1 }
    });
    const made = [
      ...Array.from({ length: 40 }, (_, index) => person(`p${index}`, `Имя ${index}`)),
      [{ e: 'event', k: 'e1', set: { title: 'Семинар' } }],
      [session('old', -30), session('next', 1)],
      [
        { e: 'attendance', k: 'old~p1', set: { status: 'present', at: 1 } },
        { e: 'attendance', k: 'next~p39', set: { expected: true } },
        { e: 'person', k: 'p39', set: { settlement: 'v1' } },
        { e: 'confidential_text', k: 'k1', set: { author: 'u1', request: 'x' } }
      ]
    ];
    await office.ok([office.operation([{ e: 'settlement', k: 'v1', set: { name: 'Ларьяк' } }])]);
    await tablet.ok(made.map((changes) => tablet.operation(changes)));
    other.cursors = {};
    const first = await other.ok([], { maxBytes: 1_000 });
    expect(
      Object.fromEntries((first.ahead ?? []).map(({ stream, rows }) => [stream, rows.map((row) => row.k)]))
    ).toEqual({ reference: ['next', 'e1', 'v1'], attendance: ['next~p39'], people: ['p39'] });
    // Later ones come in order; a centre that fits into one answer needs nothing ahead.
    expect((await other.ok([], { maxBytes: 1_000 })).ahead).toBeUndefined();
    other.cursors = {};
    expect((await other.ok([])).ahead).toBeUndefined();
  });

  test('begins anew for a cursor that the log does not have', async () => {
    await tablet.ok([tablet.operation(person('p1', 'А'))]);
    const answer = await tablet.ok([], { cursors: { people: 99, office: 3 } });
    expect(answer.streams.find(({ stream }) => stream === 'people')).toMatchObject({
      from: 0,
      reset: true,
      to: 1
    });
    expect(answer.revoked).toEqual(['office']);
  });
});

describe('a restore', () => {
  test('that nobody announced is found by the head', async () => {
    await tablet.ok([tablet.operation(person('p1', 'А'))]);
    const answer = await tablet.exchange([], { head: [7, 'f'.repeat(64)] });
    expect(answer).toMatchObject({ kind: 'epoch_changed', restoredTo: 0 });
    expect(answer.kind === 'epoch_changed' && answer.epoch !== tablet.epoch).toBe(true);
    expect(await other.exchange([], { epoch: tablet.epoch, head: [1, tablet.head?.[1]] })).toMatchObject({
      kind: 'epoch_changed'
    });
  });
});

describe('an announced restore', () => {
  test('is answered with the smallest common seq over all restores since, and old bases above it count as unseen', async () => {
    await tablet.ok([tablet.operation(mark('present')), tablet.operation(person('p1', 'А'))]);
    const stale = other.operation(mark('late', 2), { ep: tablet.epoch });
    await announceRestore(centre.deps);
    await tablet.exchange([]);
    await office.ok([office.operation(person('p2', 'Б'))]);
    await announceRestore(centre.deps);
    expect(await tablet.exchange([])).toMatchObject({ kind: 'epoch_changed', restoredTo: 2 });
    const beyond = { ...other.operation(mark('late', 3), { ep: tablet.epoch }) };
    await other.ok([stale, beyond]);
    const log = await centre.storage.readSnapshot((snapshot) => snapshot.log('centre', 3, 10));
    expect(log.map((row) => row.changes.map(({ base }) => base))).toEqual([[2], [0]]);
  });

  test('that was cut off by an unannounced one is known by its epoch alone: nothing of then counts as of now', async () => {
    const first = await tablet.ok([tablet.operation(person('p1', 'А'))]);
    // The server was put back to before an epoch that devices already know.
    const answer = await tablet.exchange([], { epoch: 'cut', head: [9, 'x'] });
    expect(answer).toMatchObject({ kind: 'epoch_changed', restoredTo: 0 });
    const begun = answer.kind === 'epoch_changed' ? answer.epoch : '';
    expect([first.epoch, 'cut']).not.toContain(begun);
    // Another device that knows it as well is told the same and begins no further one.
    expect(await other.exchange([], { epoch: 'cut', head: null })).toMatchObject({ epoch: begun });
    expect(await other.exchange([], { epoch: first.epoch, head: first.head })).toMatchObject({
      kind: 'epoch_changed',
      epoch: begun,
      restoredTo: 0
    });
  });

  test('twice in a row offers work again from the smallest common seq', async () => {
    const first = await tablet.ok([tablet.operation(person('p1', 'А'))]);
    for (const head of [7, 8]) await tablet.exchange([], { head: [head, 'f'.repeat(64)] });
    const answer = await tablet.exchange([], { epoch: first.epoch, head: first.head });
    expect(answer).toMatchObject({ kind: 'epoch_changed', restoredTo: 0 });
  });

  test('leaves alone a device that never exchanged anything', async () => {
    await tablet.ok([tablet.operation(person('p1', 'А'))]);
    await tablet.exchange([], { head: [7, 'f'.repeat(64)] });
    const answer = await other.ok([other.operation(mark('present'))]);
    expect(spelled(answer.acks)).toEqual(['1 applied 2']);
  });

  test('that forgot the device of a link asks it for its answers again', async () => {
    await office.ok([
      office.operation([{ e: 'campaign', k: 'c1', set: { link: 'link-of-a-campaign-0123456789' } }])
    ]);
    const phone = new TestDevice(centre, 'phone', 'link');
    phone.link = 'link-of-a-campaign-0123456789';
    expect(await phone.exchange([])).toMatchObject({ kind: 'sign_in', reason: 'unknown' });
    const known = { epoch: 'cut', head: [9, 'x'] };
    expect(await phone.exchange([], known)).toMatchObject({ kind: 'epoch_changed', restoredTo: 0 });
  });
});

describe('an office device without a sign-in', () => {
  test('has its operations acknowledged and gets no pages', async () => {
    office.signedIn = false;
    const answer = await office.ok([office.operation(person('p1', 'А'))]);
    expect(answer).toMatchObject({ signIn: 'signed_out', streams: [] });
    expect(spelled(answer.acks)).toEqual(['1 applied 1']);
    expect(await office.exchange([])).toMatchObject({ kind: 'sign_in', reason: 'signed_out' });
  });
});

describe('when the database refuses', () => {
  test('one operation, only that one is held', async () => {
    await centre.refuseInserts('records', 'bad');
    const ops = ['good', 'bad', 'fine'].map((id) => tablet.operation(person(id, id)));
    expect(spelled((await tablet.ok(ops)).acks)).toEqual([
      '1 applied 1',
      '2 held(internal) 2',
      '3 applied 3'
    ]);
    expect((await verify(centre.storage, 'centre', centre.deps.hashing)).findings).toEqual([]);
  });

  test('everything, the device is asked to come later and nothing is acknowledged', async () => {
    await centre.refuseInserts('operations');
    const op = tablet.operation(person('p1', 'А'));
    expect(await tablet.exchange([op])).toMatchObject({ kind: 'slow_down' });
    await centre.allowInserts('operations');
    expect(spelled((await tablet.ok([op])).acks)).toEqual(['1 applied 1']);
  });
});

describe('declared holes', () => {
  test('take one seq, repeat, and the next number goes on', async () => {
    const hole = { n: 1, to: 3, lost: true };
    tablet.n = 3;
    const op = tablet.operation(person('p1', 'А'));
    expect(spelled((await tablet.ok([hole, op])).acks)).toEqual(['1–3 lost 1', '4 applied 2']);
    const again = await tablet.ok([{ n: 2, to: 3, lost: true }, op]);
    expect(again.acks.map(({ n, o, repeat }) => [n, o, repeat])).toEqual([
      [2, 'lost', true],
      [3, 'lost', true],
      [4, 'applied', true]
    ]);
    const device = await centre.storage.readSnapshot((snapshot) => snapshot.device('centre', 'tablet'));
    expect([device?.lastN, device?.lost]).toEqual([4, 3]);
  });

  test('that are none are refused without harm', async () => {
    const op = tablet.operation(person('p1', 'А'));
    const answer = await tablet.ok([op, { n: 2, to: 1, lost: true }, { n: 3, to: 9e15, lost: true }]);
    expect(spelled(answer.acks)).toEqual(['1 applied 1', '2 refused(invalid) 2', '3 refused(invalid) 3']);
  });
});

describe('clocks', () => {
  test('never refuse: a device in 1970 writes, and its jump is marked as suspect', async () => {
    await tablet.ok([]);
    tablet.skew = -centre.now;
    await tablet.ok([tablet.operation(mark('present'))]);
    const log = await centre.storage.readSnapshot((snapshot) => snapshot.log('centre', 0, 10));
    expect(log.map((row) => [row.outcome, row.suspect, row.corrected])).toEqual([
      ['applied', true, centre.now]
    ]);
  });

  test("the server's own clock may step back: its now does not", async () => {
    const first = await tablet.ok([tablet.operation(mark('present'))]);
    centre.now -= 3_600_000;
    const second = await tablet.ok([tablet.operation(mark('late', 1))]);
    expect(second.now).toBe(first.now);
  });
});

describe('rights taken away', () => {
  test('after it was written: the operation waits for the coordinator; written later it is refused', async () => {
    const early = office.operation([{ e: 'settlement', k: 'v1', set: { name: 'Село' } }]);
    centre.now += 10_000;
    await centre.storage.withTransaction(async (tx) => {
      const device = await tx.device('centre', 'office');
      if (device === undefined) throw new Error('no device');
      await tx.putDevice('centre', {
        ...device,
        role: 'field',
        formerRole: 'coordinator',
        roleChangedAt: centre.now
      });
    });
    centre.now += 10_000;
    // Its device has not been told yet, so its author could not know either.
    const unaware = office.operation([{ e: 'settlement', k: 'v2', set: { name: 'Село' } }]);
    expect(spelled((await office.ok([early, unaware])).acks)).toEqual(['1–2 held(rights_revoked) 1']);
    centre.now += 10_000;
    const aware = office.operation([{ e: 'settlement', k: 'v3', set: { name: 'Село' } }]);
    expect(spelled((await office.ok([aware])).acks)).toEqual(['3 refused(forbidden) 3']);
  });
});
