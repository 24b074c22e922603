import { ok, type Result } from '#domain/result.ts';
import { NamedIds } from './named-ids.ts';
import { NotPacked, type Reader } from './reader.ts';
import type { Name, Names } from './texts.ts';
import { guarded, packNamed, unpackValues, type UnpackFailure, type Unpacking } from './values.ts';

/*
 * A page's rows may travel in parts, each packed for itself: then what was packed once serves every device that stands
 * before it. They follow the pages in the order of the streams, `[replaced, [stream, packed], …]`. A part may name any record
 * that its reader has, or gets before it in this very answer.
 */

/** A record by whose name a part was packed and that has changed since: its id stands here instead. */
export type Replaced = readonly [part: number, name: number, id: string];

export interface PackedPart {
  /** JSON, with the comma that stands before it. */
  readonly text: string;
  /** Ids of the records that it names, by the number of the name. */
  readonly named: readonly string[];
}

/** Packs a stretch of a stream. */
export function packPart(
  stream: string,
  rows: readonly unknown[],
  gone: readonly unknown[],
  names: Names
): PackedPart {
  const { packed, named } = packNamed([{ rows, gone }], names);
  return { text: `,${JSON.stringify([stream, packed])}`, named };
}

/** Parts whose names wait to be resolved. */
export interface UnpackedParts {
  readonly names: readonly Name[];
  /** Puts their rows into the pages. `ids`: as those of an {@link Unpacking}, for records that the reader has already. */
  readonly finish: (
    pages: readonly unknown[],
    ids: readonly (string | undefined)[]
  ) => Result<readonly unknown[], UnpackFailure>;
}

interface Part {
  readonly stream: string;
  readonly unpacking: Unpacking;
}

export function unpackParts(packed: unknown, reader: Reader): Result<UnpackedParts, UnpackFailure> {
  return guarded(() => {
    const [given, ...rest] = reader.list(packed);
    const replaced = readReplaced(given, reader);
    const parts: Part[] = [];
    for (const part of rest) {
      const [stream, values] = reader.list(part);
      const unpacking = unpackValues(values, reader);
      if (!unpacking.ok) return unpacking;
      parts.push({ stream: reader.text(stream), unpacking: unpacking.value });
    }
    return ok({
      names: parts.flatMap(({ unpacking }) => unpacking.names),
      finish: (pages, ids) => guarded(() => putIn(pages, parts, replaced, ids, reader))
    });
  });
}

function readReplaced(given: unknown, reader: Reader): ReadonlyMap<string, string> {
  return new Map(
    reader.list(given).map((one) => {
      const [part, name, id] = reader.list(one);
      return [`${reader.size(part)}/${reader.size(name)}`, reader.text(id)];
    })
  );
}

/** A page as far as it is looked at here: the protocol's schema judges the rest. */
interface OpenPage {
  readonly page: Readonly<Record<string, unknown>>;
  readonly rows: (readonly unknown[])[];
  readonly gone: (readonly unknown[])[];
}

function putIn(
  pages: readonly unknown[],
  parts: readonly Part[],
  replaced: ReadonlyMap<string, string>,
  ids: readonly (string | undefined)[],
  reader: Reader
): Result<readonly unknown[], UnpackFailure> {
  const open = pages.map((page): OpenPage => {
    const own = fieldsOf(page);
    return { page: own, rows: [reader.list(own['rows'])], gone: [reader.list(own['gone'])] };
  });
  const received = new Received(parts);
  for (const { rows } of open) for (const own of rows) received.add(own);
  let from = 0;
  for (const [number, { stream, unpacking }] of parts.entries()) {
    const target = open.find(({ page }) => page['stream'] === stream);
    if (target === undefined) throw new NotPacked('a part of no page');
    const own = unpacking.names.map(
      (name, index) => replaced.get(`${number}/${index}`) ?? received.idOf(name) ?? ids[from + index]
    );
    from += own.length;
    const values = unpacking.finish(own);
    if (!values.ok) return values;
    const { rows, gone } = fieldsOf(reader.counted(values.value, 1)[0]);
    received.add(reader.list(rows));
    target.rows.push(reader.list(rows));
    target.gone.push(reader.list(gone));
  }
  return ok(open.map(({ page, rows, gone }) => ({ ...page, rows: rows.flat(), gone: gone.flat() })));
}

/** What has come before in the same answer, for the names of what comes after it. */
class Received {
  readonly #types: ReadonlySet<string>;
  readonly #ids = new NamedIds();

  constructor(parts: readonly Part[]) {
    this.#types = new Set(parts.flatMap(({ unpacking }) => unpacking.names.map(({ type }) => type)));
  }

  add(rows: readonly unknown[]): void {
    for (const row of rows) {
      if (!isFields(row)) continue;
      const { e: type, k: id, seq } = row;
      if (typeof type !== 'string' || typeof id !== 'string' || typeof seq !== 'number') continue;
      if (!this.#types.has(type)) continue;
      this.#ids.add(type, id, seq);
    }
  }

  idOf(name: Name): string | undefined {
    return this.#ids.idOf(name);
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (!isFields(value)) throw new NotPacked('an object was expected');
  return value;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
