import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isPacked,
  packAnswer,
  packAroundParts,
  packPart,
  packRequest,
  tagOf,
  unpackAnswer,
  unpackRequest,
  type Name,
  type Names
} from './codec.ts';
import { wholeSecond } from './whole-second.ts';
import { packValues, unpackValues } from './codec/values.ts';
import type { Acknowledgement, SyncAnswer, SyncRequest, SyncResponse } from './protocol.ts';

const budget = 10_000_000;

/** What the value is after it has been JSON text: no `undefined`, no -0. */
function wire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Names for every text of a table, and the way back. */
function names(table: Readonly<Record<string, Name>>) {
  const idsOf = (wanted: readonly Name[]) =>
    wanted.map(
      (name) => Object.entries(table).find(([, own]) => JSON.stringify(own) === JSON.stringify(name))?.[0]
    );
  return { known: new Map(Object.entries(table)), idsOf };
}

const word = fc.constantFrom('s1', 'p1', 'p2', 'present', 'a|b', '', 'x~y', 'x~y~z', '__proto__', 'toString');
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0.5, 1e300),
    fc.maxSafeInteger(),
    fc.integer({ min: -3, max: 3 }),
    word,
    fc.string(),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(word, tie('value'), { maxKeys: 5 })
  )
})).value;

const change = fc.record(
  {
    e: fc.constantFrom('attendance', 'person', 'something_new'),
    k: fc.constantFrom('s1~p1', 's1~p2', 's2~p1', 'p1', 'p2', 'a~b~c'),
    set: fc.dictionary(fc.constantFrom('status', 'at', 'note', 'unknownField'), json, { maxKeys: 3 }),
    base: fc.nat(1000),
    later: json
  },
  { requiredKeys: ['e', 'k', 'set', 'base'] }
);
const operation = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      n: fc.nat(),
      w: fc.maxSafeInteger(),
      c: fc.nat(3),
      v: fc.constant(1),
      by: word,
      ch: fc.array(change, { maxLength: 3 })
    })
  },
  { weight: 1, arbitrary: fc.record({ n: fc.nat(), to: fc.nat(), lost: fc.constant(true) }) },
  { weight: 1, arbitrary: json }
);

const request: SyncRequest = {
  z: 1,
  device: 'tablet',
  epoch: 'e1',
  build: '0.1.0',
  now: 1_764_000_000_000,
  clock: 1,
  oldestPending: null,
  pending: 0,
  head: [88_121, 'ab'.repeat(32)],
  ops: [],
  cursors: { reference: 88_121, people: 88_121 },
  maxBytes: 60_000
};

function requestRoundTrip(
  given: SyncRequest,
  known?: Names,
  ids?: (wanted: readonly Name[]) => (string | undefined)[]
) {
  const packed = wire(packRequest(given, known));
  if (!isPacked(packed)) throw new Error('not packed');
  const unpacked = unpackRequest(packed, budget);
  if (!unpacked.ok) return unpacked;
  const { plain, ops } = unpacked.value;
  if (ops === undefined) return { ok: true, value: plain };
  const finished = ops.finish(ids?.(ops.names) ?? []);
  return finished.ok ? { ok: true, value: { ...plain, ops: finished.value } } : finished;
}

