import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Settings } from './s3-store.ts';

/**
 * A small double of an S3-compatible store for tests: one bucket in memory. It checks the signature of every request
 * (Signature Version 4) and the hash of every body by itself, and lists in pages of two.
 */
export interface S3Double {
  readonly settings: S3Settings;
  readonly objects: Map<string, Buffer>;
  /** Answers the next requests with these statuses. */
  readonly failures: number[];
  close(): Promise<void>;
}

const region = 'ru-test-1';
const keyId = 'TESTKEY';
const secret = 'test secret + / with signs';
const pageSize = 2;
const emptyHash = createHash('sha256').update('').digest('hex');

export async function startS3Double(): Promise<S3Double> {
  const objects = new Map<string, Buffer>();
  const failures: number[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const url = new URL(request.url ?? '/', 'http://store');
      const status = failures.shift() ?? problemOf(request, url, body);
      const { pathname, searchParams } = url;
      const key = pathname.replace('/photos/', '');
      const isHere = pathname === '/photos' || pathname.startsWith('/photos/');
      if (status !== 200) response.writeHead(status).end(`<Error><Code>Refused${status}</Code></Error>`);
      else if (!isHere) response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>');
      else if (request.method === 'PUT') {
        objects.set(key, body);
        response.writeHead(200).end();
      } else if (request.method === 'DELETE') {
        objects.delete(key);
        response.writeHead(204).end();
      } else if (searchParams.get('list-type') === '2')
        response.end(listOf(objects, searchParams.get('continuation-token')));
      else if (objects.has(key)) response.end(objects.get(key));
      else response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    settings: { url: `http://127.0.0.1:${port}`, bucket: 'photos', region, keyId, secret },
    objects,
    failures,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** 200 = the signature is right and the body is what it names. */
function problemOf(request: IncomingMessage, url: URL, body: Buffer): number {
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? ''
    );
  const [, id, day = '', where, signed = '', signature] = found ?? [];
  if (id !== keyId || where !== region) return 403;
  const bodyHash = String(request.headers['x-amz-content-sha256']);
  const isNamed = bodyHash !== 'UNSIGNED-PAYLOAD';
  if (request.method === 'PUT' && !isNamed) return 400;
  if (isNamed && createHash('sha256').update(body).digest('hex') !== bodyHash) return 400;
  if (!isNamed && body.length > 0 && emptyHash !== bodyHash) return 400;
  const query = [...url.searchParams]
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .sort()
    .join('&');
  const headers = signed.split(';').map((name) => `${name}:${String(request.headers[name]).trim()}\n`);
  const path = url.pathname.split('/').map(escaped).join('/');
  const canonical = [request.method, path, query, headers.join(''), signed, bodyHash].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, sha256(canonical)].join('\n');
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (last, part) => createHmac('sha256', last).update(part).digest(),
    Buffer.from(`AWS4${secret}`)
  );
  return createHmac('sha256', key).update(text).digest('hex') === signature ? 200 : 403;
}

function listOf(objects: ReadonlyMap<string, Buffer>, token: string | null): string {
  const keys = [...objects.keys()].sort().filter((key) => token === null || key > token);
  const page = keys.slice(0, pageSize);
  const next = keys.length > pageSize ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  const contents = page.map(
    (key) => `<Contents><Key>${key}</Key><LastModified>2026-11-24T03:00:00.000Z</LastModified></Contents>`
  );
  return `<ListBucketResult>${contents.join('')}${next}</ListBucketResult>`;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const escaped = (text: string): string =>
  encodeURIComponent(decodeURIComponent(text)).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
  );
