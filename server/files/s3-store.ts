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

/** A store that cannot be reached or does not do what it is asked, for a reason that may pass. */
class StoreTrouble extends Error {
  readonly code = 'ESTORE';
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
    let last: unknown;
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
        last = new StoreTrouble(`the store answered ${response.status} to ${method}`);
      } catch (error) {
        last = error;
      }
    }
    throw last instanceof Error ? last : new StoreTrouble(String(last));
  }

  async function expectDone(response: Response, method: string): Promise<void> {
    if (response.ok) return;
    // The store says in XML why: a wrong key, a bucket that is not there.
    const says = /<Code>([^<]*)<\/Code>/.exec(await response.text())?.[1] ?? '';
    throw new StoreTrouble(`the store answered ${response.status} ${says} to ${method}`);
  }

  return {
    async read(sha256) {
      const response = await ask('GET', `/${prefix}${sha256}`);
      if (response.status === 404) return undefined;
      await expectDone(response.clone(), 'GET');
      return new Uint8Array(await response.arrayBuffer());
    },
    async write(sha256, bytes) {
      await expectDone(await ask('PUT', `/${prefix}${sha256}`, bytes, sha256), 'PUT');
    },
    async remove(sha256) {
      const response = await ask('DELETE', `/${prefix}${sha256}`);
      if (response.status !== 404) await expectDone(response, 'DELETE');
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