describe('values in columns', () => {
  test('come back as they were, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(operation, json), { maxLength: 30 }), (given) => {
        const values = wire(given);
        const begun = unpackValues(wire(packValues(values as unknown[])), budget);
        expect(begun.ok && begun.value.finish([])).toEqual({ ok: true, value: values });
      }),
      { numRuns: 400 }
    );
  });

  test('come back in long columns too: chance, runs, steps, and numbers beside those of objects of another shape', () => {
    const number = fc.oneof(
      fc.nat(20_000),
      fc.integer({ min: -200, max: 200 }),
      fc.constantFrom(0, 1),
      fc.maxSafeInteger()
    );
    const row = fc.record(
      { e: word, seq: number, at: number, f: fc.record({ status: word, at: number }, { requiredKeys: [] }) },
      { requiredKeys: ['seq', 'at', 'f'] }
    );
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 70, maxLength: 200 }),
        fc.boolean(),
        fc.boolean(),
        fc.constantFrom((value: number) => value, wholeSecond),
        (rows, rising, sameTime, shaped) => {
          let at = 1_764_000_000_000;
          const given = rows.map((one, index) => ({
            ...one,
            ...(rising ? { seq: index, at: (at += one.at % 20_000) } : {}),
            ...(sameTime && one.f.at !== undefined
              ? { f: { ...one.f, at: shaped(rising ? at : one.at) } }
              : {})
          }));
          const values = wire(given);
          const begun = unpackValues(wire(packValues(values as unknown[])), budget);
          expect(begun.ok && begun.value.finish([])).toEqual({ ok: true, value: values });
        }
      ),
      { numRuns: 200 }
    );
  });

  test('many ids of devices stand without anything between them, beside texts that have the separator or none', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{12}$/);
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 8, arbitrary: id }, { weight: 1, arbitrary: word }), {
          minLength: 10,
          maxLength: 120
        }),
        (texts) => {
          const begun = unpackValues(wire(packValues(texts)), budget);
          expect(begun.ok && begun.value.finish([])).toEqual({ ok: true, value: texts });
        }
      )
    );
  });

  test('a region’s marks cost less than three bytes each to a new device', () => {
    let at = 1_764_000_000_000;
    let chance = 7;
    const next = (below: number): number => (chance = (chance * 48_271) % 2_147_483_647) % below;
    const marks = Array.from({ length: 5_000 }, (_, index) => {
      at += 1_000 * (1 + next(19));
      const k = `s${Math.floor(index / 50)}~p${next(200)}`;
      const f = index % 500 === 0 ? { expected: true } : { status: next(10) < 9 ? 'present' : 'late', at };
      return { e: 'attendance', k, seq: index + 1, by: 'u1', at, f };
    });
    const bytes = gzipSync(JSON.stringify(packValues(marks))).byteLength;
    expect(bytes / marks.length).toBeLessThan(3);
  });

  test('broken ones are told, never thrown and never endless', () => {
    const packed = JSON.stringify(
      packValues([
        { n: 1, w: 5, ch: [{ e: 'attendance', k: 's1~p1', set: { status: 'present', at: 7 } }] },
        {
          n: 2,
          w: 9,
          ch: [
            { e: 'attendance', k: 's1~p2', set: { status: 'late', at: 9 } },
            { e: 'x', k: 'p', set: {} }
          ]
        }
      ])
    );
    fc.assert(
      fc.property(
        fc.nat(packed.length - 1),
        fc.constantFrom('0', '9', '[', ']', '"', '-', '1e9', 'null', ''),
        (at, put) => {
          let broken: unknown;
          try {
            broken = JSON.parse(packed.slice(0, at) + put + packed.slice(at + 1));
          } catch {
            return;
          }
          const begun = unpackValues(broken, 10_000);
          if (begun.ok) begun.value.finish([]);
        }
      ),
      { numRuns: 2_000 }
    );
  });

  test.each([
    ['many copies of one text', [['x'], 1_000_000, ['=', 'a long text']]],
    ['many copies of one number', [['x'], 1e12, ['=', 1]]],
    ['many empty objects', [['x'], 1e9, ['o', [[]], 0]]],
    ['endless nesting', [['x'], 1, Array.from({ length: 500 }).reduce((inner) => ['a', 1, inner], ['=', 1])]]
  ])('%s that unpack to more than allowed are given up', (_name, packed) => {
    const begun = unpackValues(packed, 1_000_000);
    expect(begun.ok ? begun.value.finish([]) : begun).toMatchObject({
      ok: false,
      error: { type: 'not_packed' }
    });
  });

  test('a thousand marks of known people take a few bytes each', () => {
    const table: Record<string, Name> = {};
    const id = (kind: string, number: number) => `${kind}${String(number).padStart(11, '0')}`;
    const ops = Array.from({ length: 1000 }, (_, index) => {
      const k = `${id('s', index % 5)}~${id('p', index)}`;
      table[id('p', index)] ??= { type: 'person', seq: 1 + index * 7, tag: tagOf(id('p', index)) };
      const w = 1_764_000_000_000 + index * 3_111;
      return {
        n: index + 1,
        w,
        c: 1,
        v: 1,
        by: 'u1',
        ch: [{ e: 'attendance', k, set: { status: 'present', at: w }, base: 0 }]
      };
    });
    const text = JSON.stringify(packRequest({ ...request, ops }, names(table).known));
    expect(text.length).toBeLessThan(9_000);
    expect(JSON.stringify(ops).length).toBeGreaterThan(130_000);
  });
});

