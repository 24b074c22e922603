import { wholeSecond } from '../whole-second.ts';
import { readIntegers, writeIntegers } from './integers.ts';
import { isInteger, NotPacked, type Reader } from './reader.ts';
import type { TextWriter } from './texts.ts';

/*
 * A column is a list of JSON values of one place (all `w` of a batch, all `status` of its marks), written by what it holds:
 *
 *   ['=', value]                    the same text, number, boolean or null everywhere
 *   ['i', integers]                 whole numbers
 *   ['r', back, integers]           whole numbers as differences from an earlier column (`base` of a change from its `n`)
 *   ['q', back, integers]           the same from an earlier column of which this one has only some members
 *   ['f', back], ['g', back]        an earlier one, of 'r' or of 'q', cut down to seconds (`at` of a mark from its `w`)
 *   ['s', integers]                 places in the message's texts
 *   ['~', column, …]                ids of the same number of parts: a column a part
 *   ['a', integers, column]         lists: their lengths, and one column of all their elements
 *   ['o', shapes, integers, …]      objects: lists of keys, which shape each has, and a column a key of each shape
 *   ['m', kinds, integers, …]       values of several kinds: which kind each is, and a column a kind
 *   ['v', values]                   anything else
 *
 * Nothing here knows a record type or a field, so unknown ones pass untouched (I24).
 */

const idSeparator = '~';
/** An earlier column of whole numbers is looked for among so many. */
const lookBack = 6;

type Numbers = (readonly number[])[];
type Fields = Readonly<Record<string, unknown>>;

function kindOf(value: unknown): string {
  if (isInteger(value)) return 'integer';
  if (typeof value === 'string') return `text${value.split(idSeparator).length}`;
  if (Array.isArray(value)) return 'list';
  return value !== null && typeof value === 'object' ? 'object' : 'other';
}

/** Writes the columns of one message. */
export class ColumnWriter {
  readonly #texts: TextWriter;
  readonly #numbers: Numbers = [];
  /** Columns around the objects that are being written, each with these objects' members only. */
  #around: Numbers = [];

  constructor(texts: TextWriter) {
    this.#texts = texts;
  }

  write(values: readonly unknown[]): unknown {
    const [first] = values;
    if (first === undefined) return 0;
    if (typeof first !== 'object' || first === null)
      if (values.every((value) => value === first)) return this.#same(first, values.length);
    const kinds = values.map(kindOf);
    const [kind = ''] = kinds;
    if (kinds.some((other) => other !== kind)) return this.#mixed(values, kinds);
    if (kind === 'integer') return this.#integers(values.filter(isInteger));
    if (kind === 'list') return this.#lists(values.filter(isList));
    if (kind === 'object') return this.#objects(values.filter(isFields));
    if (kind === 'other') return ['v', values];
    return this.#texted(values.filter((value) => typeof value === 'string'));
  }

