import type { DeviceDatabase } from '$lib/storage/database.ts';
import { requireState } from '$lib/storage/write.ts';
import { noteSent } from './attachments.ts';

/** What the centre answered to a step of an upload. */
export interface UploadAnswer {
  readonly status: number;
  /** Bytes that the centre has; absent where it did not say. */
  readonly offset?: number;
  /** The end of the centre's log, where it has the whole file. */
  readonly seq?: number;
  /** Why it refused, as the centre's code. */
  readonly code?: string;
}

/** The three steps of a resumable upload. Each throws when there is no answer at all. */
export interface UploadTransport {
  readonly find: (sha256: string, secret: string) => Promise<UploadAnswer>;
  readonly begin: (
    file: { readonly sha256: string; readonly mime: string; readonly length: number },
    secret: string
  ) => Promise<UploadAnswer>;
  readonly send: (
    sha256: string,
    offset: number,
    bytes: ArrayBuffer,
    secret: string
  ) => Promise<UploadAnswer>;
}

/**
 * How a round of uploads ended: all that waited are delivered or refused; operations wait and go first; there is no
 * network; the centre keeps its space for records; it will take them later.
 */
export type UploadsResult = 'done' | 'operations_first' | 'no_network' | 'no_space' | 'later';

/** Sized to the link: bytes that go in one request. Lives as long as the page. */
export interface PartSize {
  bytes: number;
}

const smallestPart = 8_000;
export const firstPart = 32_000;
const largestPart = 1_000_000;
/** A link that carries a part in less time is offered a larger one. */
const quickMs = 4_000;

/** Nothing will make these bytes right, whoever sends them again. */
const finalCodes: ReadonlySet<string> = new Set(['unsafe_picture', 'too_large', 'media_type']);

/**
 * Sends the files that wait, each from the byte where it stopped. Operations that were written meanwhile go first. A file
 * that the centre refuses for good is kept with its state and refuses no operation.
 */
export async function sendUploads(
  database: DeviceDatabase,
  transport: UploadTransport,
  mono: () => number,
  size: PartSize
): Promise<UploadsResult> {
  const waiting = await database.attachments.where('state').equals('to_upload').primaryKeys();
  let result: UploadsResult = 'done';
  for (const sha256 of waiting) {
    const { secret } = await requireState(database);
    const row = await database.attachments.get(sha256);
    if (row?.state !== 'to_upload') continue;
    const { mime, bytes } = row;
    let outcome: FileOutcome;
    try {
      outcome = await sendOne({ database, transport, mono, size, secret }, { sha256, mime, bytes });
    } catch (error) {
      console.info('A file did not get through', error);
      size.bytes = Math.max(smallestPart, Math.floor(size.bytes / 2));
      return 'no_network';
    }
    if (typeof outcome === 'object') {
      await noteSent(database, sha256, 'delivered', outcome.deliveredAt);
      continue;
    }
    switch (outcome) {
      case 'refused':
        await noteSent(database, sha256, outcome);
        break;
      case 'later':
        // Another file may go: this one's operation is not there yet, or it must be begun anew.
        result = 'later';
        break;
      default:
        return outcome;
    }
  }
  return result;
}

type FileOutcome =
  { readonly deliveredAt: number | undefined } | 'refused' | 'later' | 'no_space' | 'operations_first';

interface Sending {
  readonly database: DeviceDatabase;
  readonly transport: UploadTransport;
  readonly mono: () => number;
  readonly size: PartSize;
  readonly secret: string;
}

async function sendOne(
  { database, transport, mono, size, secret }: Sending,
  { sha256, mime, bytes }: { readonly sha256: string; readonly mime: string; readonly bytes: ArrayBuffer }
): Promise<FileOutcome> {
  const length = bytes.byteLength;
  let answer = await transport.find(sha256, secret);
  if (answer.status === 404) answer = await transport.begin({ sha256, mime, length }, secret);
  /** Ends for lack of progress: an offset that was seen is not gone over again. */
  let furthest = -1;
  for (;;) {
    if (answer.status < 200 || answer.status >= 300) return refusal(answer);
    const offset = answer.offset ?? 0;
    if (offset >= length) return { deliveredAt: answer.seq };
    if (offset <= furthest) return 'later';
    furthest = offset;
    if ((await database.outbox.count()) > 0) return 'operations_first';
    const startedAt = mono();
    answer = await transport.send(sha256, offset, bytes.slice(offset, offset + size.bytes), secret);
    if (mono() - startedAt < quickMs) size.bytes = Math.min(largestPart, size.bytes * 2);
    // An answer was lost and the part had arrived: ask how far it is.
    if (answer.status === 409) answer = await transport.find(sha256, secret);
  }
}

function refusal({ status, code }: UploadAnswer): 'no_space' | 'refused' | 'later' {
  if (status === 507) return 'no_space';
  return code !== undefined && finalCodes.has(code) ? 'refused' : 'later';
}

/** The steps over `fetch`, as tus 1.0 words them. */
export function createUploadTransport(send: typeof fetch, timeoutMs: number): UploadTransport {
  const ask = async (
    path: string,
    method: string,
    secret: string,
    headers: Readonly<Record<string, string>>,
    body?: ArrayBuffer
  ): Promise<UploadAnswer> => {
    const response = await send(path, {
      method,
      headers: { 'tus-resumable': '1.0.0', authorization: `Bearer ${secret}`, ...headers },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body })
    });
    // A captive portal answers 200 to everything, and knows nothing of tus (I28).
    if (response.headers.get('tus-resumable') === null) return { status: 502 };
    const offset = response.headers.get('upload-offset');
    const seq = response.headers.get('zimnik-seq');
    const code = response.ok || method === 'HEAD' ? undefined : await codeOf(response);
    return {
      status: response.status,
      ...(offset === null ? {} : { offset: Number(offset) }),
      ...(seq === null ? {} : { seq: Number(seq) }),
      ...(code === undefined ? {} : { code })
    };
  };
  return {
    find: (sha256, secret) => ask(`/api/uploads/${sha256}`, 'HEAD', secret, {}),
    begin: ({ sha256, mime, length }, secret) =>
      ask('/api/uploads', 'POST', secret, {
        'upload-length': String(length),
        'upload-metadata': `sha256 ${btoa(sha256)},filetype ${btoa(mime)}`
      }),
    send: (sha256, offset, bytes, secret) =>
      ask(
        `/api/uploads/${sha256}`,
        'PATCH',
        secret,
        { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' },
        bytes
      )
  };
}

async function codeOf(response: Response): Promise<string | undefined> {
  const body: unknown = await response.json().catch(() => undefined);
  if (typeof body !== 'object' || body === null || !('error' in body)) return undefined;
  return typeof body.error === 'string' ? body.error : undefined;
}
