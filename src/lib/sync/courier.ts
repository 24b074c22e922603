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
import type { AttachmentRow, DeviceDatabase } from '$lib/storage/database.ts';
import { requireState } from '$lib/storage/write.ts';
import { toOperations } from './request.ts';

/** So many bytes of photos go into one file, so that it can be sent on by a messenger; the others wait for the next one. */
const photosInFile = 15_000_000;

/** The file as text, with how many photos are in it and how many found no room. */
export interface MadeBundle {
  readonly text: string;
  readonly photos: number;
  readonly photosLeft: number;
}

/** What a bundle needs from outside. */
interface CourierTools {
  readonly now: () => number;
  readonly gzip: (text: string) => Promise<Uint8Array>;
}

/**
 * Everything that is not acknowledged, with its signatures and photos, as a file that only the centre can open. Reads only: it works
 * where nothing can be stored any more. Undefined = this device was never told the centre's key.
 */
export async function makeBundle(
  database: DeviceDatabase,
  { now, gzip }: CourierTools
): Promise<MadeBundle | undefined> {
  const state = await requireState(database);
  if (state.courier === undefined) return undefined;
  const waiting = await database.outbox.orderBy('n').toArray();
  const drawings = await database.attachments.where('state').equals('waiting').toArray();
  const { photos, left } = await photosThatFit(database);
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
    attachments: [...drawings, ...photos].map(({ sha256, mime, bytes }) => ({
      sha256,
      mime,
      bytes: base64url.encode(new Uint8Array(bytes))
    }))
  };
  const text = await new CompactEncrypt(await gzip(JSON.stringify(bundle)))
    .setProtectedHeader({ alg: bundleAlgorithm, enc: bundleEncryption })
    .encrypt(state.courier.encryption);
  return { text, photos: photos.length, photosLeft: left };
}

/** The photos that wait, oldest names first, as many as one file carries. */
async function photosThatFit(
  database: DeviceDatabase
): Promise<{ readonly photos: readonly AttachmentRow[]; readonly left: number }> {
  const waiting = await database.attachments.where('state').equals('to_upload').primaryKeys();
  const photos: AttachmentRow[] = [];
  let bytes = 0;
  for (const sha256 of waiting) {
    const row = await database.attachments.get(sha256);
    if (row === undefined || bytes + row.bytes.byteLength > photosInFile) continue;
    bytes += row.bytes.byteLength;
    photos.push(row);
  }
  return { photos, left: waiting.length - photos.length };
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
