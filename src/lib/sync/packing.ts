import { isPacked, packRequest, unpackAnswer } from '#domain/sync/codec.ts';
import type { SyncRequest, SyncResponse } from '#domain/sync/protocol.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { isAnswerFor, requestAfter } from './next-page.ts';
import { idsOf, namesIn } from './record-names.ts';
import type { Credentials, Post, RawAnswer, Transport } from './transport.ts';

/** How requests travel: packed with names, packed with full ids, or as plain JSON, which every server understands. */
type Form = 'named' | 'packed' | 'plain';

/** The compact form of the exchange over one local database. */
interface Packing {
  readonly pack: (request: SyncRequest, form: Exclude<Form, 'plain'>) => Promise<unknown>;
  /** The plain answer; undefined = it cannot be read in this form. */
  readonly unpack: (json: unknown, request: SyncRequest) => Promise<unknown>;
}

/** What an answer may unpack to, in characters: a guard against nonsense, far above any page. */
const longestAnswer = 200_000_000;

function createPacking(database: DeviceDatabase): Packing {
  return {
    pack: async (request, form) =>
      packRequest(
        request,
        form === 'named' ? await namesIn(database, request.ops) : undefined,
        form === 'named'
      ),
    unpack: async (json, request) => {
      if (!isPacked(json)) return json;
      const begun = unpackAnswer(json, request, longestAnswer);
      if (!begun.ok) return undefined;
      const finished = begun.value.finish(await idsOf(database, begun.value.names));
      return finished.ok ? finished.value : undefined;
    }
  };
}

/** Names that were not known so often are given up until the program starts again. */
const lastingFrom = 3;

/** The next form to try when the other side does not understand one. */
const plainer: Readonly<Record<Form, Form | undefined>> = {
  named: 'packed',
  packed: 'plain',
  plain: undefined
};

/**
 * The exchange in the compact form; what the other side cannot read in it is sent again at once in the next plainer one.
 * While an answer is being stored, it asks for the page that comes after.
 * @param mono monotonic clock of this page, ms
 */
export function createPackedTransport(post: Post, database: DeviceDatabase, mono: () => number): Transport {
  const packing = createPacking(database);
  let form: Form = 'named';
  let misread = 0;
  let early: { readonly asked: SyncRequest; readonly reply: Promise<RawAnswer> } | undefined;
  let askAfter: (answer: SyncResponse) => void = () => undefined;

  async function send(request: SyncRequest, credentials: Credentials, sent: Form): Promise<RawAnswer> {
    return post(sent === 'plain' ? request : await packing.pack(request, sent), credentials);
  }

  async function transport(request: SyncRequest, credentials: Credentials): Promise<RawAnswer> {
    const ahead = early;
    early = undefined;
    const madeAt = mono();
    askAfter = (answer) => {
      const asked = requestAfter(request, answer, mono() - madeAt);
      if (asked === undefined) return;
      const reply = send(asked, credentials, form);
      // Whoever takes it hears of its failure; taken by nobody, it is not missed.
      reply.catch(() => undefined);
      early = { asked, reply };
    };
    if (ahead !== undefined && isAnswerFor(ahead.asked, request)) {
      // What came to wait meanwhile goes before another page.
      if (request.ops.length > 0) askAfter = () => undefined;
      const { json, ...raw } = await ahead.reply;
      const answer = await packing.unpack(json, ahead.asked);
      if (!isMisread(json, answer)) {
        const { now, clock } = ahead.asked;
        return { ...raw, json: answer, askedAhead: { now, clock } };
      }
    }
    let sent = form;
    for (;;) {
      const { json, ...raw } = await send(request, credentials, sent);
      const answer = await packing.unpack(json, request);
      const next = plainer[sent];
      if (next === undefined || !isMisread(json, answer)) return { ...raw, json: answer };
      sent = next;
      misread += 1;
      if (next === 'plain' || misread >= lastingFrom) form = next;
    }
  }

  return Object.assign(transport, { askAhead: (answer: SyncResponse) => askAfter(answer) });
}

/** The answer of a server that could not read this form, or one that cannot be read here. */
function isMisread(json: unknown, answer: unknown): boolean {
  if (json !== undefined && answer === undefined) return true;
  if (answer === null || typeof answer !== 'object' || !('kind' in answer) || !('z' in answer)) return false;
  return answer.z === 1 && (answer.kind === 'unknown_names' || answer.kind === 'bad_request');
}
