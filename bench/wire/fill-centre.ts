import * as v from 'valibot';
import { syncMediaType, syncResponseSchema, type SyncResponse } from '#domain/sync/protocol.ts';
import { streamsFor } from '#domain/sync/scope.ts';
import { centreId, randomBytes } from '#server/platform.ts';
import { newDevice } from '#server/sync/authenticate.ts';
import { ensureCentre } from '#server/sync/centre.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { Pokes } from '#server/sync/pokes.ts';
import { createSyncService } from '#server/sync/sync-service.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import type { AnyChange } from '$lib/storage/write.ts';
import { emptyRequest } from './empty-request.ts';

/** The tablet that wrote what a centre is filled with; it may go on: {@link exchangeAsWriter}. */
const writer = { id: 'writer', secret: 'secret-of-the-tablet-that-wrote' };

/** An exchange of that tablet; what is left out is empty. */
function requestOfWriter({
  epoch,
  maxBytes,
  ops = [],
  cursors = {}
}: {
  readonly epoch: string;
  readonly maxBytes: number;
  readonly ops?: readonly unknown[];
  readonly cursors?: Readonly<Record<string, number>>;
}) {
  return { ...emptyRequest(writer.id, maxBytes), epoch, pending: ops.length, ops, cursors };
}

/** That tablet's exchange with a running server. Throws when the answer is no `ok`. */
export async function exchangeAsWriter(
  url: string,
  asked: Parameters<typeof requestOfWriter>[0]
): Promise<Extract<SyncResponse, { kind: 'ok' }>> {
  const answer = await fetch(`${url}/api/sync`, {
    method: 'POST',
    headers: { 'content-type': syncMediaType, authorization: `Bearer ${writer.secret}` },
    body: JSON.stringify(requestOfWriter(asked))
  });
  const read = v.parse(syncResponseSchema, await answer.json());
  if (read.kind !== 'ok') throw new Error(`not answered: ${JSON.stringify(read).slice(0, 300)}`);
  return read;
}

/** Where a device stands that has received everything. */
export interface Place {
  readonly epoch: string;
  readonly head: [number, string];
  readonly cursors: readonly { readonly stream: string; readonly count: number; readonly sum: number }[];
}

/**
 * A centre's database with changes in it, written by one tablet, a change an operation, and codes that connect new ones of
 * the user `u2`. Gives where one of these would stand after it had received everything.
 */
export async function fillCentre(
  file: string,
  changes: Iterable<AnyChange>,
  codes: readonly string[]
): Promise<Place> {
  const storage = openSqliteStorage({ file });
  const base = { storage, centre: centreId, clock: Date.now, random: randomBytes, hashing: nodeHashing };
  const { epoch } = await ensureCentre(base);
  const createdAt = Date.now();
  await storage.withTransaction(async (tx) => {
    const secretHash = nodeHashing.sha256(writer.secret);
    await tx.putDevice(
      centreId,
      newDevice({ id: writer.id, secretHash, role: 'field', user: 'u1', name: '', createdAt })
    );
    for (const code of codes)
      await tx.putEnrolment(centreId, {
        codeHash: nodeHashing.sha256(code),
        role: 'field',
        user: 'u2',
        deviceName: 'Планшет',
        holderPhone: null,
        createdAt,
        expiresAt: createdAt + 86_400_000,
        usedAt: null,
        usedBy: null
      });
  });
  const service = createSyncService({ ...base, pokes: new Pokes() });
  let n = 0;
  for (const batch of slices(changes, 1_000)) {
    const ops = batch.map(({ type, id, set }, index) => {
      n += 1;
      // Taps fall anywhere within their second.
      const at = 'at' in set && typeof set.at === 'number' ? set.at + ((index * 7_919) % 1_000) : createdAt;
      return { n, w: at, c: 0, v: 1, by: 'u1', ch: [{ e: type, k: id, set, base: 0 }], ep: epoch };
    });
    const request = requestOfWriter({ epoch, ops, maxBytes: 1_000 });
    const answer = await service.exchange(request, { secret: writer.secret });
    if (answer.kind !== 'ok') throw new Error(`not taken: ${JSON.stringify(answer).slice(0, 300)}`);
  }
  const place = await storage.readSnapshot(async (snapshot) => {
    const centre = await snapshot.centre(centreId);
    const cursors = [];
    for (const stream of streamsFor({ role: 'field', user: 'u2', device: '' })) {
      const [count, sum] = await snapshot.streamSum(centreId, stream);
      cursors.push({ stream, count, sum });
    }
    return { epoch, head: [centre?.seq ?? 0, centre?.hash ?? ''] satisfies [number, string], cursors };
  });
  await storage.close();
  return place;
}

function* slices<Item>(items: Iterable<Item>, most: number): Generator<Item[]> {
  let slice: Item[] = [];
  for (const item of items) {
    slice.push(item);
    if (slice.length < most) continue;
    yield slice;
    slice = [];
  }
  if (slice.length > 0) yield slice;
}
