import { fail, ok, type Result } from '#domain/result.ts';
import { ColumnReader, ColumnWriter } from './columns.ts';
import { NotPacked, Reader } from './reader.ts';
import { readTexts, TextWriter, type Name, type Names } from './texts.ts';

/** A list of JSON values in columns: [texts, how many, column]. */
export type PackedValues = readonly [texts: unknown, count: number, column: unknown];

const noNames: Names = new Map();

/** Packs JSON values; a text that has a name travels as its name. */
export function packValues(values: readonly unknown[], names: Names = noNames): PackedValues {
  return packNamed(values, names).packed;
}

/** The same, with the texts that travel as names, in the order in which a reader is given the names. */
export function packNamed(
  values: readonly unknown[],
  names: Names
): { readonly packed: PackedValues; readonly named: readonly string[] } {
  const texts = new TextWriter(names);
  const column = new ColumnWriter(texts).write(values);
  return { packed: [texts.finish(), values.length, column], named: texts.named };
}

export type UnpackFailure =
  /** No packed values at all. */
  | { readonly type: 'not_packed'; readonly detail: string }
  /** A name could not be resolved, or stands for another record than the sender meant. */
  | { readonly type: 'unknown_names' };

/** Packed values whose names wait to be resolved. */
export interface Unpacking {
  readonly names: readonly Name[];
  /** `ids`: one a name, undefined where nothing was found. */
  readonly finish: (ids: readonly (string | undefined)[]) => Result<readonly unknown[], UnpackFailure>;
}

/** Begins to unpack; `bounds`: how many characters the values may have as JSON, or a reader that several share. */
export function unpackValues(packed: unknown, bounds: number | Reader): Result<Unpacking, UnpackFailure> {
  return guarded(() => {
    const reader = typeof bounds === 'number' ? new Reader(bounds) : bounds;
    const [table, count, column] = reader.list(packed);
    const texts = readTexts(table, reader);
    const amount = reader.size(count);
    reader.spend(amount);
    const finish: Unpacking['finish'] = (ids) => {
      const given = guarded(() => ok(texts.resolve(ids)));
      if (!given.ok) return given;
      const known = given.value;
      if (known === undefined) return fail({ type: 'unknown_names' });
      return guarded(() => ok(new ColumnReader(reader, known).read(column, amount)));
    };
    return ok({ names: texts.names, finish });
  });
}

/** Runs what reads a packed message: {@link NotPacked} becomes a failure. */
export function guarded<Value>(body: () => Result<Value, UnpackFailure>): Result<Value, UnpackFailure> {
  try {
    return body();
  } catch (error) {
    if (error instanceof NotPacked) return fail({ type: 'not_packed', detail: error.message });
    throw error;
  }
}
