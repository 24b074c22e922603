import { parseOperation, type ParsedOperation } from '#domain/sync/operation.ts';
import { isRecordType } from '#domain/records/registry.ts';
import { canonicalJson } from '#domain/sync/canonical-json.ts';
import { presentSchema, upcast, type Schema } from '#domain/sync/upcast.ts';
import type { Hashing } from './hashing.ts';

/** An element of a batch with its number and its fingerprint. */
export interface Incoming {
  readonly n: number;
  readonly parsed: ParsedOperation;
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
    const text = canonicalJson(raw, 'ep');
    return {
      n,
      parsed,
      raw: withEpoch(text, raw),
      length: text.length,
      fingerprint: hashing.hmac(key, text)
    };
  });
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

function numberOf(raw: unknown): unknown {
  return raw !== null && typeof raw === 'object' && 'n' in raw && typeof raw.n === 'number' ? raw.n : null;
}

/** Asks no further down than the limit, so that it cannot overflow the stack itself. */
function isDeeper(value: unknown, limit: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (limit === 0) return true;
  for (const item of Object.values(value)) if (isDeeper(item, limit - 1)) return true;
  return false;
}
