import { AwsClient } from 'aws4fetch';
import type { FileStore } from './file-store.ts';

export interface S3Settings {
  /** `https://s3.example.org`, without the bucket. */
  readonly url: string;
  readonly bucket: string;
  readonly region: string;
  readonly keyId: string;
  readonly secret: string;
}

/** What a store of photos did instead: its status with its own code, or nothing, and why. */
type StoreAnswer =
  | { readonly type: 'refused'; readonly answer: string; readonly method: string }
  | { readonly type: 'silent'; readonly reason: string };

/** A store that cannot be reached or does not do what it is asked, for a reason that may pass. */
export class StoreTrouble extends Error {
  readonly code = 'ESTORE';
  readonly did: StoreAnswer;

  constructor(did: StoreAnswer, options?: ErrorOptions) {
    super(
      did.type === 'refused'
        ? `the store answered ${did.answer} to ${did.method}`
        : `the store does not answer: ${did.reason}`,
      options
    );
    this.did = did;
  }
}

const prefix = 'files/';
const tries = 3;
const timeoutMs = 30_000;

/** A bucket of an S3-compatible store; addresses have the bucket in their path, which all of them understand. */
export function openS3Store({ url, bucket, region, keyId, secret }: S3Settings): FileStore {
  const client = new AwsClient({
    accessKeyId: keyId,
    secretAccessKey: secret,
    service: 's3',
    region,
    retries: 0
  });
  const base = `${url.replace(/\/$/, '')}/${bucket}`;

  async function ask(method: string, path: string, bytes?: Uint8Array, sha256?: string): Promise<Response> {
    let last = new StoreTrouble({ type: 'silent', reason: 'not asked' });
    for (let attempt = 1; attempt <= tries; attempt++) {
      try {
        const response = await client.fetch(`${base}${path}`, {
          method,
          signal: AbortSignal.timeout(timeoutMs),
          ...(bytes === undefined ? {} : { body: new Uint8Array(bytes) }),
          // The store compares it with what arrives.
          ...(sha256 === undefined ? {} : { headers: { 'x-amz-content-sha256': sha256 } })
        });
        if (response.status < 500) return response;
        last = new StoreTrouble({ type: 'refused', answer: String(response.status), method });
      } catch (error) {
        last = new StoreTrouble({ type: 'silent', reason: reasonOf(error) }, { cause: error });
      }
    }
    throw last;
  }

  async function expectDone(response: Response, method: string): Promise<void> {
    if (!response.ok) throw refusal(response, await codeIn(response), method);
  }

  /** False = the store has no such object. A bucket that is not there must never look like one that is empty. */
  async function isThere(response: Response, method: string): Promise<boolean> {
    if (response.ok) return true;
    const code = await codeIn(response);
    if (response.status === 404 && code !== 'NoSuchBucket') return false;
    throw refusal(response, code, method);
  }

  return {
    async read(sha256) {
      const response = await ask('GET', `/${prefix}${sha256}`);
      return (await isThere(response, 'GET')) ? new Uint8Array(await response.arrayBuffer()) : undefined;
    },
    async write(sha256, bytes) {
      await expectDone(await ask('PUT', `/${prefix}${sha256}`, bytes, sha256), 'PUT');
    },
    async remove(sha256) {
      await isThere(await ask('DELETE', `/${prefix}${sha256}`), 'DELETE');
    },
    async *list() {
      let token: string | undefined;
      do {
        const more = token === undefined ? '' : `&continuation-token=${encodeURIComponent(token)}`;
        const response = await ask('GET', `?list-type=2&prefix=${encodeURIComponent(prefix)}${more}`);
        await expectDone(response.clone(), 'GET');
        const xml = await response.text();
        for (const [, content = ''] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
          const sha256 = /<Key>files\/([0-9a-f]{64})<\/Key>/.exec(content)?.[1];
          const storedAt = Date.parse(/<LastModified>([^<]*)<\/LastModified>/.exec(content)?.[1] ?? '');
          if (sha256 !== undefined && !Number.isNaN(storedAt)) yield { sha256, storedAt };
        }
        token = /<NextContinuationToken>([^<]*)<\/NextContinuationToken>/.exec(xml)?.[1];
      } while (token !== undefined);
    },
    free: async () => undefined
  };
}

/** The store says in XML why: a wrong key, a bucket that is not there. */
async function codeIn(response: Response): Promise<string> {
  return /<Code>([^<]*)<\/Code>/.exec(await response.text())?.[1] ?? '';
}

function refusal({ status }: Response, code: string, method: string): StoreTrouble {
  return new StoreTrouble({ type: 'refused', answer: `${status} ${code}`, method });
}

/** `fetch` says only that it failed; what failed stands in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : error.message;
}