  #same(value: unknown, count: number): unknown {
    if (isInteger(value)) this.#numbers.push(new Array<number>(count).fill(value));
    return ['=', value];
  }

  #integers(values: readonly number[]): unknown {
    let best: unknown = ['i', writeIntegers(values)];
    let length = JSON.stringify(best).length;
    for (const [tag, cut, columns] of [
      ['r', 'f', this.#numbers],
      ['q', 'g', this.#around]
    ] as const) {
      for (let back = 1; back <= Math.min(lookBack, columns.length); back++) {
        const earlier = columns.at(-back);
        if (earlier?.length !== values.length) continue;
        const differences = values.map((value, index) => value - (earlier[index] ?? 0));
        if (!differences.every(isInteger)) continue;
        const isCut = values.every((value, index) => value === wholeSecond(earlier[index] ?? 0));
        const written = isCut ? [cut, back] : [tag, back, writeIntegers(differences)];
        const size = JSON.stringify(written).length;
        if (size >= length) continue;
        best = written;
        length = size;
      }
    }
    this.#numbers.push(values);
    return best;
  }

  #texted(values: readonly string[]): unknown {
    const parts = values.map((value) => value.split(idSeparator));
    const count = parts[0]?.length ?? 1;
    if (count === 1) return ['s', writeIntegers(values.map((value) => this.#texts.place(value)))];
    const columns = Array.from({ length: count }, (_, index) => parts.map((own) => own[index] ?? ''));
    return ['~', ...columns.map((column) => this.write(column))];
  }

  #lists(values: readonly (readonly unknown[])[]): unknown {
    return ['a', writeIntegers(values.map((value) => value.length)), this.write(values.flat())];
  }

  #objects(values: readonly Fields[]): unknown {
    const shapes = new Map<string, { readonly keys: readonly string[]; readonly members: Fields[] }>();
    const order: number[] = [];
    const numbers = new Map<string, number>();
    for (const value of values) {
      const keys = Object.keys(value).filter((key) => value[key] !== undefined);
      const text = JSON.stringify(keys);
      const shape = shapes.get(text) ?? { keys, members: [] };
      if (shape.members.length === 0) {
        numbers.set(text, shapes.size);
        shapes.set(text, shape);
      }
      shape.members.push(value);
      order.push(numbers.get(text) ?? 0);
    }
    const all = [...shapes.values()];
    const around = this.#around;
    const beside = byShape(this.#numbers, order, all.length);
    const columns = all.flatMap(({ keys, members }, shape) => {
      this.#around = beside[shape] ?? [];
      return keys.map((key) => this.write(members.map((member) => member[key])));
    });
    this.#around = around;
    return ['o', all.map(({ keys }) => keys), writeIntegers(order), ...columns];
  }

  #mixed(values: readonly unknown[], kinds: readonly string[]): unknown {
    const present = [...new Set(kinds)];
    const columns = present.map((kind) => this.write(values.filter((_, index) => kinds[index] === kind)));
    return ['m', present.length, writeIntegers(kinds.map((kind) => present.indexOf(kind))), ...columns];
  }
}

/** Reads the columns of one message; throws {@link NotPacked}. */
export class ColumnReader {
  readonly #reader: Reader;
  readonly #texts: readonly string[];
  readonly #numbers: Numbers = [];
  #around: Numbers = [];

  constructor(reader: Reader, texts: readonly string[]) {
    this.#reader = reader;
    this.#texts = texts;
  }

  read(column: unknown, count: number): readonly unknown[] {
    if (count === 0) return [];
    return this.#reader.deeper(() => this.#column(this.#reader.list(column), count));
  }

  #column([tag, ...rest]: readonly unknown[], count: number): readonly unknown[] {
    const reader = this.#reader;
    reader.spend(count);
    switch (tag) {
      case '=':
        return this.#same(rest[0], count);
      case 'i':
        return this.#keep(readIntegers(rest[0], count, reader));
      case 'r':
      case 'q': {
        const earlier = (tag === 'r' ? this.#numbers : this.#around).at(-reader.size(rest[0]));
        if (earlier?.length !== count) throw new NotPacked('no such column before');
        const differences = readIntegers(rest[1], count, reader);
        return this.#keep(differences.map((value, index) => reader.integer(value + (earlier[index] ?? 0))));
      }
      case 'f':
      case 'g': {
        const earlier = (tag === 'f' ? this.#numbers : this.#around).at(-reader.size(rest[0]));
        if (earlier?.length !== count) throw new NotPacked('no such column before');
        return this.#keep(earlier.map((value) => reader.integer(wholeSecond(value))));
      }
      case 's':
        return readIntegers(rest[0], count, reader).map((place) => this.#text(place));
      case '~':
        return this.#ids(rest, count);
      case 'a':
        return this.#lists(rest, count);
      case 'o':
        return this.#objects(rest, count);
      case 'm':
        return this.#mixed(rest, count);
      case 'v':
        return reader.counted(reader.list(rest[0]), count);
      default:
        throw new NotPacked('an unknown column');
    }
  }

  #same(value: unknown, count: number): readonly unknown[] {
    if (typeof value === 'object' && value !== null) throw new NotPacked('a plain value was expected');
    if (typeof value === 'string') this.#reader.spend(value.length * count);
    const values = new Array<unknown>(count).fill(value);
    return isInteger(value) ? this.#keep(new Array<number>(count).fill(value)) : values;
  }

  #keep(values: readonly number[]): readonly number[] {
    this.#numbers.push(values);
    return values;
  }

