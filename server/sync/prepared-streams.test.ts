import { afterEach, expect, test } from 'vitest';
import { aloneTag, isPacked, packAroundParts, tagOf, unpackAnswer, type Name } from '#domain/sync/codec.ts';
import type { RecordState, SyncAnswer, SyncRequest } from '#domain/sync/protocol.ts';
import type { PagePart } from './page-in-parts.ts';
import { PreparedStreams, type PreparedOptions } from './prepared-streams.ts';
import { enrol, openTestCentre, type TestCentre, type TestDevice } from './testing-centre.ts';

const open: TestCentre[] = [];
afterEach(async () => {
  for (const centre of open.splice(0)) await centre.close();
});

const small: PreparedOptions = { stretchBytes: () => 1_000, leastRecords: 5, mostBytes: 1_000_000 };

interface Scene {
  readonly centre: TestCentre;
  readonly prepared: PreparedStreams;
  readonly tablet: TestDevice;
  readonly desk: TestDevice;
}

/** A centre where a stretch holds some ten records. */
async function scene(prepared = new PreparedStreams(small)): Promise<Scene> {
  const centre = await openTestCentre({ prepared });
  open.push(centre);
  return {
    centre,
    prepared,
    tablet: await enrol(centre, 'tablet', 'field', 'u1'),
    desk: await enrol(centre, 'desk', 'coordinator', 'c1')
  };
}

const person = (number: number, surname = 'Тарлина') => ({
  e: 'person',
  k: `p${String(number).padStart(11, '0')}`,
  set: { surname, name: String(number) }
});
const mark = (number: number, status = 'present') => ({
  e: 'attendance',
  k: `${'s'.repeat(12)}~${person(number).k}`,
  set: { status, at: 1_764_000_000_000 + number }
});

async function writePeople(tablet: TestDevice, count: number, surname?: string): Promise<void> {
  await tablet.ok(
    Array.from({ length: count }, (_, number) => tablet.operation([person(number, surname)])),
    { cursors: {} }
  );
}

async function writeMarks(tablet: TestDevice, count: number): Promise<void> {
  await tablet.ok(
    Array.from({ length: count }, (_, number) => tablet.operation([mark(number)])),
    { cursors: {} }
  );
}

interface Load {
  /** Every row of every page, in order. */
  readonly rows: readonly RecordState[];
  readonly gone: number;
  readonly parts: readonly PagePart[];
  readonly answers: number;
  readonly cursors: Readonly<Record<string, number>>;
}

let newcomers = 0;

/** What a device gets that stands at these cursors and reads parts, as its program would read it. */
async function load(
  centre: TestCentre,
  given: { readonly maxBytes?: number; readonly cursors?: Readonly<Record<string, number>> } = {},
  had: readonly RecordState[] = []
): Promise<Load> {
  const device = await enrol(centre, `newcomer-${(newcomers += 1)}`, 'coordinator', 'c2');
  const rows: RecordState[] = [];
  const parts: PagePart[] = [];
  let gone = 0;
  let answers = 0;
  device.cursors = { ...given.cursors };
  for (;;) {
    const { maxBytes = 1_000_000 } = given;
    const request = device.request([], { maxBytes }) as unknown as SyncRequest;
    const answered = await centre.service.exchangeInParts(request, device.context);
    answers += 1;
    const answer = read(answered.response as SyncAnswer, answered.parts, request, [...had, ...rows]);
    parts.push(...answered.parts);
    device.epoch = answer.epoch;
    device.head = answer.head;
    for (const page of answer.streams) {
      device.cursors[page.stream] = page.to;
      rows.push(...page.rows);
      gone += page.gone.length;
    }
    if (!answer.streams.some(({ more }) => more))
      return { rows, gone, parts, answers, cursors: device.cursors };
  }
}

function read(
  response: SyncAnswer,
  parts: readonly PagePart[],
  request: SyncRequest,
  had: readonly RecordState[]
): SyncAnswer {
  expect(response.kind).toBe('ok');
  const replaced = parts.flatMap((part, number) =>
    part.replaced.map(([name, id]) => [number, name, id] as const)
  );
  const [before, after] = packAroundParts(response, request, new Map(), replaced);
  const json: unknown = JSON.parse(before + parts.map(({ text }) => text.toString()).join('') + after);
  const begun = isPacked(json) ? unpackAnswer(json, request, 10_000_000) : undefined;
  if (begun?.ok !== true) throw new Error('not packed');
  const finished = begun.value.finish(begun.value.names.map((name) => idOf(name, had)));
  if (!finished.ok) throw new Error(finished.error.type);
  return finished.value as SyncAnswer;
}

function idOf({ type, seq, tag }: Name, rows: readonly RecordState[]): string | undefined {
  return rows.findLast(
    (row) => row.e === type && row.seq === seq && (tag === aloneTag || tagOf(row.k) === tag)
  )?.k;
}

