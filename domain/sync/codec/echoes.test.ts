import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isPacked,
  packAnswer,
  packAroundParts,
  packPart,
  packRequest,
  takeEchoes,
  unpackAnswer
} from '../codec.ts';
import type { Acknowledgement, RecordState, StreamPage, SyncAnswer, SyncRequest } from '../protocol.ts';
import { wholeSecond } from '../whole-second.ts';

const budget = 1_000_000;
const begun = 1_764_000_000_000;

function wire<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

const request: SyncRequest = {
  z: 1,
  device: 'tablet',
  epoch: 'e1',
  build: '0.1.0',
  now: begun,
  clock: 1,
  oldestPending: null,
  pending: 0,
  head: [100, 'ab'.repeat(32)],
  ops: [],
  cursors: { reference: 100, people: 100, attendance: 100 },
  maxBytes: 60_000
};

function page(stream: string, rows: readonly RecordState[], more: Partial<StreamPage> = {}): StreamPage {
  return { stream, from: 100, to: 200, rows: [...rows], gone: [], more: false, ...more };
}

function answerOf(acks: readonly Acknowledgement[], streams: readonly StreamPage[]): SyncAnswer {
  return {
    kind: 'ok',
    z: 1,
    epoch: 'e1',
    now: begun,
    head: [200, 'cd'.repeat(32)],
    acks: [...acks],
    streams: [...streams],
    revoked: [],
    durable: 0,
    minBuild: ''
  };
}

/** What the server sends for an answer to these operations. */
function packed(answer: SyncAnswer, ops: readonly unknown[]): Record<string, unknown> {
  const rest = takeEchoes(wire(answer), wire(ops));
  const { p } = wire(packAnswer(rest.answer, request, undefined, rest.echoes)) as {
    p: Record<string, unknown>;
  };
  return p;
}

/** What the device makes of it. */
function read(p: unknown, ops: readonly unknown[]) {
  const opened = unpackAnswer({ z: 1, p }, { ...request, ops: [...ops] }, budget);
  return opened.ok ? opened.value.finish([]) : opened;
}

function mark(n: number, k = `s1~p${n}`, set: Record<string, unknown> = { status: 'present' }) {
  return { n, w: begun + n * 7_919, c: 1, v: 1, by: 'u1', ch: [{ e: 'attendance', k, set, base: 0 }] };
}

type Mark = ReturnType<typeof mark>;

/** The row that a mark leaves when it was applied at this seq. */
function rowOf(op: Mark, seq: number, more: Partial<RecordState> = {}): RecordState {
  const [{ e, k, set }] = op.ch as [Mark['ch'][number]];
  return { e, k, seq, by: op.by, at: wholeSecond(op.w + 450), f: set, ...more };
}

const marks = Array.from({ length: 1_000 }, (_, index) => mark(index + 1));
const rows = marks.map((op) => rowOf(op, 100 + op.n));
const acks: Acknowledgement[] = [{ o: 'applied', n: 1, to: 1_000, seq: 101 }];

