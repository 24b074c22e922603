import type { Receipt } from '#domain/sync/bundle.ts';
import { ledger, type DeviceDatabase } from './database.ts';
import type { DeviceEnvironment } from './environment.ts';
import { noteDelivered } from './journal.ts';
import { settleAcknowledgements } from './settle.ts';
import { stateOf } from './write.ts';

export type ReceiptResult =
  | { readonly type: 'settled'; readonly settled: number; readonly refused: number }
  /** It is for another tablet. Nothing was touched. */
  | { readonly type: 'other_device' }
  /** The centre has been put back from a copy since, and may lack what it receipted. Nothing was touched. */
  | { readonly type: 'other_history' };

/**
 * Takes a proved receipt for what was carried to the centre as a file: it acknowledges as the answer of an exchange does
 * (I2, I4), and moves no cursor.
 */
export async function applyReceipt(
  database: DeviceDatabase,
  environment: DeviceEnvironment,
  receipt: Receipt
): Promise<ReceiptResult> {
  return database.writing(ledger(database), async (present) => {
    const state = stateOf(present);
    if (state.device !== receipt.device) return { type: 'other_device' };
    if (state.epoch !== receipt.epoch) return { type: 'other_history' };
    const { settled, refused } = await settleAcknowledgements(
      database,
      environment,
      receipt.acks,
      receipt.at
    );
    const entry = {
      at: environment.now(),
      sent: settled,
      received: 0,
      refused,
      result: 'delivered' as const,
      byFile: true as const
    };
    if (settled > 0) await database.meta.put({ ...state, journal: [...noteDelivered(state.journal, entry)] });
    return { type: 'settled', settled, refused };
  });
}