/** What a device gets that reads no parts. */
async function loadWhole(
  centre: TestCentre,
  cursors: Readonly<Record<string, number>> = {}
): Promise<readonly RecordState[]> {
  const device = await enrol(centre, `newcomer-${(newcomers += 1)}`, 'coordinator', 'c2');
  device.cursors = { ...cursors };
  const { streams } = await device.ok([], { maxBytes: 10_000_000 });
  return streams.flatMap(({ rows }) => rows);
}

function sorted(rows: readonly RecordState[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** Texts that others get too. */
function kept({ parts }: Load): readonly Buffer[] {
  return parts.filter((part) => part.kept).map(({ text }) => text);
}

test('the first new device has a large stream prepared, and every following one is given the very same texts', async () => {
  const { centre, tablet } = await scene();
  await writePeople(tablet, 60);
  const first = await load(centre);
  expect(kept(first).length).toBeGreaterThan(3);
  const second = await load(centre, { maxBytes: 2_500 });
  expect(kept(second)).toEqual(kept(first));
  expect(kept(second).every((text, index) => text === kept(first)[index])).toBe(true);
  expect(second.answers).toBeGreaterThan(2);
  for (const { rows } of [first, second]) expect(sorted(rows)).toEqual(sorted(await loadWhole(centre)));
});

test('one stretch is given however little is asked for, and no more of them than have room', async () => {
  const { centre, tablet } = await scene();
  await writePeople(tablet, 60);
  const tiny = await load(centre, { maxBytes: 1_000 });
  expect(tiny.answers).toBeGreaterThanOrEqual(kept(tiny).length);
  expect(sorted(tiny.rows)).toEqual(sorted(await loadWhole(centre)));
});

test('a record that changes leaves its stretch: that one is packed again, the others are not', async () => {
  const { centre, tablet } = await scene();
  await writePeople(tablet, 60);
  const before = kept(await load(centre));
  await tablet.ok([tablet.operation([person(12, 'Молданова')])]);
  const after = await load(centre);
  expect(sorted(after.rows)).toEqual(sorted(await loadWhole(centre)));
  expect(after.rows.filter(({ k }) => k === person(12).k)).toHaveLength(1);
  const again = kept(after).filter((text) => !before.includes(text));
  expect(again).toHaveLength(1);
});

test('a stretch of which little is left is cut anew, with those after it', async () => {
  const { centre, tablet } = await scene();
  await writePeople(tablet, 60);
  const before = kept(await load(centre));
  await tablet.ok(Array.from({ length: 8 }, (_, number) => tablet.operation([person(number, 'Вах')])));
  const after = await load(centre);
  expect(sorted(after.rows)).toEqual(sorted(await loadWhole(centre)));
  expect(kept(after).some((text) => before.includes(text))).toBe(false);
  expect(kept(await load(centre)).every((text) => kept(after).includes(text))).toBe(true);
});

test('what comes behind the last stretch is read for each, until it is worth a stretch', async () => {
  const { centre, tablet } = await scene();
  await writePeople(tablet, 60);
  const before = await load(centre);
  await tablet.ok([tablet.operation([person(100)])]);
  const one = await load(centre);
  expect(kept(one)).toEqual(kept(before));
  expect(one.parts.filter((part) => !part.kept)).toHaveLength(1);
  await tablet.ok(Array.from({ length: 30 }, (_, number) => tablet.operation([person(200 + number)])));
  const many = await load(centre);
  expect(kept(many).length).toBeGreaterThan(kept(before).length);
  for (const { rows } of [one, many]) expect(new Set(rows.map(({ k }) => k)).size).toBe(rows.length);
  expect(sorted(many.rows)).toEqual(sorted(await loadWhole(centre)));
});

test('erased words are in no answer and no longer in memory', async () => {
  const { centre, prepared, tablet, desk } = await scene();
  await writePeople(tablet, 60);
  await load(centre);
  await desk.ok([
    desk.operation([
      {
        e: 'erasure',
        k: person(12).k,
        set: { ground: 'withdrawal', requestedOn: '2026-11-20', request: '1' }
      }
    ])
  ]);
  expect(prepared.bytes).toBe(0);
  const after = await load(centre);
  expect(kept(after).length).toBeGreaterThan(3);
  expect(after.rows.find(({ k }) => k === person(12).k)?.f).not.toHaveProperty('surname');
  expect(sorted(after.rows)).toEqual(sorted(await loadWhole(centre)));
});

test('what was made from another history is not believed, though as many rows stand in the same place', async () => {
  const prepared = new PreparedStreams(small);
  const [one, other] = [await scene(prepared), await scene(prepared)];
  await writePeople(one.tablet, 60, 'Тарлина');
  await writePeople(other.tablet, 60, 'Молданова');
  await load(one.centre);
  const { rows } = await load(other.centre);
  expect(new Set(rows.map(({ f }) => f['surname']))).toEqual(new Set(['Молданова']));
  // An older end of the same history: what was made later is none of its beginnings.
  expect(sorted((await load(one.centre)).rows)).toEqual(sorted(await loadWhole(one.centre)));
});

test('marks call people by names that the same answer brings, and by ids where they have changed since', async () => {
  const { centre, tablet } = await scene();
  await writePeople(tablet, 60);
  await writeMarks(tablet, 60);
  const before = await load(centre);
  const marks = kept(before).filter((text) => text.includes('"attendance"'));
  expect(marks.length).toBeGreaterThan(3);
  // No mark brings the whole id of its person.
  expect(marks.some((text) => text.includes(person(7).k))).toBe(false);
  await tablet.ok([tablet.operation([person(7, 'Молданова')])]);
  const after = await load(centre);
  expect(kept(after).filter((text) => text.includes('"attendance"'))).toEqual(marks);
  expect(after.parts.flatMap(({ replaced }) => replaced.map(([, id]) => id))).toEqual([person(7).k]);
  expect(sorted(after.rows)).toEqual(sorted(await loadWhole(centre)));
});

test('marks that name more changed people than is worth telling are packed again', async () => {
  const { centre, tablet } = await scene();
  await writePeople(tablet, 220);
  await writeMarks(tablet, 60);
  const before = kept(await load(centre));
  await writePeople(tablet, 210, 'Вах');
  const after = await load(centre);
  expect(after.parts.flatMap(({ replaced }) => replaced)).toEqual([]);
  expect(kept(after).some((text) => before.includes(text))).toBe(false);
  expect(sorted(after.rows)).toEqual(sorted(await loadWhole(centre)));
});

test('a device in the midst of a load may stand anywhere', async () => {
  const { centre, tablet, desk } = await scene();
  await writePeople(tablet, 40);
  await writeMarks(tablet, 30);
  await desk.ok([desk.operation([{ ...person(3), set: { deletedAt: 1 } }])]);
  await load(centre);
  const all = (await load(centre)).rows;
  const head = Math.max(...all.map(({ seq }) => seq));
  for (let cursor = 0; cursor <= head; cursor += 1) {
    const cursors = { people: cursor, reference: cursor };
    const given = await load(centre, { cursors, maxBytes: 3_000 }, all);
    expect(sorted(given.rows), `from ${cursor}`).toEqual(sorted(await loadWhole(centre, cursors)));
  }
});

test('several askers at once share what is prepared', async () => {
  const { centre, tablet } = await scene();
  await writePeople(tablet, 60);
  await writeMarks(tablet, 60);
  const loads = await Promise.all(Array.from({ length: 6 }, () => load(centre)));
  const [first] = loads;
  const texts = new Set(loads.flatMap((given) => kept(given)));
  expect(texts.size).toBe(first === undefined ? 0 : kept(first).length);
  for (const { rows } of loads) expect(sorted(rows)).toEqual(sorted(await loadWhole(centre)));
});

test('writes while others load lead to nothing old', async () => {
  const { centre, tablet } = await scene();
  await writePeople(tablet, 60);
  await load(centre);
  for (let round = 0; round < 10; round += 1) {
    const writing = tablet.ok([
      tablet.operation([person(round * 5, `Вах${round}`)]),
      tablet.operation([mark(round)])
    ]);
    const loads = await Promise.all([load(centre), writing, load(centre, { maxBytes: 2_000 })]);
    for (const given of [loads[0], loads[2]]) {
      const latest = new Map(given.rows.map((row) => [`${row.e}/${row.k}`, row]));
      const missed = await load(centre, { cursors: given.cursors }, given.rows);
      for (const row of missed.rows) latest.set(`${row.e}/${row.k}`, row);
      expect(sorted([...latest.values()])).toEqual(sorted(await loadWhole(centre)));
    }
  }
});

test('no more is kept than may be, and what was not used for longest goes', async () => {
  const { centre, prepared, tablet } = await scene(new PreparedStreams({ ...small, mostBytes: 3_000 }));
  await writePeople(tablet, 120);
  for (let round = 0; round < 2; round += 1) {
    const { rows } = await load(centre);
    expect(prepared.bytes).toBeGreaterThan(0);
    expect(prepared.bytes).toBeLessThanOrEqual(3_000);
    expect(sorted(rows)).toEqual(sorted(await loadWhole(centre)));
  }
});

test('small streams and streams of one person are answered as they are', async () => {
  const { centre, tablet } = await scene(new PreparedStreams({ ...small, leastRecords: 30 }));
  await writePeople(tablet, 29);
  expect((await load(centre)).parts).toEqual([]);
  const texts = Array.from({ length: 40 }, (_, number) =>
    tablet.operation([{ e: 'confidential_text', k: `t${number}`, set: { author: 'u1', text: 'x' } }])
  );
  await tablet.ok(texts);
  const own = await enrol(centre, 'own', 'field', 'u1');
  const { response, parts } = await centre.service.exchangeInParts(own.request([]), own.context);
  expect(parts).toEqual([]);
  expect((response as SyncAnswer).streams.find(({ stream }) => stream === 'private/u1')?.rows).toHaveLength(
    40
  );
});