describe('an answer to a push', () => {
  test('does not repeat a thousand marks', () => {
    const answer = answerOf(acks, [page('attendance', rows)]);
    const p = packed(answer, marks);
    expect(JSON.stringify(p).length).toBeLessThan(350);
    expect(p['e']).toEqual([expect.any(String), [0, 1_000, ['d', 0, 1], ['d', 0, 1], 450, 0]]);
    expect(read(p, marks)).toEqual({ ok: true, value: answer });
  });

  const word = fc.constantFrom('present', 'late', 'x~y', 'a|b', '', '__proto__');
  const value = fc.oneof(
    word,
    fc.integer(),
    fc.constant(null),
    fc.boolean(),
    fc.array(word, { maxLength: 2 })
  );
  const set = fc.dictionary(fc.constantFrom('status', 'at', 'note', 'unknownField', '__proto__'), value, {
    maxKeys: 3
  });
  const key = fc.constantFrom('s1~p1', 's1~p2', 's2~p1', 'p1', 'p2');
  const type = fc.constantFrom('attendance', 'person', 'something_new');
  const time = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: begun, max: begun + 9_000_000 }) },
    { weight: 1, arbitrary: fc.maxSafeInteger() }
  );
  const change = fc.record({ e: type, k: key, set, base: fc.nat(50) });
  const operation = fc.record({
    w: time,
    c: fc.nat(2),
    v: fc.constant(1),
    by: fc.constantFrom('u1', 'u2'),
    ch: fc.array(change, { minLength: 1, maxLength: 3 }),
    outcome: fc.oneof(
      { weight: 4, arbitrary: fc.constant('applied') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('superseded', 'held', 'refused', 'lost', 'repeat', 'malformed', 'unheard')
      }
    ),
    /** Whether somebody else wrote before it. */
    skips: fc.nat(2),
    /** What the record holds when the answer is made: what was set, or more, or other things. */
    holds: fc.oneof(
      { weight: 4, arbitrary: fc.constant('same') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('more', 'less', 'others', 'by', 'null', 'late', 'strange', 'gone')
      }
    )
  });
  type Given = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

  /** Operations as a device sends them, and what a server may answer. */
  function made(given: readonly Given[], pages: readonly number[]) {
    const ops: unknown[] = [];
    const heard: Acknowledgement[] = [];
    const states: RecordState[] = [];
    let seq = 100;
    for (const [index, { outcome, skips, holds, ...own }] of given.entries()) {
      const n = index + 1;
      for (let other = 0; other < skips; other++)
        states.push({
          e: 'person',
          k: `q${other}`,
          seq: (seq += 1),
          by: 'u3',
          at: begun,
          f: { status: 'late' }
        });
      const isNoOperation = outcome === 'lost' || outcome === 'malformed';
      ops.push(outcome === 'lost' ? { n, to: n, lost: true } : isNoOperation ? { n, ch: 7 } : { n, ...own });
      if (outcome === 'unheard') continue;
      seq += 1;
      const repeat = outcome === 'repeat' ? { repeat: true as const } : {};
      const last = heard.at(-1);
      if (outcome === 'held') heard.push({ o: 'held', reason: 'internal', n, seq });
      else if (outcome === 'refused' || outcome === 'malformed')
        heard.push({ o: 'refused', reason: 'invalid', n, seq });
      else if (outcome === 'superseded' || outcome === 'lost') heard.push({ o: outcome, n, seq });
      else if (last?.o === 'applied' && last.seq + n - last.n === seq && last.repeat === repeat.repeat)
        heard[heard.length - 1] = { ...last, to: n };
      else heard.push({ o: 'applied', n, seq, ...repeat });
      if (isNoOperation) continue;
      for (const { e, k, set: values } of own.ch) {
        const plain = Object.entries(values).filter(([, one]) => one !== null);
        if (holds === 'more') plain.push(['more', 1]);
        if (holds === 'less') plain.pop();
        if (holds === 'null') plain.push(['note', null]);
        const f: Record<string, unknown> =
          holds === 'others' ? { status: 'absent' } : Object.fromEntries(plain);
        const at = holds === 'late' ? own.w : wholeSecond(own.w + 450 + own.c * 5_000);
        if (!Number.isSafeInteger(at) || holds === 'gone') continue;
        const by = holds === 'by' ? 'u9' : own.by;
        const state: RecordState = { e, k, seq, by, at, f };
        states.push(holds === 'strange' ? Object.assign(state, { later: 1 }) : state);
      }
    }
    // The last state of a record only, in the order of seqs.
    const last = new Map(states.map((state) => [`${state.e}/${state.k}`, state]));
    const stand = states.filter((state) => last.get(`${state.e}/${state.k}`) === state);
    const streams = ['reference', 'people', 'attendance'].map((stream, index) =>
      page(
        stream,
        stand.filter((_, row) => pages[row % pages.length] === index || pages[row % pages.length] === 3),
        index === 0 ? { gone: [['person', 'p1', 120]] } : { reset: index === 2 && pages[0] === 2 }
      )
    );
    return { ops, answer: answerOf(heard, streams) };
  }

  const pages = fc.array(fc.nat(3), { minLength: 1, maxLength: 6 });

  test('comes back exactly, whatever was done with the operations and whoever wrote between them', () => {
    let echoes = 0;
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), pages, (given, where) => {
        const { ops, answer } = made(given, where);
        const p = packed(answer, ops);
        if (p['e'] !== undefined) echoes += 1;
        expect(read(p, ops)).toEqual({ ok: true, value: wire(answer) });
      }),
      { numRuns: 1_000 }
    );
    expect(echoes).toBeGreaterThan(300);
  });

  test('comes back exactly beside pages in parts', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), pages, (given, where) => {
        const { ops, answer } = made(given, where);
        const part = page('people', rows.slice(0, 3));
        const { answer: rest, echoes } = takeEchoes(wire(answer), wire(ops));
        const [before, after] = packAroundParts(rest, request, new Map(), [], echoes);
        const text = before + packPart(part.stream, part.rows, part.gone, new Map()).text + after;
        const json: unknown = JSON.parse(text);
        const streams = answer.streams.map((one) =>
          one.stream === part.stream ? { ...one, rows: [...one.rows, ...part.rows] } : one
        );
        expect(isPacked(json) && read(json.p, ops)).toEqual({
          ok: true,
          value: wire({ ...answer, streams })
        });
      }),
      { numRuns: 200 }
    );
  });

  test('comes back without what only the device’s memory knows: fields without a value', () => {
    const ops = [mark(1, 's1~p1', { status: 'present', note: undefined, seen: { by: undefined } })];
    const [row] = wire([rowOf(mark(1, 's1~p1', { status: 'present', seen: {} }), 101)]);
    if (row === undefined) throw new Error('no row');
    const answer = answerOf([{ o: 'applied', n: 1, seq: 101 }], [page('attendance', [row])]);
    const p = packed(answer, ops);
    expect(p['e']).toBeDefined();
    expect(read(p, ops)).toStrictEqual({ ok: true, value: answer });
  });

  test.each<[string, (row: RecordState) => RecordState]>([
    ['a field that was there before', (row) => ({ ...row, f: { ...row.f, expected: true } })],
    ['another value', (row) => ({ ...row, f: { status: 'late' } })],
    ['another author', (row) => ({ ...row, by: 'u2' })],
    ['a later state', (row) => ({ ...row, seq: 102 })],
    ['an emptied field', (row) => ({ ...row, f: { ...row.f, note: null } })],
    ['a field of a later program', (row) => Object.assign({ later: 1 }, row)]
  ])('says a row in full that holds %s', (_name, changed) => {
    const op = mark(1);
    const answer = answerOf(
      [{ o: 'applied', n: 1, seq: 101 }],
      [page('attendance', [changed(rowOf(op, 101))])]
    );
    const p = packed(answer, [op]);
    expect(p['e']).toBeUndefined();
    expect(read(p, [op])).toEqual({ ok: true, value: answer });
  });

  test('says in full what was sent before, and what an operation changed twice', () => {
    const op = mark(1);
    const repeated = answerOf(
      [{ o: 'applied', n: 1, seq: 101, repeat: true }],
      [page('attendance', [rowOf(op, 101)])]
    );
    expect(packed(repeated, [op])['e']).toBeUndefined();
    const twice = { ...op, ch: [...op.ch, ...op.ch] };
    const answer = answerOf([{ o: 'applied', n: 1, seq: 101 }], [page('attendance', [rowOf(op, 101)])]);
    expect(packed(answer, [twice])['e']).toBeUndefined();
  });

  test('takes the one time of marks whose clock is not believed for what it is', () => {
    const same = rows.map((row) => ({ ...row, at: begun }));
    const answer = answerOf(acks, [page('attendance', same)]);
    const p = packed(answer, marks);
    expect(p['e']).toEqual([expect.any(String), [0, 1_000, ['d', 0, 1], ['d', 0, 1], null, begun]]);
    expect(read(p, marks)).toEqual({ ok: true, value: answer });
  });

  test('takes a clock that was set between two marks for what it is', () => {
    const ops = marks.slice(0, 200).map((op) => (op.n > 120 ? { ...op, w: op.w - 86_400_000 } : op));
    const answer = answerOf(
      [{ o: 'applied', n: 1, to: 200, seq: 101 }],
      [page('attendance', rows.slice(0, 200))]
    );
    const p = packed(answer, ops);
    expect(gzipSync(JSON.stringify(p['e'])).byteLength).toBeLessThan(130);
    expect(read(p, ops)).toEqual({ ok: true, value: answer });
  });
});