  #text(place: number): string {
    const text = this.#texts[place];
    if (text === undefined) throw new NotPacked('no such text');
    this.#reader.spend(text.length);
    return text;
  }

  #ids(columns: readonly unknown[], count: number): readonly string[] {
    const parts = columns.map((column) => this.read(column, count).map((part) => this.#reader.text(part)));
    return Array.from({ length: count }, (_, index) => parts.map((own) => own[index]).join(idSeparator));
  }

  #lists([lengths, column]: readonly unknown[], count: number): readonly unknown[] {
    const sizes = readIntegers(lengths, count, this.#reader).map((size) => this.#reader.size(size));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    this.#reader.spend(total);
    const all = this.read(column, total);
    let from = 0;
    return sizes.map((size) => all.slice(from, (from += size)));
  }

  #objects([shapes, order, ...columns]: readonly unknown[], count: number): readonly unknown[] {
    const reader = this.#reader;
    const keys = reader.list(shapes).map((shape) => reader.list(shape).map((key) => reader.text(key)));
    const numbers = readIntegers(order, count, reader);
    const members = countEach(numbers, keys.length);
    let next = 0;
    const around = this.#around;
    reader.spend(lookBack * count);
    const beside = byShape(this.#numbers, numbers, keys.length);
    const read = keys.map((names, shape) => {
      this.#around = beside[shape] ?? [];
      return names.map((name) => {
        reader.spend(name.length * (members[shape] ?? 0));
        return this.read(columns[next++], members[shape] ?? 0);
      });
    });
    this.#around = around;
    const taken = keys.map(() => 0);
    return numbers.map((shape) => {
      const names = keys[shape];
      if (names === undefined) throw new NotPacked('no such shape');
      const own = taken[shape] ?? 0;
      taken[shape] = own + 1;
      return Object.fromEntries(names.map((name, index) => [name, read[shape]?.[index]?.[own]]));
    });
  }

  #mixed([kinds, order, ...columns]: readonly unknown[], count: number): readonly unknown[] {
    const numbers = readIntegers(order, count, this.#reader);
    const members = countEach(numbers, this.#reader.size(kinds));
    const read = columns.map((column, kind) => this.read(column, members[kind] ?? 0));
    const taken = columns.map(() => 0);
    return numbers.map((kind) => {
      const own = taken[kind];
      if (own === undefined) throw new NotPacked('no such kind');
      taken[kind] = own + 1;
      return read[kind]?.[own];
    });
  }
}

/** Of the last columns with a number for each object, the numbers of each shape's objects. */
function byShape(numbers: Numbers, order: readonly number[], shapes: number): readonly Numbers[] {
  if (shapes < 2) return [];
  const columns = numbers.slice(-lookBack).filter((column) => column.length === order.length);
  const apart = Array.from({ length: shapes }, () => columns.map((): number[] => []));
  for (const [index, shape] of order.entries())
    for (const [place, column] of columns.entries()) apart[shape]?.[place]?.push(column[index] ?? 0);
  return apart;
}

function countEach(numbers: readonly number[], kinds: number): readonly number[] {
  if (kinds > numbers.length) throw new NotPacked('more kinds than values');
  const counts = new Array<number>(kinds).fill(0);
  for (const number of numbers) counts[number] = (counts[number] ?? 0) + 1;
  return counts;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
