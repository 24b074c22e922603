import { canonicalJson } from '../canonical-json.ts';
import type { RecordState, StreamPage, SyncAnswer } from '../protocol.ts';
import { wholeSecond } from '../whole-second.ts';
import { readIntegers, writeIntegers } from './integers.ts';
import { isInteger, NotPacked, type Reader } from './reader.ts';
import { sumOf } from './texts.ts';

/*
 * After a push most rows of an answer say to a device what it has just said itself. Such a row is an echo: an operation of
 * the very request was applied at the row's seq, and the row holds what one of its changes sets, and nothing else. In the
 * packed form it travels as the number of the change, counted over the whole request:
 *
 *   [sum, [page, how many, places in the page, numbers of changes, offset, times], …]
 *
 * Only the time of a row (`at`) is not known to the device: it is the operation's clock and the offset, cut down to the
 * second, and what is left over in `times`, mostly nothing. Without an offset (null) `times` are the times themselves: of a
 * device whose clock jumped all have the same. The sum is over the rows as the server holds them.
 */

/** An answer without its echoes, and these in short; undefined = there are none. */
interface WithoutEchoes {
  readonly answer: SyncAnswer;
  readonly echoes: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** A change of an operation that was applied: what the server says of its record, if nothing else is in it. */
interface Said extends Omit<RecordState, 'at' | 'f'> {
  /** The fields as JSON. */
  readonly fields: string;
  /** The operation's clock. */
  readonly w: number;
}

/** A record state has these and no others. */
const rowFields = 6;
/** Times beyond it are no times; sums of two that are not are exact. */
const latest = 2 ** 50;
const second = 1_000;

/** Takes the echoes of a request's operations out of its answer. `ops`: with full ids. */
export function takeEchoes(answer: SyncAnswer, ops: readonly unknown[]): WithoutEchoes {
  const said = saidBy(ops, answer.acks);
  const numbers = numbersBySeq(said);
  const texts: string[] = [];
  const echoes: unknown[] = [];
  const streams = answer.streams.map((page, index) => {
    // Whatever made the server begin anew, here it says everything.
    if (page.reset === true) return page;
    const taken = takeFrom(page, said, numbers, texts);
    if (taken.places.length === 0) return page;
    echoes.push([
      index,
      taken.places.length,
      writeIntegers(taken.places),
      writeIntegers(taken.numbers),
      ...writeTimes(taken.times)
    ]);
    return { ...page, rows: taken.rest };
  });
  if (echoes.length === 0) return { answer, echoes: undefined };
  return { answer: { ...answer, streams }, echoes: [sumOf(texts), ...echoes] };
}

interface Time {
  readonly at: number;
  readonly w: number;
}

/** What a page holds beside the echoes, and these. */
interface Taken {
  readonly rest: RecordState[];
  readonly places: number[];
  readonly numbers: number[];
  readonly times: Time[];
}

function takeFrom(
  { rows }: StreamPage,
  said: readonly (Said | undefined)[],
  numbers: ReadonlyMap<number, readonly number[]>,
  texts: string[]
): Taken {
  const taken: Taken = { rest: [], places: [], numbers: [], times: [] };
  for (const [place, row] of rows.entries()) {
    const number = numberOf(row, said, numbers);
    const one = number === undefined ? undefined : said[number];
    if (number === undefined || one === undefined) {
      taken.rest.push(row);
      continue;
    }
    const fields = canonicalJson(row.f);
    const isEcho =
      one.by === row.by &&
      one.fields === fields &&
      Object.keys(row).length === rowFields &&
      isTime(row.at) &&
      number > (taken.numbers.at(-1) ?? -1);
    if (!isEcho) {
      taken.rest.push(row);
      continue;
    }
    texts.push(textOf(row, fields));
    taken.places.push(place);
    taken.numbers.push(number);
    taken.times.push({ at: row.at, w: one.w });
  }
  return taken;
}

/** The change that brought a record to this seq; of two in one operation neither says all. */
function numberOf(
  { seq, e, k }: RecordState,
  said: readonly (Said | undefined)[],
  numbers: ReadonlyMap<number, readonly number[]>
): number | undefined {
  const own = numbers.get(seq)?.filter((number) => said[number]?.k === k && said[number]?.e === e);
  return own?.length === 1 ? own[0] : undefined;
}

/** Puts the echoes back into the pages of an answer to these operations; throws {@link NotPacked}. */
export function putEchoes(
  pages: readonly unknown[],
  packed: unknown,
  ops: readonly unknown[],
  acks: unknown,
  reader: Reader
): readonly unknown[] {
  const said = saidBy(ops, reader.list(acks));
  const [sum, ...echoes] = reader.list(packed);
  const texts: string[] = [];
  const whole = [...pages];
  let before = -1;
  for (const echo of echoes) {
    const [index, count, places, numbers, offset, times] = reader.list(echo);
    const page = reader.size(index);
    if (page <= before) throw new NotPacked('a page out of order');
    before = page;
    const amount = reader.size(count);
    if (amount > said.length) throw new NotPacked('more echoes than were said');
    const shift = offset === null ? undefined : reader.integer(offset);
    const rests = readIntegers(times, amount, reader);
    const rows = rising(readIntegers(numbers, amount, reader)).map((number, place) => {
      const one = said[number];
      if (one === undefined) throw new NotPacked('an echo of what was not said');
      const expected = shift === undefined ? 0 : wholeSecond(one.w + shift);
      const at = reader.integer(expected + (rests[place] ?? 0));
      const { e, k, seq, by, fields } = one;
      const text = textOf({ e, k, seq, by, at }, fields);
      reader.spend(text.length);
      texts.push(text);
      // As they would have come from the network.
      return { e, k, seq, by, at, f: JSON.parse(fields) as unknown };
    });
    whole[page] = putInto(whole[page], rows, rising(readIntegers(places, amount, reader)), reader);
  }
  if (sumOf(texts) !== sum) throw new NotPacked('other echoes than were meant');
  return whole;
}

function putInto(
  page: unknown,
  echoes: readonly unknown[],
  places: readonly number[],
  reader: Reader
): unknown {
  if (!isFields(page)) throw new NotPacked('echoes of no page');
  const others = reader.list(page['rows']);
  const rows: unknown[] = [];
  let taken = 0;
  for (const [index, place] of places.entries()) {
    while (rows.length < place) {
      if (taken === others.length) throw new NotPacked('an echo behind the end of its page');
      rows.push(others[taken++]);
    }
    rows.push(echoes[index]);
  }
  return { ...page, rows: [...rows, ...others.slice(taken)] };
}

/** Each larger than the one before, from 0 on: so none stands twice. */
function rising(numbers: readonly number[]): readonly number[] {
  for (const [index, number] of numbers.entries())
    if (number <= (numbers[index - 1] ?? -1)) throw new NotPacked('echoes out of order');
  return numbers;
}

/** The changes of a request by their numbers; undefined = it was not applied, or says nothing that a row could echo. */
function saidBy(ops: readonly unknown[], acks: readonly unknown[]): readonly (Said | undefined)[] {
  const runs = acks.filter(isAppliedRun);
  const said: (Said | undefined)[] = [];
  let at = 0;
  for (const op of ops) {
    if (!isFields(op) || !isList(op['ch'])) continue;
    const { n, w, by, ch } = op;
    // Both follow the numbers; where they do not, nothing is found and everything said.
    if (isInteger(n)) while (at < runs.length && lastOf(runs[at]) < n) at += 1;
    const run = runs[at];
    const seq = run !== undefined && isInteger(n) && run.n <= n ? run.seq + n - run.n : undefined;
    for (const change of ch)
      said.push(
        seq === undefined || !isTime(w) || typeof by !== 'string' ? undefined : saidIn(change, seq, by, w)
      );
  }
  return said;
}

function saidIn(change: unknown, seq: number, by: string, w: number): Said | undefined {
  if (!isFields(change)) return undefined;
  const { e, k, set } = change;
  if (typeof e !== 'string' || typeof k !== 'string' || !isFields(set)) return undefined;
  return { e, k, seq, by, fields: canonicalJson(withoutEmptied(set)), w };
}

interface Run {
  readonly n: number;
  readonly to?: number;
  readonly seq: number;
}

function isAppliedRun(ack: unknown): ack is Run {
  // A repeat was judged long ago.
  if (!isFields(ack) || ack['o'] !== 'applied' || ack['repeat'] !== undefined) return false;
  return isInteger(ack['n']) && isInteger(ack['seq']) && (ack['to'] === undefined || isInteger(ack['to']));
}

function lastOf(run: Run | undefined): number {
  return run === undefined ? 0 : (run.to ?? run.n);
}

function numbersBySeq(said: readonly (Said | undefined)[]): ReadonlyMap<number, readonly number[]> {
  const numbers = new Map<number, number[]>();
  for (const [number, one] of said.entries()) {
    if (one === undefined) continue;
    const own = numbers.get(one.seq);
    if (own === undefined) numbers.set(one.seq, [number]);
    else own.push(number);
  }
  return numbers;
}

/** What was emptied is in no row. */
function withoutEmptied(set: Fields): Fields {
  return Object.values(set).includes(null)
    ? Object.fromEntries(Object.entries(set).filter(([, value]) => value !== null))
    : set;
}

/** A row as both sides must hold it, with its fields as JSON. */
function textOf({ seq, at, by, e, k }: Omit<RecordState, 'f'>, fields: string): string {
  return [seq, at, by, e, k, fields].join(' ');
}

/** An offset and times, in the shorter way. */
function writeTimes(times: readonly Time[]): readonly [offset: number | null, times: unknown] {
  const offset = commonOffset(times);
  const rests = writeIntegers(times.map(({ at, w }) => at - wholeSecond(w + offset)));
  const plain = writeIntegers(times.map(({ at }) => at));
  return JSON.stringify(plain).length < JSON.stringify(rests).length ? [null, plain] : [offset, rests];
}

/** The offset that explains the longest run of times: an operation's clock and it, cut down to the second, are its row's time. */
function commonOffset(times: readonly Time[]): number {
  let best = { offset: 0, length: 0 };
  let least = -Infinity;
  let most = Infinity;
  let length = 0;
  for (const { at, w } of times) {
    const from = at - w;
    const fits = Math.max(least, from) <= Math.min(most, from + second - 1);
    least = fits ? Math.max(least, from) : from;
    most = fits ? Math.min(most, from + second - 1) : from + second - 1;
    length = fits ? length + 1 : 1;
    if (length > best.length) best = { offset: least, length };
  }
  return best.offset;
}

function isTime(value: unknown): value is number {
  return isInteger(value) && Math.abs(value) <= latest;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
