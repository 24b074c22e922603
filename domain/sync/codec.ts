import { fail, ok, type Result } from '#domain/result.ts';
import { packHash, unpackHash } from './codec/heads.ts';
import type { Name, Names } from './codec/texts.ts';
import { packValues, unpackValues, type UnpackFailure, type Unpacking } from './codec/values.ts';
import type { SyncRequest, SyncResponse } from './protocol.ts';

/*
 * The compact form of one exchange, at the transport's edge only: outbox, retention, log, fingerprints and bundles hold
 * plain operations with full ids. A packed message has `p` beside `z:1`; without `p` it is plain JSON. A packed request
 * gets a packed answer.
 */

export { recordsIn, streamOfType } from './codec/nameable.ts';
export { aloneTag, tagOf, type Name, type Names } from './codec/texts.ts';
export type { UnpackFailure, Unpacking } from './codec/values.ts';

/** What the answer to a request need not repeat. */
export type Asked = Pick<SyncRequest, 'epoch' | 'head' | 'cursors'>;

type Fields = Record<string, unknown>;

/** A message with `p` is packed. */
export interface Packed {
  readonly z?: unknown;
  readonly p: unknown;
}

export function isPacked(json: unknown): json is Packed {
  return json !== null && typeof json === 'object' && !Array.isArray(json) && Object.hasOwn(json, 'p');
}

/** The order of the fields that every request has. */
const requestFields = [
  'device',
  'epoch',
  'build',
  'now',
  'clock',
  'oldestPending',
  'pending',
  'maxBytes'
] as const;

/**
 * `{z:1, p:[fields in order, head, [streams, cursors], others, ops]}`; a sixth element 1 after them asks for an answer with
 * full ids.
 */
export function packRequest(request: SyncRequest, names?: Names, named = true): unknown {
  const { z, ops, head, cursors, ...rest } = request;
  const others: Fields = { ...rest };
  const seqs = Object.values(cursors);
  for (const field of requestFields) delete others[field];
  const packed = [
    ...requestFields.map((field) => request[field]),
    head === null ? 0 : [head[0], packHash(head[1])],
    [Object.keys(cursors).join(' '), new Set(seqs).size === 1 ? seqs[0] : seqs],
    Object.keys(others).length === 0 ? 0 : others,
    ops.length === 0 ? 0 : packValues(ops, names),
    ...(named ? [] : [1])
  ];
  return { z, p: packed };
}

/** A request whose operations wait for the names in them to be resolved. `plain` is validated like any other request. */
export interface UnpackedRequest {
  readonly plain: Fields;
  /** Undefined = the request brings no operations. */
  readonly ops: Unpacking | undefined;
  /** Whether the answer may name records that the device has. */
  readonly named: boolean;
}

/** Unpacks a packed request; `budget` bounds the characters of its operations as JSON. */
export function unpackRequest(json: Packed, budget: number): Result<UnpackedRequest, UnpackFailure> {
  if (!Array.isArray(json.p)) return fail({ type: 'not_packed', detail: 'p' });
  const packed: readonly unknown[] = json.p;
  const known = requestFields.length;
  const [head, cursors, others, ops, fullIds] = packed.slice(known);
  const named = fullIds !== 1;
  const plain: Fields = { ...(isFields(others) ? others : {}) };
  for (const [index, field] of requestFields.entries()) plain[field] = packed[index];
  plain['z'] = json.z;
  plain['head'] = head === 0 ? null : unpackHead(head);
  plain['cursors'] = unpackCursors(cursors);
  plain['ops'] = [];
  if (ops === 0) return ok({ plain, ops: undefined, named });
  const begun = unpackValues(ops, budget);
  return begun.ok ? ok({ plain, ops: begun.value, named }) : begun;
}

function unpackHead(head: unknown): unknown {
  if (!Array.isArray(head)) return head;
  const pair: readonly unknown[] = head;
  const [seq, hash] = pair;
  return [seq, typeof hash === 'string' ? unpackHash(hash) : hash];
}

