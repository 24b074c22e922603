import { base64url, CompactEncrypt, compactVerify } from 'jose';
import * as v from 'valibot';
import {
  bundleAlgorithm,
  bundleEncryption,
  receiptAlgorithm,
  receiptSchema,
  type Bundle,
  type CourierKeys,
  type Receipt
} from '#domain/sync/bundle.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { requireState } from '$lib/storage/write.ts';
import { toOperations } from './request.ts';

/** What a bundle needs from outside. */
interface CourierTools {
  readonly now: () => number;
  readonly gzip: (text: string) => Promise<Uint8Array>;
}

/**
 * Everything that is not acknowledged, with its signatures, as a file that only the centre can open. Reads only: it works
 * where nothing can be stored any more. Undefined = this device was never told the centre's key.
 */
export async function makeBundle(
  database: DeviceDatabase,
  { now, gzip }: CourierTools
): Promise<string | undefined> {
  const state = await requireState(database);
  if (state.courier === undefined) return undefined;
  const waiting = await database.outbox.orderBy('n').toArray();
  const drawings = await database.attachments.where('state').equals('waiting').toArray();
  const bundle: Bundle = {
    z: 1,
    kind: 'bundle',
    device: state.device,
    secret: state.secret,
    madeAt: now(),
    ...(state.offsetClock === undefined ? {} : { clock: state.offsetClock }),
    epoch: state.epoch,
    head: state.head,
    ops: toOperations(waiting, Infinity, state.expected, Infinity),
    attachments: drawings.map(({ sha256, mime, bytes }) => ({
      sha256,
      mime,
      bytes: base64url.encode(new Uint8Array(bytes))
    }))
  };
  return new CompactEncrypt(await gzip(JSON.stringify(bundle)))
    .setProtectedHeader({ alg: bundleAlgorithm, enc: bundleEncryption })
    .encrypt(state.courier.encryption);
}

/** Proves that a receipt is the centre's own. Undefined = it is damaged, another file, or of another centre. */
export async function openReceipt(text: string, keys: CourierKeys): Promise<Receipt | undefined> {
  try {
    const { payload } = await compactVerify(text.trim(), keys.signing, { algorithms: [receiptAlgorithm] });
    return v.parse(receiptSchema, JSON.parse(new TextDecoder().decode(payload)));
  } catch (error) {
    console.info('Not a receipt of this centre', error);
    return undefined;
  }
}
