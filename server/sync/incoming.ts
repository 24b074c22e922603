import { parseOperation, type Change, type Operation, type ParsedOperation } from '#domain/sync/operation.ts';
import { isRecordType } from '#domain/records/registry.ts';
import { canonicalJson } from '#domain/sync/canonical-json.ts';
import { presentSchema, upcast, type Schema } from '#domain/sync/upcast.ts';
import type { Hashing } from './hashing.ts';

/** An element of a batch with its number and its fingerprint. */
export interface Incoming {
  readonly n: number;
  readonly parsed: ParsedOperation;
  /** The canonical JSON of each change of a parsed operation, where it is the very one that came. */
  readonly texts: readonly string[];
  /** As it came: JSON. */
  readonly raw: string;
  /** Characters of its JSON, without the epoch. */
  readonly length: number;
  /** HMAC of the operation as it came, without the epoch of its bases, hex. */
  readonly fingerprint: string;
}

/** Deeper values would overflow the stack of recursive code, and no record needs them. */
const maxDepth = 60;

/**
 * Reads the elements of a batch one by one, so that a bad one touches no other (I19). One whose number cannot be read
 * takes the place where it stands.
 */
export function readBatch(
  ops: readonly unknown[],
  lastN: number,
  key: Uint8Array,
  hashing: Hashing,
  schema: Schema = presentSchema
): readonly Incoming[] {
  let previous: number | undefined;
  return ops.map((given) => {
    const raw = isDeeper(given, maxDepth) ? { n: numberOf(given), deep: true } : given;
    const result = parseOperation(raw, schema.version);
    const parsed: ParsedOperation = result.ok
      ? boundedHole(newerWhenUnknown(upcasted(result.value, schema)), raw)
      : { kind: 'malformed', n: (previous ?? lastN) + 1, raw, detail: 'the number cannot be read' };
    const n =
      parsed.kind === 'lost' ? parsed.lost.n : parsed.kind === 'operation' ? parsed.operation.n : parsed.n;
    previous = parsed.kind === 'lost' ? Math.max(n, parsed.lost.to) : n;
    // The schema hands on a plain operation as it came, and nothing else.
    const operation =
      result.ok && result.value.kind === 'operation' && result.value.operation === raw
        ? result.value.operation
        : undefined;
    const texts = operation === undefined ? [] : operation.ch.map(changeText);
    const text = operation === undefined ? canonicalJson(raw, 'ep') : operationText(operation, texts);
    return {
      n,
      parsed,
      // An upcast may have put other changes in their places.
      texts: parsed.kind === 'operation' && parsed.operation === operation ? texts : [],
      raw: withEpoch(text, raw),
      length: text.length,
      fingerprint: hashing.hmac(key, text)
    };
  });
}

/*
 * The canonical JSON of an operation and of a change, written out: they are made for every operation. Ids and names of types hold
 * nothing that JSON escapes.
 */

function operationText({ by, c, n, v, w }: Operation, changes: readonly string[]): string {
  return `{"by":"${by}","c":${c},"ch":[${changes.join(',')}],"n":${n},"v":${v},"w":${w}}`;
}

function changeText({ base, e, k, set }: Change): string {
  return `{"base":${base},"e":"${e}","k":"${k}","set":${canonicalJson(set)}}`;
}

/** Nobody writes so much without an exchange; a longer one would only make the server count. */
const longestHole = 1_000_000;

/** A declared hole that cannot be one takes only its first number. */
function boundedHole(parsed: ParsedOperation, raw: unknown): ParsedOperation {
  if (parsed.kind !== 'lost') return parsed;
  const { n, to } = parsed.lost;
  if (to >= n && to - n < longestHole) return parsed;
  return { kind: 'malformed', n, raw, detail: 'to: not a hole' };
}

/** Everything is judged in the present shape; the raw form is kept in the log and fingerprinted. */
function upcasted(parsed: ParsedOperation, schema: Schema): ParsedOperation {
  if (parsed.kind !== 'operation') return parsed;
  const { operation } = parsed;
  if (operation.v === schema.version) return parsed;
  const ch = upcast(schema, operation.v, operation.ch);
  return ch === operation.ch ? parsed : { ...parsed, operation: { ...operation, ch: [...ch] } };
}

/** An unknown record type was written by a newer program, it is not wrong. */
function newerWhenUnknown(parsed: ParsedOperation): ParsedOperation {
  if (parsed.kind !== 'operation') return parsed;
  const known = parsed.operation.ch.every((change) => isRecordType(change.e));
  return known ? parsed : { kind: 'newer', n: parsed.operation.n };
}

/** The whole JSON out of that without the epoch: nothing is written twice. */
function withEpoch(text: string, raw: unknown): string {
  if (!hasEpoch(raw)) return text;
  const epoch = `{"ep":${canonicalJson(raw.ep)}`;
  return text === '{}' ? `${epoch}}` : `${epoch},${text.slice(1)}`;
}

function hasEpoch(raw: unknown): raw is { readonly ep: unknown } {
  return raw !== null && typeof raw === 'object' && !Array.isArray(raw) && Object.hasOwn(raw, 'ep');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object';
}

function numberOf(raw: unknown): unknown {
  return raw !== null && typeof raw === 'object' && 'n' in raw && typeof raw.n === 'number' ? raw.n : null;
}

/** Asks no further down than the limit, so that it cannot overflow the stack itself. */
function isDeeper(value: unknown, limit: number): boolean {
  if (!isObject(value)) return false;
  if (limit === 0) return true;
  for (const name in value) {
    const inner = value[name];
    if (typeof inner === 'object' && isDeeper(inner, limit - 1)) return true;
  }
  return false;
}
