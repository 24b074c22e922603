import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CompactSign, compactDecrypt } from 'jose';
import * as v from 'valibot';
import {
  bundleAlgorithm,
  bundleEncryption,
  bundleMediaType,
  bundleSchema,
  maxBundleLength,
  maxUnpackedBundle,
  receiptAlgorithm,
  type Bundle,
  type Receipt
} from '#domain/sync/bundle.ts';
import type { Acknowledgement } from '#domain/sync/protocol.ts';
import { fail, ok, type Result } from '#domain/result.ts';
import { courierKeysOf, type PrivateCourierKeys } from '#server/sync/courier-keys.ts';
import type { AppDeps } from './app-deps.ts';
import { errorAnswer } from './errors.ts';
import type { Handlers } from './mount-routes.ts';
import { readBody } from './request-body.ts';
import { drawingType, storeDrawing } from './store-drawing.ts';

const unpack = promisify(gunzip);

type CourierDeps = Pick<AppDeps, 'storage' | 'centre' | 'clock' | 'service' | 'files'>;

/** Work that a tablet could not send, brought in by hand as a file, and the receipt that is carried back to it. */
export function courierRoutes(deps: CourierDeps): Handlers<'GET /api/courier-keys' | 'POST /api/bundles'> {
  const keys = async (): Promise<PrivateCourierKeys> => {
    const centre = await deps.storage.readSnapshot((snapshot) => snapshot.centre(deps.centre));
    if (centre === undefined) throw new Error(`the centre ${deps.centre} was not made`);
    return courierKeysOf(centre.key);
  };
  return {
    'GET /api/courier-keys': async (c) =>
      c.json((await keys()).published, 200, { 'cache-control': 'no-store' }),
    'POST /api/bundles': async (c) => {
      const mediaType = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
      if (mediaType !== bundleMediaType) return errorAnswer(c, 'media_type', `send ${bundleMediaType}`);
      const body = await readBody(c.req.raw, maxBundleLength);
      if (!body.ok) return errorAnswer(c, body.error.type === 'too_large' ? 'too_large' : 'bad_request');
      const own = await keys();
      const bundle = await openBundle(body.value.trim(), own);
      if (!bundle.ok) return errorAnswer(c, bundle.error.type, bundle.error.detail);
      const taken = await deps.service.takeBundle(bundle.value);
      if (!taken.ok) return errorAnswer(c, taken.error.type);
      const { device, end, receipt } = taken.value;
      const stored = await storeAll(deps, bundle.value, device.id);
      return c.json(
        {
          device: { id: device.id, name: device.name, user: device.user },
          madeAt: bundle.value.madeAt,
          end,
          counts: countsOf(receipt.acks),
          attachments: { stored: stored.length, refused: bundle.value.attachments.length - stored.length },
          receipt: await sign({ ...receipt, files: stored }, own)
        },
        200,
        { 'cache-control': 'no-store' }
      );
    }
  };
}

async function openBundle(
  text: string,
  keys: PrivateCourierKeys
): Promise<Result<Bundle, { readonly type: 'foreign_bundle' | 'bad_request'; readonly detail: string }>> {
  let content: unknown;
  try {
    const { plaintext } = await compactDecrypt(text, keys.opening, {
      keyManagementAlgorithms: [bundleAlgorithm],
      contentEncryptionAlgorithms: [bundleEncryption]
    });
    const unpacked = await unpack(plaintext, { maxOutputLength: maxUnpackedBundle });
    content = JSON.parse(unpacked.toString('utf8'));
  } catch (error) {
    // Cut short, changed on the way, another file, another centre: nothing of it can be read.
    return fail({ type: 'foreign_bundle', detail: error instanceof Error ? error.message : '' });
  }
  const parsed = v.safeParse(bundleSchema, content);
  if (parsed.success) return ok(parsed.output);
  const issue = parsed.issues[0];
  const detail = `${v.getDotPath(issue) ?? 'file'}: ${issue.message}`.slice(0, 300);
  return fail({ type: 'bad_request', detail });
}

/** Stores signatures and pictures; a bad one harms no other and stays on the tablet. Returns those that are here now. */
async function storeAll(deps: CourierDeps, bundle: Bundle, device: string): Promise<string[]> {
  const stored: string[] = [];
  for (const { sha256, mime, bytes: text } of bundle.attachments) {
    const bytes = Buffer.from(text, 'base64');
    const result =
      mime === drawingType
        ? await storeDrawing(deps, sha256, bytes)
        : await deps.files.take(device, sha256, mime, bytes);
    if (result.ok) stored.push(sha256);
  }
  return stored;
}

/** How many operations came to what; those that the centre had before are `known`. */
function countsOf(acks: readonly Acknowledgement[]) {
  const counts = { taken: 0, known: 0, held: 0, refused: 0 };
  for (const ack of acks) {
    const many = (ack.to ?? ack.n) - ack.n + 1;
    if (ack.repeat === true) counts.known += many;
    else if (ack.o === 'held' || ack.o === 'refused') counts[ack.o] += many;
    else if (ack.o !== 'lost') counts.taken += many;
  }
  return counts;
}

function sign(receipt: Receipt, keys: PrivateCourierKeys): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(receipt)))
    .setProtectedHeader({ alg: receiptAlgorithm })
    .sign(keys.signing);
}
