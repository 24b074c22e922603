import { afterEach, beforeEach, expect, test } from 'vitest';
import type { StoredRecord } from '#domain/sync/merge.ts';
import { checkPart } from '#domain/sync/protocol.ts';
import type { LogRow, ServerStorage } from './server-storage.ts';
import { openTestStorage, type TestStorage } from './testing-storage.ts';

let kept: TestStorage;
let storage: ServerStorage;

beforeEach(async () => {
  kept = await openTestStorage();
  storage = kept.storage;
});
afterEach(() => kept.close());

const centre = { id: 'c', seq: 0, hash: '', epoch: 'e', key: new Uint8Array([1, 2]), lastNow: 0, durable: 0 };
function person(id: string, seq: number, deletedAt: number | null = null): StoredRecord {
  const meta = { s: seq, t: 1, d: 'd', n: 1, by: 'u', b: 0 };
  return {
    e: 'person',
    k: id,
    seq,
    by: 'u',
    at: 1,
    born: 'd',
    fields: { deletedAt: { v: deletedAt, ...meta } }
  };
}

test('a transaction that throws after any of its writes leaves nothing', async () => {
  const failing = storage.withTransaction(async (tx) => {
    await tx.putCentre(centre);
    await tx.putRecords('c', [{ before: undefined, after: person('p', 1) }]);
    throw new Error('power');
  });
  await expect(failing).rejects.toThrow('power');
  const left = await storage.readSnapshot(async (snapshot) => [
    await snapshot.centre('c'),
    await snapshot.recordsOfType('c', 'person'),
    await snapshot.streamSum('c', 'people')
  ]);
  expect(left).toEqual([undefined, [], [0, 0]]);
});

test('transactions run one after another, even when their bodies wait for each of their steps', async () => {
  const order: string[] = [];
  const body = (name: string) =>
    storage.withTransaction(async (tx) => {
      const before = (await tx.centre('c'))?.seq ?? 0;
      order.push(`${name} begins at ${before}`);
      await tx.putCentre({ ...centre, seq: before + 1 });
      await tx.centre('c');
      order.push(`${name} ends`);
    });
  const all = [body('a'), body('b'), body('c')];
  expect(storage.waitingWrites).toBe(3);
  await Promise.all(all);
  expect(order).toEqual(['a begins at 0', 'a ends', 'b begins at 1', 'b ends', 'c begins at 2', 'c ends']);
  expect(storage.waitingWrites).toBe(0);
});

test('a snapshot does not see what is committed while it is read', async () => {
  await storage.withTransaction((tx) => tx.putCentre(centre));
  const seen = await storage.readSnapshot(async (snapshot) => {
    const first = await snapshot.centre('c');
    await kept.meddle('UPDATE centres SET seq = 5');
    return [first?.seq, (await snapshot.centre('c'))?.seq];
  });
  expect(seen).toEqual([0, 0]);
});

test('a part that fails alone is taken back alone', async () => {
  await storage.withTransaction(async (tx) => {
    await tx.putCentre(centre);
    const failing = tx.savepoint(async () => {
      await tx.putCentre({ ...centre, seq: 9 });
      throw new Error('part');
    });
    await expect(failing).rejects.toThrow('part');
  });
  expect((await storage.readSnapshot((snapshot) => snapshot.centre('c')))?.seq).toBe(0);
});

test('deleted records are in their stream and not in its sum', async () => {
  const alive = person('a', 1);
  const removed = person('a', 3, 7);
  await storage.withTransaction(async (tx) => {
    await tx.putRecords('c', [
      { before: undefined, after: alive },
      { before: undefined, after: person('b', 2) }
    ]);
    await tx.putRecords('c', [{ before: alive, after: removed }]);
  });
  const [sum, page] = await storage.readSnapshot(
    async (snapshot) =>
      [await snapshot.streamSum('c', 'people'), await snapshot.streamRows('c', 'people', 0, 1e6)] as const
  );
  expect(sum).toEqual([1, checkPart('person', 'b', 2)]);
  expect(page.rows.map((row) => [row.k, row.seq])).toEqual([
    ['b', 2],
    ['a', 3]
  ]);
});

