import { isInteger, NotPacked, type Reader } from './reader.ts';

/*
 * A column of whole numbers is written as the shortest of
 *
 *   7                              the same everywhere
 *   [3, 1, 4, …]                   as they are
 *   ['d', first, steps]            steps from one to the next, in decimal; one number = always the same step
 *   ['k', column]                  a column of thousands: times to the second
 *   ['b', first, signed, text, …]  steps in letters of 6 bits: their lowest bits in the first text, and so on
 *
 * A roster's numbers, an evening's times and the order of names are mostly small steps. Long columns of steps that only
 * chance decides (seconds between two taps, who came in after whom) cannot be packed below their chance; decimal digits
 * and commas cost a third more than that after gzip, a text of letters a place next to nothing.
 */

/** 6 bits each. */
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const base = 64;
const valueOf: ReadonlyMap<string, number> = new Map([...letters].map((letter, value) => [letter, value]));
const thousand = 1_000;
/** Shorter columns gain nothing. */
const worthLetters = 64;
/** Above this, doubling a step for its sign would no longer be exact. */
const largestStep = 2 ** 50;

export function writeIntegers(values: readonly number[]): unknown {
  const [first] = values;
  if (first === undefined) return 0;
  if (values.every((value) => value === first)) return first;
  if (values.every((value) => value % thousand === 0))
    return ['k', writeIntegers(values.map((value) => value / thousand))];
  const steps = stepsOf(values);
  if (steps === undefined) return values;
  const even = steps.every((step) => step === steps[0]);
  if (even) return ['d', first, steps[0]];
  const lettered = inLetters(first, steps);
  if (lettered !== undefined) return lettered;
  return lengthOf(steps) < lengthOf(values) ? ['d', first, steps] : values;
}

/** The reverse of {@link writeIntegers} for a known count. */
export function readIntegers(column: unknown, count: number, reader: Reader): readonly number[] {
  reader.spend(count);
  if (isInteger(column)) return new Array<number>(count).fill(column);
  const list = reader.list(column);
  const [tag, first] = list;
  if (tag === 'k')
    return reader.deeper(() =>
      readIntegers(first, count, reader).map((value) => reader.integer(value * thousand))
    );
  if (tag !== 'd' && tag !== 'b') return reader.counted(list, count).map((value) => reader.integer(value));
  const steps =
    tag === 'd' ? decimalSteps(list[2], count - 1, reader) : letteredSteps(list, count - 1, reader);
  const values = [reader.integer(first)];
  for (let index = 1; index < count; index++)
    values.push(reader.integer((values[index - 1] ?? 0) + (steps(index - 1) ?? 0)));
  return values;
}

type Steps = (index: number) => number | undefined;

function decimalSteps(steps: unknown, count: number, reader: Reader): Steps {
  if (isInteger(steps)) return () => steps;
  const given = reader.counted(reader.list(steps), count);
  return (index) => reader.integer(given[index]);
}

function letteredSteps([, , signed, ...texts]: readonly unknown[], count: number, reader: Reader): Steps {
  const places = texts.map((text) => {
    const own = reader.text(text);
    if (own.length !== count) throw new NotPacked('a column of another length');
    reader.spend(count);
    return own;
  });
  return (index) => {
    let whole = 0;
    for (let place = places.length - 1; place >= 0; place--) {
      const value = valueOf.get(places[place]?.charAt(index) ?? '');
      if (value === undefined) throw new NotPacked('no such letter');
      whole = whole * base + value;
    }
    if (signed !== 1) return whole;
    return whole % 2 === 0 ? whole / 2 : -(whole + 1) / 2;
  };
}

/** Steps in letters; undefined = decimal digits are as short. */
function inLetters(first: number, steps: readonly number[]): unknown {
  if (steps.length < worthLetters || steps.some((step) => Math.abs(step) > largestStep)) return undefined;
  const signed = steps.some((step) => step < 0);
  const texts: string[] = [];
  let rest = signed ? steps.map((step) => (step < 0 ? -2 * step - 1 : 2 * step)) : steps;
  while (rest.some((whole) => whole > 0)) {
    texts.push(rest.map((whole) => letters.charAt(whole % base)).join(''));
    rest = rest.map((whole) => Math.floor(whole / base));
  }
  const bits = texts.reduce((sum, text) => sum + chance(countEach(text)), 0);
  return bits < bitsInDigits(steps) ? ['b', first, signed ? 1 : 0, ...texts] : undefined;
}

/** About how many bits gzip needs for these steps in decimal digits and commas. */
function bitsInDigits(steps: readonly number[]): number {
  // Few different steps repeat as whole words, with the comma after them.
  return Math.min(chance(countEach(steps.join())), chance(countEach(steps)) + 2 * steps.length);
}

function countEach(symbols: Iterable<unknown>): ReadonlyMap<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return counts;
}

/** Shannon's bits of a list whose members occur so often. */
function chance(counts: ReadonlyMap<unknown, number>): number {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  let bits = 0;
  for (const count of counts.values()) bits -= count * Math.log2(count / total);
  return bits;
}

function stepsOf(values: readonly number[]): readonly number[] | undefined {
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
  return steps.every(isInteger) ? steps : undefined;
}

/** Characters of the numbers as text. */
function lengthOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + String(value).length, 0);
}
