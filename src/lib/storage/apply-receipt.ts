import type { Receipt } from '#domain/sync/bundle.ts';
import { ledger, type DeviceDatabase, type DeviceState } from './database.ts';
import type { DeviceEnvironment } from './environment.ts';
import { noteDelivered } from './journal.ts';
import { RowsInHand } from './rows-in-hand.ts';
import { settleAcknowledgements } from './settle.ts';
import { stateOf } from './write.ts';

export type ReceiptResult =
  | { readonly type: 'settled'; readonly settled: number; readonly refused: number }
  /** It is for another tablet. Nothing was touched. */
  | { readonly type: 'other_device' }
  /** The centre has been put back from a copy since, and may lack what it receipted. Nothing was touched. */
  | { readonly type: 'other_history' }
  /** The tablet has exchanged since its file was made, and the centre may have been put back in between. Nothing was touched. */
  | { readonly type: 'overtaken' };

/**
 * Takes a proved receipt for what was carried to the centre as a file: it acknowledges as the answer of an exchange does
 * (I2, I4), and moves no cursor. As with an answer, the end of the log that it names goes to the centre with the next
 * exchange, and it counts only where the one that the file knew is still the last: a centre that was put back without a word
 * would else never be asked for what it lacks (I22).
 */
export async function applyReceipt(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  receipt: Receipt
): Promise<ReceiptResult> {
  const wiping = receipt.erased === undefined ? undefined : await import('./wipe.ts');
  const tables = [...ledger(database), database.attachments, database.drafts];
  return database.writing(tables, async (present) => {
    const state = stateOf(present);
    if (state.device !== receipt.device) return { type: 'other_device' };
    if (state.epoch !== receipt.epoch) return { type: 'other_history' };
    if (receipt.head === null) return { type: 'other_history' };
    await noteFiles(database, state, receipt.files ?? [], receipt.head[0], receipt.at);
    if (receipt.since?.[1] !== state.head?.[1])
      return (await isWaiting(database, receipt))
        ? { type: 'overtaken' }
        : { type: 'settled', settled: 0, refused: 0 };
    const hand = new RowsInHand(database);
    const { settled, refused } = await settleAcknowledgements(hand, environment, receipt.acks, receipt.at);
    await hand.write();
    // What is acknowledged here comes to the centre no more, which would tell of it.
    await wiping?.wipe(database, receipt.erased ?? []);
    const entry = {
      at: environment.now(),
      sent: settled,
      received: 0,
      refused,
      result: 'delivered' as const,
      byFile: true as const
    };
    if (settled > 0) {
      const journal = [...noteDelivered(state.journal, entry)];
      await database.meta.put({ ...state, head: receipt.head, journal });
    }
    return { type: 'settled', settled, refused };
  });
}

/** Files that the centre has now need not be sent. */
async function noteFiles(
  database: DeviceDatabase,
  { cuts = [] }: DeviceState,
  files: readonly string[],
  sentAt: number,
  sentOn: number
): Promise<void> {
  for (const sha256 of files) {
    const row = await database.attachments.get(sha256);
    if (row?.state === 'waiting' || row?.state === 'to_upload')
      await database.attachments.update(sha256, { state: 'delivered', sentAt, sentOn, sentEra: cuts.length });
  }
}

/** Whether anything that a receipt names is not acknowledged yet. */
async function isWaiting(database: DeviceDatabase, { acks }: Receipt): Promise<boolean> {
  const waiting = await database.outbox.toCollection().primaryKeys();
  return acks.some(({ n, to = n }) => waiting.some((own) => own >= n && own <= to));
}