test('rows of a stretch of a stream are read and counted alone, and leave it when they change', async () => {
  const before = [person('a', 1), person('b', 2), person('c', 4)];
  await storage.withTransaction((tx) =>
    tx.putRecords(
      'c',
      before.map((after) => ({ before: undefined, after }))
    )
  );
  const look = () =>
    storage.readSnapshot(async (snapshot) => {
      const { rows, to, more } = await snapshot.streamRows('c', 'people', 1, Infinity, 3);
      return {
        rows: rows.map(({ k }) => k),
        page: [to, more],
        counts: [
          await snapshot.streamCount('c', 'people', 0, 3),
          await snapshot.streamCount('c', 'people', 3, 9),
          await snapshot.streamCount('c', 'attendance', 0, 9)
        ],
        changes: await snapshot.streamChanges('c', 'people', 1, 2)
      };
    });
  expect(await look()).toEqual({
    rows: ['b'],
    page: [2, false],
    counts: [2, 1, 0],
    changes: [
      ['person', 'b'],
      ['person', 'c']
    ]
  });
  await storage.withTransaction((tx) => tx.putRecords('c', [{ before: before[1], after: person('b', 7) }]));
  expect(await look()).toEqual({
    rows: [],
    page: [1, false],
    counts: [1, 2, 0],
    changes: [
      ['person', 'c'],
      ['person', 'b']
    ]
  });
});

function logRow(seq: number, n: number, more: Partial<LogRow> = {}): LogRow {
  return {
    seq,
    kind: 'operation',
    device: 'd',
    n,
    to: n,
    by: 'u',
    corrected: 1,
    suspect: false,
    outcome: 'applied',
    reason: null,
    detail: null,
    changes: [{ e: 'person', k: 'p', set: { name: 'А', photo: 'ab'.repeat(32) }, base: 0 }],
    salts: ['00'],
    replaces: null,
    fingerprint: 'f',
    raw: JSON.stringify({ n, text: 'нуль \u0000 и половина \ud83d' }),
    receivedAt: 2,
    hash: `h${seq}`,
    ...more
  };
}

test('log rows come back as they were put, and know what they touched and named', async () => {
  const rows = [
    logRow(1, 1, { replaces: ['other', 4], suspect: true }),
    logRow(2, 2, { to: 5, outcome: 'lost' })
  ];
  const release = logRow(3, 1, { kind: 'release', raw: null });
  await storage.withTransaction((tx) => tx.appendLog('c', [...rows, release]));
  const found = await storage.readSnapshot(async (snapshot) => ({
    log: await snapshot.log('c', 0, 10),
    hole: await snapshot.operationsOf('c', 'd', 4, 9),
    releases: await snapshot.releasesOf('c', 'd', 1, 9),
    touched: (await snapshot.logOfRecord('c', 'person', 'p', 2)).map(({ seq }) => seq),
    naming: await snapshot.recordsNaming('c', 'ab'.repeat(32)),
    hashes: [await snapshot.hashAt('c', 0), await snapshot.hashAt('c', 2), await snapshot.hashAt('c', 9)]
  }));
  expect(found).toEqual({
    log: [...rows, release],
    hole: [rows[1]],
    releases: [release],
    touched: [3, 2],
    naming: [['person', 'p']],
    hashes: ['', 'h2', undefined]
  });
});

test('a number of a device is judged once: the database refuses a second row', async () => {
  const twice = storage.withTransaction((tx) => tx.appendLog('c', [logRow(1, 1), logRow(2, 1)]));
  const error = await twice.catch((failure: unknown) => failure);
  expect(storage.isDatabaseError(error)).toBe(true);
  expect(await storage.readSnapshot((snapshot) => snapshot.log('c', 0, 10))).toEqual([]);
});

test('pages of a stream are whole groups of one seq, in order, each starting where the last ended', async () => {
  const people = Array.from({ length: 2_500 }, (_, index) => person(`p${index}`, 1 + Math.floor(index / 3)));
  await storage.withTransaction((tx) =>
    tx.putRecords(
      'c',
      people.map((after) => ({ before: undefined, after }))
    )
  );
  const seen: string[] = [];
  let cursor = 0;
  for (let pages = 1, more = true; more; pages += 1) {
    expect(pages).toBeLessThan(1_000);
    const page = await storage.readSnapshot((snapshot) => snapshot.streamRows('c', 'people', cursor, 20_000));
    seen.push(...page.rows.map(({ k }) => k));
    expect(page.rows.every(({ seq }) => seq > cursor && seq <= page.to)).toBe(true);
    cursor = page.to;
    more = page.more;
  }
  expect(new Set(seen).size).toBe(people.length);
  expect(seen.length).toBe(people.length);
});

