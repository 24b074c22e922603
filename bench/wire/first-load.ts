import { request as post } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { isPacked, NamedIds, packRequest, unpackAnswer } from '#domain/sync/codec.ts';
import { syncMediaType, syncResponseSchema } from '#domain/sync/protocol.ts';
import type { Credentials } from '#simulation/processes/enrol.ts';
import { emptyRequest } from './empty-request.ts';

/** What a new device was given. */
export interface Loaded {
  readonly records: number;
  readonly answers: number;
  /** Bytes of all answers as they travel. */
  readonly bytes: number;
  readonly largest: number;
  /** How many times it was sent away for a while. */
  readonly later: number;
}

const unpackBytes = promisify(gunzip);
const longestAnswer = 200_000_000;
const firstBytes = 200_000;
const mostBytes = 4_000_000;

/**
 * The exchanges of a new device that keeps what it receives in memory: as the program's runner asks on a quick link, for
 * more every time, or always for `bytes` of rows.
 */
export async function loadEverything(url: string, { id, secret }: Credentials, bytes = 0): Promise<Loaded> {
  const ids = new NamedIds();
  const stands = new Map<string, number>();
  let records = 0;
  let loaded = { answers: 0, bytes: 0, largest: 0, later: 0 };
  let request = emptyRequest(id, bytes === 0 ? firstBytes : bytes);
  for (;;) {
    const body = await exchange(url, secret, JSON.stringify(packRequest(request)));
    const json: unknown = JSON.parse((await unpackBytes(body).catch(() => body)).toString('utf8'));
    const begun = isPacked(json) ? unpackAnswer(json, request, longestAnswer) : undefined;
    if (begun?.ok === false) throw new Error(begun.error.type);
    const finished = begun?.value.finish(begun.value.names.map((name) => ids.idOf(name)));
    if (finished?.ok === false) throw new Error(finished.error.type);
    const answer = v.parse(syncResponseSchema, finished?.value ?? json);
    if (answer.kind === 'slow_down') {
      loaded = { ...loaded, later: loaded.later + 1 };
      await new Promise((resolve) => setTimeout(resolve, answer.after));
      continue;
    }
    if (answer.kind !== 'ok') throw new Error(JSON.stringify(answer).slice(0, 300));
    const { byteLength } = body;
    loaded = {
      ...loaded,
      answers: loaded.answers + 1,
      bytes: loaded.bytes + byteLength,
      largest: Math.max(loaded.largest, byteLength)
    };
    for (const { stream, rows, check } of answer.streams) {
      records += rows.length;
      if (check !== undefined) stands.set(stream, check[0]);
      for (const { e, k, seq } of rows) if (e === 'person' || e === 'session') ids.add(e, k, seq);
    }
    if (!answer.streams.some(({ more }) => more)) break;
    request = {
      ...request,
      epoch: answer.epoch,
      head: answer.head,
      cursors: Object.fromEntries(answer.streams.map(({ stream, to }) => [stream, to])),
      maxBytes: bytes === 0 ? Math.min(mostBytes, request.maxBytes * 2) : bytes
    };
  }
  const wanted = [...stands.values()].reduce((sum, count) => sum + count, 0);
  if (wanted !== records) throw new Error(`${records} records instead of ${wanted}`);
  return { ...loaded, records };
}

/** The answer's body as it travels. */
function exchange(url: string, secret: string, text: string): Promise<Buffer> {
  const headers = {
    'content-type': syncMediaType,
    'content-encoding': 'gzip',
    'accept-encoding': 'gzip',
    authorization: `Bearer ${secret}`
  };
  return new Promise((resolve, reject) => {
    const asked = post(`${url}/api/sync`, { method: 'POST', headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => resolve(Buffer.concat(parts)));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end(gzipSync(text));
  });
}