describe('a request', () => {
  test('comes back with every field, unknown ones too', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 20 }),
        fc.dictionary(fc.constantFrom('reference', 'people', 'private/u1'), fc.nat(), { maxKeys: 3 }),
        fc.option(fc.tuple(fc.nat(), fc.oneof(fc.string(), fc.constant('0f'.repeat(32))))),
        fc.option(json, { nil: undefined }),
        (ops, cursors, head, later) => {
          const given = {
            ...request,
            ops,
            cursors,
            head,
            ...(later === undefined ? {} : { health: { free: 1 }, later })
          };
          expect(requestRoundTrip(given)).toEqual({ ok: true, value: wire(given) });
        }
      ),
      { numRuns: 300 }
    );
  });

  test('names known records by number, and brings their full ids back', () => {
    fc.assert(
      fc.property(
        fc.array(operation, { maxLength: 20 }),
        fc.array(fc.constantFrom('s1', 's2', 'p1', 'p2', 'a'), { maxLength: 4 }),
        (ops, named) => {
          const table = Object.fromEntries(
            named.map((id, index): [string, Name] => [
              id,
              { type: id.slice(0, 1), seq: 10 + index, tag: tagOf(id) }
            ])
          );
          const { known, idsOf } = names(table);
          const given = { ...request, ops };
          expect(requestRoundTrip(given, known, idsOf)).toEqual({ ok: true, value: wire(given) });
        }
      ),
      { numRuns: 300 }
    );
  });

  test('is not believed when a name is unknown or stands for another record', () => {
    const ops = [
      {
        n: 1,
        w: 1,
        ch: [
          { e: 'attendance', k: 's1~p1', set: {} },
          { e: 'attendance', k: 's1~p2', set: {} }
        ]
      }
    ];
    const { known } = names({
      p1: { type: 'person', seq: 4, tag: 0 },
      p2: { type: 'person', seq: 5, tag: 0 }
    });
    const told = (ids: (string | undefined)[]) => requestRoundTrip({ ...request, ops }, known, () => ids);
    expect(told(['p1', 'p2'])).toMatchObject({ ok: true });
    expect(told(['p2', 'p1'])).toEqual({ ok: false, error: { type: 'unknown_names' } });
    expect(told(['p1', undefined])).toEqual({ ok: false, error: { type: 'unknown_names' } });
    expect(told(['p1'])).toEqual({ ok: false, error: { type: 'unknown_names' } });
  });
});

