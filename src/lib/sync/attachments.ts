import type { DeviceDatabase } from '$lib/storage/database.ts';
import { requireState } from '$lib/storage/write.ts';

/** Strokes of a signature: small, so they go whole. */
const drawingType = 'image/svg+xml';

/** Sends one attachment; gives the HTTP status. Throws when there is no answer at all. */
export type AttachmentTransport = (attachment: {
  readonly sha256: string;
  readonly mime: string;
  readonly bytes: ArrayBuffer;
  readonly secret: string;
}) => Promise<number>;

/** Nothing will make these bytes right: broken, too large, of a wrong kind. Every other refusal may pass with time. */
const finalStatuses: readonly number[] = [400, 413, 415];

/**
 * Sends the attachments that wait, after the operations that name them. A refused one is kept with its state and never
 * refuses the operation; a lost network leaves the rest waiting. Returns how many still wait.
 */
export async function sendAttachments(
  database: DeviceDatabase,
  transport: AttachmentTransport,
  secret: string
): Promise<number> {
  const waiting = await database.attachments.where('state').equals('waiting').toArray();
  let left = waiting.length;
  for (const { sha256, mime, bytes } of waiting) {
    let status: number;
    try {
      status = await transport({ sha256, mime, bytes, secret });
    } catch {
      return left;
    }
    const state = outcome(status);
    if (state === 'waiting') continue;
    await noteSent(database, sha256, state);
    left -= 1;
  }
  return left;
}

function outcome(status: number): 'delivered' | 'refused' | 'waiting' {
  if (status >= 200 && status < 300) return 'delivered';
  return finalStatuses.includes(status) ? 'refused' : 'waiting';
}

/**
 * Notes how a file ended. A delivered one may be forgotten once a backup is past the end of the log of then, in the history
 * of then; `seq` is that end where the centre told it: others may have written since the last exchange, and a backup may
 * have been made before the file was whole.
 */
export async function noteSent(
  database: DeviceDatabase,
  sha256: string,
  state: 'delivered' | 'refused',
  seq = 0
): Promise<void> {
  await database.writing([database.attachments], (device) =>
    database.attachments.update(sha256, {
      state,
      sentAt: Math.max(seq, device?.head?.[0] ?? 0),
      sentOn: device?.serverNow ?? 0,
      sentEra: device?.cuts?.length ?? 0
    })
  );
}

/**
 * A centre that was put back may lack what it had been given: files that went to it before, and whose bytes are here, are
 * offered again. Returns the era that was looked at, so that it is looked at once.
 */
export async function offerFilesAgain(database: DeviceDatabase, lookedAt: number): Promise<number> {
  const { cuts = [] } = await requireState(database);
  if (cuts.length === lookedAt) return lookedAt;
  await database.writing([database.attachments], async () => {
    await database.attachments
      .where('state')
      .equals('delivered')
      .modify((row) => {
        if ((row.sentEra ?? 0) === cuts.length || row.bytes.byteLength === 0) return;
        row.state = row.mime === drawingType ? 'waiting' : 'to_upload';
      });
  });
  return cuts.length;
}

/** The transport over `fetch`. */
export function createAttachmentTransport(send: typeof fetch): AttachmentTransport {
  return async ({ sha256, mime, bytes, secret }) => {
    const response = await send(`/api/attachments/${sha256}`, {
      method: 'PUT',
      body: bytes,
      headers: { 'content-type': mime, authorization: `Bearer ${secret}` }
    });
    return response.status;
  };
}