describe('an answer with echoes is not believed', () => {
  const ops = marks.slice(0, 4);
  const answer = answerOf([{ o: 'applied', n: 1, to: 4, seq: 101 }], [page('attendance', rows.slice(0, 4))]);
  const good = packed(answer, ops);
  const [sum] = good['e'] as [string];
  const other = { ok: false, error: { type: 'not_packed' } };
  const told = (echoes: unknown, said: readonly unknown[] = ops) => read({ ...good, e: echoes }, said);

  test('by whoever sent another request', () => {
    expect(read(good, ops)).toEqual({ ok: true, value: answer });
    expect(read(good, [])).toMatchObject(other);
    expect(read(good, ops.slice(0, 3))).toMatchObject(other);
    expect(read(good, [...ops].reverse())).toMatchObject(other);
    const changed = ops.map((op) => (op.n === 3 ? mark(3, 's1~p3', { status: 'late' }) : op));
    expect(read(good, changed)).toMatchObject(other);
    expect(read({ ...good, acks: [] }, ops)).toMatchObject(other);
    expect(read({ ...good, acks: 7 }, ops)).toMatchObject(other);
  });

  test.each<[string, unknown]>([
    ['a number that is not in the request', [sum, [0, 4, ['d', 0, 1], [0, 1, 2, 4], 450, 0]]],
    ['a number below all', [sum, [0, 4, ['d', 0, 1], [-1, 1, 2, 3], 450, 0]]],
    ['a number twice', [sum, [0, 4, ['d', 0, 1], [0, 1, 1, 3], 450, 0]]],
    ['numbers out of order', [sum, [0, 4, ['d', 0, 1], [0, 2, 1, 3], 450, 0]]],
    ['a place twice', [sum, [0, 4, [0, 1, 1, 3], ['d', 0, 1], 450, 0]]],
    ['a place behind the end', [sum, [0, 4, [0, 1, 2, 1e15], ['d', 0, 1], 450, 0]]],
    ['more than were said', [sum, [0, 1e9, ['d', 0, 1], ['d', 0, 1], 450, 0]]],
    ['fewer than were meant', [sum, [0, 3, ['d', 0, 1], ['d', 0, 1], 450, 0]]],
    ['times that are none', [sum, [0, 4, ['d', 0, 1], ['d', 0, 1], null, 450]]],
    ['an offset that is none', [sum, [0, 4, ['d', 0, 1], ['d', 0, 1], '450', 0]]],
    ['other times', [sum, [0, 4, ['d', 0, 1], ['d', 0, 1], 450, 1_000]]],
    ['a time that is none', [sum, [0, 4, ['d', 0, 1], ['d', 0, 1], 9e15, 9e15]]],
    ['a page that is not there', [sum, [1, 4, ['d', 0, 1], ['d', 0, 1], 450, 0]]],
    [
      'a page twice',
      [sum, [0, 2, ['d', 0, 1], ['d', 0, 1], 450, 0], [0, 2, ['d', 2, 1], ['d', 2, 1], 450, 0]]
    ],
    ['another sum', ['1.2', [0, 4, ['d', 0, 1], ['d', 0, 1], 450, 0]]],
    ['nothing', []],
    ['no list', 7],
    ['no numbers', [sum, [0, 4]]]
  ])('with %s', (_name, echoes) => {
    expect(told(echoes)).toMatchObject(other);
  });

  test('without the pages that they belong to', () => {
    const rest = { ...good };
    delete rest['s'];
    expect(read(rest, ops)).toMatchObject(other);
  });

  test('when it is damaged anywhere; it never throws and never runs on', () => {
    const text = JSON.stringify(good);
    const from = text.indexOf('"e":');
    fc.assert(
      fc.property(
        fc.integer({ min: from, max: text.length - 1 }),
        fc.constantFrom('0', '9', '[', ']', '"', '-', '1e9', 'null', ''),
        (at, put) => {
          let broken: unknown;
          try {
            broken = JSON.parse(text.slice(0, at) + put + text.slice(at + 1));
          } catch {
            return;
          }
          const unpacked = read(broken, ops);
          if (unpacked.ok && Object.hasOwn(broken as object, 'e')) expect(unpacked.value).toEqual(answer);
        }
      ),
      { numRuns: 2_000 }
    );
  });
});

test('echoes are given to whoever knows them and wants names, and to no older program', () => {
  const wants = (form: unknown): unknown => (form as { readonly p: readonly unknown[] }).p.at(-1);
  const pushes = { ...request, ops: marks.slice(0, 1) };
  const lengths = [packRequest(request), packRequest(pushes), packRequest(pushes, undefined, false)].map(
    (form) => (form as { readonly p: readonly unknown[] }).p.length
  );
  expect(lengths).toEqual([13, 14, 13]);
  expect(wants(packRequest(pushes))).toBe(1);
});