describe('an answer', () => {
  const asked = { epoch: 'e1', head: request.head, cursors: request.cursors, ops: [] };
  const idle: SyncAnswer = {
    kind: 'ok',
    z: 1,
    epoch: 'e1',
    now: 1_764_000_000_500,
    head: [88_121, 'ab'.repeat(32)],
    acks: [],
    streams: ['reference', 'people'].map((stream) => ({
      stream,
      from: 88_121,
      to: 88_121,
      rows: [],
      gone: [],
      more: false
    })),
    revoked: [],
    durable: 0,
    minBuild: ''
  };

  function roundTrip(
    answer: SyncResponse,
    known?: Names,
    ids?: (wanted: readonly Name[]) => (string | undefined)[]
  ) {
    const packed = wire(packAnswer(answer, asked, known));
    if (!isPacked(packed)) throw new Error('not packed');
    const begun = unpackAnswer(packed, asked, budget);
    return begun.ok ? begun.value.finish(ids?.(begun.value.names) ?? []) : begun;
  }

  test('to a device that has everything is a few characters', () => {
    expect(roundTrip(idle)).toEqual({ ok: true, value: idle });
    expect(JSON.stringify(packAnswer(idle, asked)).length).toBeLessThan(50);
  });

  test('comes back whole, whatever it says', () => {
    const row = fc.record({
      e: fc.constantFrom('attendance', 'person', 'new_type'),
      k: fc.constantFrom('s1~p1', 's2~p2', 'p1', 'x'),
      seq: fc.nat(),
      by: word,
      at: fc.maxSafeInteger(),
      f: fc.dictionary(fc.constantFrom('status', 'at', 'later'), json)
    });
    const page = fc.record({
      stream: fc.constantFrom('reference', 'people'),
      from: fc.nat(),
      to: fc.nat(),
      rows: fc.array(row),
      gone: fc.array(fc.tuple(fc.constant('person'), fc.constant('p1'), fc.nat())),
      more: fc.boolean()
    });
    const answer = fc.record(
      {
        epoch: fc.constantFrom('e1', 'e2'),
        streams: fc.array(page),
        acks: fc.constantFrom<Acknowledgement[]>([], [{ o: 'applied', n: 1, seq: 5 }]),
        minBuild: fc.constantFrom('', '1'),
        ahead: fc.array(fc.record({ stream: fc.constantFrom('people', 'attendance'), rows: fc.array(row) })),
        later: json
      },
      { requiredKeys: ['epoch', 'streams', 'acks', 'minBuild'] }
    );
    fc.assert(
      fc.property(answer, fc.boolean(), (own, moved) => {
        const given: SyncAnswer = { ...idle, ...own, head: moved ? [9, 'x'] : idle.head };
        const { known, idsOf } = names({
          p1: { type: 'person', seq: 3, tag: 9 },
          s2: { type: 'session', seq: 4, tag: 9 }
        });
        expect(roundTrip(given, known, idsOf)).toEqual({ ok: true, value: wire(given) });
      }),
      { numRuns: 300 }
    );
  });

  describe('in parts', () => {
    const id = fc.constantFrom('p1', 'p2', 'p3', 's1', 's2');
    const person = fc.record({
      e: fc.constantFrom('person', 'session'),
      k: id,
      seq: fc.nat(40),
      by: word,
      at: fc.nat(),
      f: fc.dictionary(fc.constantFrom('surname', 'later'), json)
    });
    const mark = fc.record({
      e: fc.constant('attendance'),
      k: fc.tuple(id, id).map((ids) => ids.join('~')),
      seq: fc.nat(40),
      by: word,
      at: fc.nat(),
      f: fc.dictionary(fc.constantFrom('status', 'later'), json)
    });
    const part = fc.record({
      stream: fc.constantFrom('people', 'attendance'),
      rows: fc.array(fc.oneof(person, mark), { maxLength: 8 }),
      gone: fc.array(fc.tuple(fc.constant('person'), id, fc.nat(40)), { maxLength: 2 })
    });
    const frames = ['reference', 'people', 'attendance'].map((stream) => ({
      stream,
      from: 0,
      to: 40,
      rows: [],
      gone: [],
      more: false
    }));

    /** Names for ids, all of the same kind: the answer's own rows may stand for some, and the device knows the others. */
    const table: Readonly<Record<string, Name>> = {
      p1: { type: 'person', seq: 3, tag: tagOf('p1') },
      p2: { type: 'person', seq: 4, tag: -1 },
      s1: { type: 'session', seq: 5, tag: -1 }
    };

    const keyOf = (row: unknown): string => (row as { readonly k: string }).k;

    /** Records are not named by what brings them. */
    function textOf(
      parts: readonly { stream: string; rows: readonly unknown[]; gone: readonly unknown[] }[],
      known: Names,
      replaced: readonly (readonly [number, number, string])[] = []
    ): string {
      const texts = parts.map(({ stream, rows, gone }) => {
        const given = new Set(rows.map(keyOf));
        const others = new Map([...known].filter(([id]) => !given.has(id)));
        return packPart(stream, rows, gone, others).text;
      });
      const [before, after] = packAroundParts({ ...idle, streams: frames }, asked, new Map(), replaced);
      return before + texts.join('') + after;
    }

    function readText(text: string, ids: (wanted: readonly Name[]) => (string | undefined)[]) {
      const packed: unknown = JSON.parse(text);
      const begun = isPacked(packed) ? unpackAnswer(packed, asked, budget) : undefined;
      return begun?.ok === true ? begun.value.finish(ids(begun.value.names)) : begun;
    }

    test('comes back whole, whatever the parts hold', () => {
      fc.assert(
        fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
          const { known, idsOf } = names(table);
          // What a row of the answer says of a name goes before what the device has: here both say the same.
          const agreed = parts.map((one) => ({
            ...one,
            rows: one.rows.filter(({ e, k, seq }) =>
              Object.entries(table).every(([own, name]) => own === k || name.type !== e || name.seq !== seq)
            )
          }));
          const streams = frames.map((frame) => {
            const own = agreed.filter(({ stream }) => stream === frame.stream);
            return {
              ...frame,
              rows: own.flatMap(({ rows }) => rows),
              gone: own.flatMap(({ gone }) => gone)
            };
          });
          expect(readText(textOf(agreed, known), idsOf)).toEqual({
            ok: true,
            value: wire({ ...idle, streams })
          });
        }),
        { numRuns: 300 }
      );
    });

    const people = {
      stream: 'people',
      rows: [
        { e: 'person', k: 'p1', seq: 3, by: '', at: 1, f: {} },
        { e: 'person', k: 'p2', seq: 4, by: '', at: 1, f: {} }
      ],
      gone: []
    };
    const marks = {
      stream: 'attendance',
      rows: [
        { e: 'attendance', k: 's1~p1', seq: 8, by: '', at: 1, f: {} },
        { e: 'attendance', k: 's3~p2', seq: 9, by: '', at: 1, f: {} }
      ],
      gone: []
    };
    const keysIn = (read: ReturnType<typeof readText>): unknown =>
      read?.ok === true
        ? (read.value as SyncAnswer).streams.flatMap(({ rows }) => rows.map(({ k }) => k))
        : read;

    test('a name may stand for a record of the device, of the same answer, or one that is told beside it', () => {
      const { known } = names(table);
      const knows = (id: string) => (wanted: readonly Name[]) =>
        wanted.map(({ type }) => (type === 'session' ? id : undefined));
      const all = ['p1', 'p2', 's1~p1', 's3~p2'];
      expect(keysIn(readText(textOf([people, marks], known), knows('s1')))).toEqual(all);
      const { named } = packPart(marks.stream, marks.rows, marks.gone, known);
      const told = named.map((id, name) => [1, name, id] as const);
      expect(keysIn(readText(textOf([people, marks], known, told), () => []))).toEqual(all);
      const unknown = { ok: false, error: { type: 'unknown_names' } };
      expect(readText(textOf([people, marks], known), knows('s2'))).toEqual(unknown);
      expect(readText(textOf([marks, people], known), knows('s1'))).toEqual(unknown);
    });

    test('is not believed when a part belongs to no page, has another shape or unpacks to more than allowed', () => {
      const { known } = names({});
      const text = textOf([people, marks], known);
      const refused = { ok: false, error: { type: 'not_packed' } };
      const told = (from: string, to: string) => {
        expect(text).toContain(from);
        return readText(text.replace(from, to), () => []);
      };
      expect(told('["people",', '["nobody",')).toMatchObject(refused);
      expect(told('["people",', '["people",7,')).toMatchObject(refused);
      expect(told('"c":[[],', '"c":[7,')).toMatchObject(refused);
      expect(told('"c":[[],', '"c":[[["0",0,"p"]],')).toMatchObject(refused);
      expect(told('["rows","gone"]', '["rows","went"]')).toMatchObject(refused);
      const many = `,["people",[["x"],1,["o",[["rows","gone"]],0,["a",1000000,["=","a long text"]],["a",0,0]]]]`;
      const packed: unknown = JSON.parse(textOf([], known).replace('"c":[[]', `"c":[[]${many.repeat(9)}`));
      const begun = isPacked(packed) ? unpackAnswer(packed, asked, budget) : undefined;
      expect(begun?.ok === true ? begun.value.finish([]) : begun).toMatchObject(refused);
    });

    test('broken ones are told, never thrown and never endless', () => {
      const { known, idsOf } = names(table);
      const text = textOf([people, marks], known, [[1, 0, 's1']]);
      const from = text.indexOf('"c":');
      fc.assert(
        fc.property(
          fc.integer({ min: from, max: text.length - 1 }),
          fc.constantFrom('0', '9', '[', ']', '"', '-', '1e9', 'null', ''),
          (at, put) => {
            const broken = text.slice(0, at) + put + text.slice(at + 1);
            try {
              JSON.parse(broken);
            } catch {
              return;
            }
            readText(broken, idsOf);
          }
        ),
        { numRuns: 2_000 }
      );
    });

    test('is given to whoever knows parts, and to no older program', () => {
      const wants = (packed: unknown) => {
        const read = isPacked(packed) ? unpackRequest(packed, budget) : undefined;
        return read?.ok === true ? [read.value.named, read.value.inParts] : undefined;
      };
      expect(wants(packRequest(request))).toEqual([true, true]);
      expect(wants(packRequest(request, undefined, false))).toEqual([false, false]);
      const { z, p } = packRequest(request) as { readonly z: number; readonly p: readonly unknown[] };
      expect(wants({ z, p: p.slice(0, -1) })).toEqual([true, false]);
    });
  });

  test.each<SyncResponse>([
    { kind: 'epoch_changed', z: 1, epoch: 'e2', now: 1, restoredTo: 5 },
    { kind: 'gap', z: 1, epoch: 'e1', now: 1, from: 3, acks: [] },
    {
      kind: 'device_forked',
      z: 1,
      epoch: 'e1',
      now: 1,
      from: 3,
      newDevice: 'd',
      secret: 's',
      acks: [{ o: 'lost', n: 1, seq: 1 }]
    },
    { kind: 'slow_down', z: 1, after: 100 },
    { kind: 'sign_in', z: 1, reason: 'revoked' },
    { kind: 'upgrade', z: 1, minBuild: '' },
    { kind: 'bad_request', z: 1, detail: 'x' }
  ])('of another kind: $kind', (answer) => {
    expect(roundTrip(answer)).toEqual({ ok: true, value: answer });
  });
});
