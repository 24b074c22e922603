import { fail, ok, type Result } from '#domain/result.ts';
import { putEchoes } from './codec/echoes.ts';
import { packHash, unpackHash } from './codec/heads.ts';
import { unpackParts, type Replaced } from './codec/parts.ts';
import { Reader } from './codec/reader.ts';
import type { Name, Names } from './codec/texts.ts';
import { guarded, packValues, unpackValues, type UnpackFailure, type Unpacking } from './codec/values.ts';
import type { SyncRequest, SyncResponse } from './protocol.ts';

/*
 * The compact form of one exchange, at the transport's edge only: outbox, retention, log, fingerprints and bundles hold
 * plain operations with full ids. A packed message has `p` beside `z:1`; without `p` it is plain JSON. A packed request
 * gets a packed answer.
 */

export { takeEchoes } from './codec/echoes.ts';
export { recordsIn, streamOfType } from './codec/nameable.ts';
export { NamedIds, nameKey } from './codec/named-ids.ts';
export { packPart, type PackedPart, type Replaced } from './codec/parts.ts';
export { aloneTag, tagOf, type Name, type Names } from './codec/texts.ts';
export type { UnpackFailure, Unpacking } from './codec/values.ts';

/** What the answer to a request need not repeat. */
export type Asked = Pick<SyncRequest, 'epoch' | 'head' | 'cursors'>;
/** What is needed to read the answer to a request. */
type Sent = Asked & Pick<SyncRequest, 'ops'>;

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

/** The answer is wanted with full ids. */
const fullIds = 1;
/** With names, and its large pages may travel in parts. A server that knows of none gives the answer in one piece. */
const inParts = 2;
/** What the request says may stand in the answer as echoes. A server that knows of none says it again. */
const withEchoes = 1;

/**
 * `{z:1, p:[fields in order, head, [streams, cursors], others, ops, how the answer is wanted, whether with echoes]}`; programs
 * without the last but one want names and know no parts, those without the last one know no echoes.
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
    named ? inParts : fullIds,
    // What could not be read with names is asked for in the plainest way.
    ...(named && ops.length > 0 ? [withEchoes] : [])
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
  /** Whether pages of the answer may travel in parts. */
  readonly inParts: boolean;
  /** Whether rows that only repeat an operation of the request may stand as echoes. */
  readonly withEchoes: boolean;
}

/** Unpacks a packed request; `budget` bounds the characters of its operations as JSON. */
export function unpackRequest(json: Packed, budget: number): Result<UnpackedRequest, UnpackFailure> {
  if (!Array.isArray(json.p)) return fail({ type: 'not_packed', detail: 'p' });
  const packed: readonly unknown[] = json.p;
  const known = requestFields.length;
  const [head, cursors, others, ops, wanted, echoed] = packed.slice(known);
  const way = {
    named: wanted !== fullIds,
    inParts: wanted === inParts,
    withEchoes: echoed === withEchoes
  };
  const plain: Fields = { ...(isFields(others) ? others : {}) };
  for (const [index, field] of requestFields.entries()) plain[field] = packed[index];
  plain['z'] = json.z;
  plain['head'] = head === 0 ? null : unpackHead(head);
  plain['cursors'] = unpackCursors(cursors);
  plain['ops'] = [];
  if (ops === 0) return ok({ plain, ops: undefined, ...way });
  const begun = unpackValues(ops, budget);
  return begun.ok ? ok({ plain, ops: begun.value, ...way }) : begun;
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
 * `s`; without it every stream stands where the request said. `echoes` were taken out of the answer.
 */
export function packAnswer(answer: SyncResponse, asked: Asked, names?: Names, echoes?: unknown): unknown {
  return { z: answer.z, p: packFields(answer, asked, names, echoes) };
}

/** The text of an answer whose pages travel in parts: the texts of the parts belong between these two. */
export function packAroundParts(
  answer: SyncResponse,
  asked: Asked,
  names: Names,
  replaced: readonly Replaced[],
  echoes?: unknown
): readonly [before: string, after: string] {
  const packed = { ...packFields(answer, asked, names, echoes), c: [replaced] };
  const text = JSON.stringify({ z: answer.z, p: packed });
  const end = ']}}';
  return [text.slice(0, -end.length), end];
}

function packFields(answer: SyncResponse, asked: Asked, names: Names | undefined, echoes: unknown): Fields {
  const packed: Fields = { ...answer };
  delete packed['z'];
  if (packed['epoch'] === asked.epoch) delete packed['epoch'];
  if (answer.kind === 'ok') {
    for (const [field, value] of Object.entries(usual))
      if (sameJson(packed[field], value)) delete packed[field];
    if (sameJson(answer.head, asked.head)) delete packed['head'];
    else packed['head'] = [answer.head[0], packHash(answer.head[1])];
    delete packed['streams'];
    if (answer.ahead !== undefined) packed['ahead'] = packValues(answer.ahead);
    const brings = echoes !== undefined || answer.streams.some(({ rows }) => rows.length > 0);
    if (brings || !sameJson(answer.streams, idlePages(asked.cursors)))
      packed['s'] = packValues(answer.streams, names);
    if (echoes !== undefined) packed['e'] = echoes;
  }
  return packed;
}

/** An answer whose pages wait for the names in them to be resolved. */
export interface UnpackedAnswer {
  readonly names: readonly Name[];
  /** The plain answer, for the protocol's schema to judge. */
  readonly finish: (ids: readonly (string | undefined)[]) => Result<unknown, UnpackFailure>;
}

/** Unpacks a packed answer to the request `asked`: to no other, for it may stand for parts of the answer. */
export function unpackAnswer(
  json: Packed,
  asked: Sent,
  budget: number
): Result<UnpackedAnswer, UnpackFailure> {
  if (!isFields(json.p)) return fail({ type: 'not_packed', detail: 'p' });
  const { s: pages, c: parts, e: echoes, head, ...rest } = json.p;
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
    if (echoes !== undefined) return fail({ type: 'not_packed', detail: 'echoes of no page' });
    if (isOk) plain['streams'] = idlePages(asked.cursors);
    return ok({ names: [], finish: () => ok(plain) });
  }
  const reader = new Reader(budget);
  const begun = unpackValues(pages, reader);
  if (!begun.ok) return begun;
  const begunParts = parts === undefined ? undefined : unpackParts(parts, reader);
  if (begunParts?.ok === false) return begunParts;
  const own = begun.value.names;
  return ok({
    names: begunParts === undefined ? own : [...own, ...begunParts.value.names],
    finish: (ids) => {
      const streams = begun.value.finish(ids.slice(0, own.length));
      if (!streams.ok) return streams;
      const said =
        echoes === undefined
          ? streams
          : guarded(() => ok(putEchoes(streams.value, echoes, asked.ops, plain['acks'], reader)));
      if (!said.ok) return said;
      const whole = begunParts?.value.finish(said.value, ids.slice(own.length)) ?? said;
      return whole.ok ? ok({ ...plain, streams: whole.value }) : whole;
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