function unpackCursors(cursors: unknown): unknown {
  if (!Array.isArray(cursors)) return cursors;
  const pair: readonly unknown[] = cursors;
  const [names, values] = pair;
  if (typeof names !== 'string') return cursors;
  const streams = names === '' ? [] : names.split(' ');
  return Object.fromEntries(
    streams.map((stream, index) => [stream, Array.isArray(values) ? (values[index] as unknown) : values])
  );
}

/** What most answers say. */
const usual = { kind: 'ok', acks: [], revoked: [], minBuild: '' } as const;

/**
 * `{z:1, p:{…}}`: the answer without what the request has just said and what most answers say; pages in columns under
 * `s`, 1 = every stream stands where the request said.
 */
export function packAnswer(answer: SyncResponse, asked: Asked, names?: Names): unknown {
  const { z, ...rest } = answer;
  const packed: Fields = { ...rest };
  if (packed['epoch'] === asked.epoch) delete packed['epoch'];
  if (answer.kind === 'ok') {
    for (const [field, value] of Object.entries(usual))
      if (sameJson(packed[field], value)) delete packed[field];
    if (sameJson(answer.head, asked.head)) delete packed['head'];
    else packed['head'] = [answer.head[0], packHash(answer.head[1])];
    delete packed['streams'];
    if (answer.ahead !== undefined) packed['ahead'] = packValues(answer.ahead);
    if (!sameJson(answer.streams, idlePages(asked.cursors))) packed['s'] = packValues(answer.streams, names);
  }
  return { z, p: packed };
}

/** An answer whose pages wait for the names in them to be resolved. */
export interface UnpackedAnswer {
  readonly names: readonly Name[];
  /** The plain answer, for the protocol's schema to judge. */
  readonly finish: (ids: readonly (string | undefined)[]) => Result<unknown, UnpackFailure>;
}

/** Unpacks a packed answer to the request `asked`. */
export function unpackAnswer(
  json: Packed,
  asked: Asked,
  budget: number
): Result<UnpackedAnswer, UnpackFailure> {
  if (!isFields(json.p)) return fail({ type: 'not_packed', detail: 'p' });
  const { s: pages, head, ...rest } = json.p;
  const plain: Fields = { ...rest, z: json.z };
  const isOk = plain['kind'] === undefined;
  if (isOk) {
    for (const [field, value] of Object.entries(usual)) plain[field] ??= value;
    plain['head'] = head === undefined ? asked.head : unpackHead(head);
  }
  if (isOk && rest['ahead'] !== undefined) {
    const ahead = unpackAhead(rest['ahead'], budget);
    if (!ahead.ok) return ahead;
    plain['ahead'] = ahead.value;
  }
  if (withEpoch.has(String(plain['kind']))) plain['epoch'] ??= asked.epoch;
  if (pages === undefined) {
    if (isOk) plain['streams'] = idlePages(asked.cursors);
    return ok({ names: [], finish: () => ok(plain) });
  }
  const begun = unpackValues(pages, budget);
  if (!begun.ok) return begun;
  return ok({
    names: begun.value.names,
    finish: (ids) => {
      const streams = begun.value.finish(ids);
      return streams.ok ? ok({ ...plain, streams: streams.value }) : streams;
    }
  });
}

function unpackAhead(packed: unknown, budget: number): Result<unknown, UnpackFailure> {
  const begun = unpackValues(packed, budget);
  return begun.ok ? begun.value.finish([]) : begun;
}

const withEpoch: ReadonlySet<string> = new Set(['ok', 'epoch_changed', 'device_forked', 'gap']);

/** The pages of an answer to a device that has everything. */
function idlePages(cursors: Readonly<Record<string, number>>): readonly unknown[] {
  return Object.entries(cursors).map(([stream, cursor]) => ({
    stream,
    from: cursor,
    to: cursor,
    rows: [],
    gone: [],
    more: false
  }));
}

function sameJson(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
