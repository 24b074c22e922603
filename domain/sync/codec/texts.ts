import { idBytes as idLength } from '#domain/ids.ts';
import { readIntegers, writeIntegers } from './integers.ts';
import { NotPacked, type Reader } from './reader.ts';

/** A record that the other side knows: its type and a seq at which it was changed, instead of its id. */
export interface Name {
  readonly type: string;
  readonly seq: number;
  /**
   * Tells apart the records that were changed together at this seq ({@link tagOf} of the id); {@link aloneTag} where
   * nothing else was.
   */
  readonly tag: number;
}

export type Names = ReadonlyMap<string, Name>;

/** Nothing else was changed at this seq. */
export const aloneTag = -1;

/** Stands between texts; a text that has it makes them travel as a list. */
const separator = '|';

/** FNV-1a over UTF-16 code units. */
function fnv(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}

/** 12 bits of an id. */
export function tagOf(id: string): number {
  const hash = fnv(id, 0x811c9dc5);
  return (hash ^ (hash >>> 12)) & 0xfff;
}

/** A sum over texts that the other side makes anew: with it a wrongly resolved name is noticed before anything is done. */
export function sumOf(texts: readonly string[]): string {
  const text = texts.join('\n');
  return `${fnv(text, 0x811c9dc5).toString(36)}.${fnv(text, 0x9747b28c).toString(36)}`;
}

/** So many names are put first, in the order of their seqs: then these are small steps. */
const manyNames = 32;

/** Every text of a message once, in the order of first use; those with a name travel as their name. */
export class TextWriter {
  readonly #names: Names;
  readonly #texts: string[] = [];
  readonly #places = new Map<string, number>();

  constructor(names: Names) {
    this.#names = names;
    if (names.size < manyNames) return;
    const inOrder = [...names].sort(([, left], [, right]) =>
      left.type < right.type ? -1 : left.type > right.type ? 1 : left.seq - right.seq
    );
    for (const [text] of inOrder) this.place(text);
  }

  place(text: string): number {
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.#texts.length;
      this.#texts.push(text);
      this.#places.set(text, place);
    }
    return place;
  }

  /** The texts that travel as names, in the order of the names. */
  get named(): readonly string[] {
    return this.#texts.filter((text) => this.#names.has(text));
  }

  finish(): unknown[] {
    const plain: string[] = [];
    const places: number[] = [];
    const names: Name[] = [];
    const ids: string[] = [];
    for (const [place, text] of this.#texts.entries()) {
      const name = this.#names.get(text);
      if (name === undefined) {
        plain.push(text);
        continue;
      }
      places.push(place);
      names.push(name);
      ids.push(text);
    }
    const texts = writeTexts(plain);
    if (names.length === 0) return [texts];
    const types = [...new Set(names.map((name) => name.type))];
    return [
      plain.length === 0 ? 0 : texts,
      types,
      names.length,
      writeIntegers(places),
      writeIntegers(names.map((name) => types.indexOf(name.type))),
      writeIntegers(names.map((name) => name.seq)),
      writeIntegers(names.map((name) => name.tag)),
      sumOf(ids)
    ];
  }
}

/** Ids that devices draw: many of them one after another need nothing between them. */
const id = new RegExp(`^[A-Za-z0-9_-]{${idLength}}$`);
const worthARun = 16;

/**
 * `'a|b|c'`; `[1, 'a|b', ['id id id …'], 'c']` where many ids stand one after another; `['a|', 'b']` where a text has the
 * separator.
 */
function writeTexts(texts: readonly string[]): unknown {
  if (texts.some((text) => text.includes(separator))) return texts;
  const segments: (string | [string])[] = [];
  let from = 0;
  for (let start = 0; start < texts.length;) {
    let end = start;
    while (end < texts.length && id.test(texts[end] ?? '')) end += 1;
    if (end - start < worthARun) {
      start = end + 1;
      continue;
    }
    if (start > from) segments.push(texts.slice(from, start).join(separator));
    segments.push([texts.slice(start, end).join('')]);
    from = end;
    start = end;
  }
  if (segments.length === 0) return texts.join(separator);
  if (from < texts.length) segments.push(texts.slice(from).join(separator));
  return [1, ...segments];
}

function readPlain(texts: unknown, reader: Reader): readonly string[] {
  if (texts === 0) return [];
  if (typeof texts === 'string') return texts.split(separator);
  const list = reader.list(texts);
  if (list[0] !== 1) return list.map((text) => reader.text(text));
  return list.slice(1).flatMap((segment) => {
    if (typeof segment === 'string') return segment.split(separator);
    const ids = reader.text(reader.list(segment)[0]);
    if (ids.length % idLength !== 0) throw new NotPacked('a piece of an id');
    return Array.from({ length: ids.length / idLength }, (_, index) =>
      ids.slice(index * idLength, (index + 1) * idLength)
    );
  });
}

/** The texts of a received message, once its names are resolved. */
export interface TextReader {
  readonly names: readonly Name[];
  /** Texts by place; undefined when an id is missing or another record was found under a name. */
  readonly resolve: (ids: readonly (string | undefined)[]) => readonly string[] | undefined;
}

export function readTexts(table: unknown, reader: Reader): TextReader {
  const [texts, types, count, places, typeNumbers, seqs, tags, sum] = reader.list(table);
  const plain = readPlain(texts, reader);
  if (types === undefined) return { names: [], resolve: () => plain };
  const amount = reader.size(count);
  const at = readIntegers(places, amount, reader);
  const known = reader.list(types).map((type) => reader.text(type));
  const kinds = readIntegers(typeNumbers, amount, reader);
  const numbers = readIntegers(seqs, amount, reader);
  const marks = readIntegers(tags, amount, reader);
  const names = at.map((_, index): Name => {
    const type = known[kinds[index] ?? -1];
    if (type === undefined) throw new NotPacked('a name of no type');
    return { type, seq: numbers[index] ?? 0, tag: marks[index] ?? 0 };
  });
  return {
    names,
    resolve: (ids) => {
      const found = ids.filter((id) => id !== undefined);
      if (found.length !== amount || sumOf(found) !== sum) return undefined;
      return merge(plain, at, found);
    }
  };
}

function merge(
  plain: readonly string[],
  places: readonly number[],
  ids: readonly string[]
): readonly string[] {
  const texts: string[] = [];
  let next = 0;
  for (let index = 0; texts.length < plain.length + ids.length; index++) {
    if (places[next] === index) texts.push(ids[next++] ?? '');
    else {
      const text = plain[index - next];
      if (text === undefined) throw new NotPacked('a place without a text');
      texts.push(text);
    }
  }
  return texts;
}
