import type { TakenReceipt } from '$lib/app/courier.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Tone } from '$lib/ui/tone.ts';

/** What is said about a receipt. */
export interface ReceiptWords {
  readonly tone: Tone;
  readonly text: string;
}

export function receiptWords(taken: TakenReceipt): ReceiptWords {
  switch (taken.type) {
    case 'settled':
      if (taken.settled === 0) return { tone: 'info', text: m.field_receipt_nothing() };
      return taken.refused === 0
        ? { tone: 'done', text: m.field_receipt_done({ count: taken.settled }) }
        : {
            tone: 'decide',
            text: m.field_receipt_refused({ count: taken.settled, refused: taken.refused })
          };
    case 'other_device':
      return { tone: 'decide', text: m.field_receipt_other_device() };
    case 'other_history':
      return { tone: 'waiting', text: m.field_receipt_other_history() };
    case 'overtaken':
      return { tone: 'waiting', text: m.field_receipt_overtaken() };
    case 'unreadable':
      return { tone: 'decide', text: m.field_receipt_unreadable() };
  }
}