test('records are found in the order asked for, and listed by bytes', async () => {
  const ids = ['б', 'Б', 'a', 'Z', 'é', '~', '_', '-'];
  await storage.withTransaction((tx) =>
    tx.putRecords(
      'c',
      ids.map((id, index) => ({ before: undefined, after: person(id, index + 1) }))
    )
  );
  const byBytes = [...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const found = await storage.readSnapshot(async (snapshot) => ({
    asked: (
      await snapshot.records(
        'c',
        ids.map((id) => ['person', id] as const)
      )
    ).map(({ k }) => k),
    seqs: await snapshot.seqsOf('c', [
      ['person', 'Б'],
      ['person', 'nobody'],
      ['person', 'б']
    ]),
    all: (await snapshot.recordsOfType('c', 'person')).map(({ k }) => k),
    after: (await snapshot.recordsAfter('c', ['person', 'Z'], 3)).map(({ k }) => k)
  }));
  expect(found).toEqual({
    asked: ids,
    seqs: [
      ['person', 'Б', 2],
      ['person', 'б', 1]
    ],
    all: byBytes,
    after: byBytes.slice(byBytes.indexOf('Z') + 1).slice(0, 3)
  });
});

test('what mentions an id is found, a row of the log is emptied, and its records name its files no longer', async () => {
  const hash = 'a'.repeat(64);
  const row = (seq: number, more: Partial<LogRow>): LogRow => ({
    seq,
    kind: 'operation',
    device: 'd',
    n: seq,
    to: seq,
    by: 'u',
    corrected: 1,
    suspect: false,
    outcome: 'applied',
    reason: null,
    detail: null,
    changes: ['anna', 'olga'].map((k) => ({ e: 'person', k, set: { note: hash }, base: 0 })),
    salts: ['00', '11'],
    replaces: null,
    fingerprint: 'f',
    raw: JSON.stringify({ n: seq }),
    receivedAt: 1,
    hash: 'h',
    ...more
  });
  const unreadable = row(2, { outcome: 'refused', changes: [], salts: [], raw: '"something about p-1"' });
  const left = await storage.withTransaction(async (tx) => {
    await tx.putCentre(centre);
    await tx.appendLog('c', [row(1, {}), unreadable, row(3, { outcome: 'refused', changes: [], salts: [] })]);
    await tx.putRecords(
      'c',
      ['anna', 'olga'].map((k) => ({ before: undefined, after: person(k, 1) }))
    );
    const namesLeft = async (record: readonly [string, string]) => {
      await tx.forgetAttachmentNames('c', record, [hash]);
      return tx.recordsNaming('c', hash);
    };
    await tx.emptyLog('c', [{ ...row(1, {}), changes: [], salts: ['22'], raw: null }]);
    const rows = [
      { kind: 'id', name: 'anna', seq: 2, at: 1 },
      { kind: 'id', name: 'olga', seq: 3, at: 1 }
    ] as const;
    await tx.addErased('c', rows);
    await tx.addErased('c', [{ ...rows[0], seq: 9 }]);
    return {
      mentioning: (await tx.recordsMentioning('c', ['olga', 'x-1'])).map(({ k }) => k),
      unreadable: (await tx.unreadableMentioning('c', ['x-1', 'p-1'])).map(({ seq }) => seq),
      emptied: (await tx.log('c', 0, 1)).map(({ changes, salts, raw }) => [changes, salts, raw]),
      erased: (await tx.erasedAfter('c', 2)).map(({ name, seq }) => [name, seq]),
      first: await namesLeft(['person', 'anna']),
      last: await namesLeft(['person', 'olga'])
    };
  });
  expect(left).toEqual({
    mentioning: ['olga'],
    unreadable: [2],
    emptied: [[[], ['22'], null]],
    erased: [['olga', 3]],
    first: [['person', 'olga']],
    last: []
  });
});
