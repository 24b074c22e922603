import { m } from '$lib/paraglide/messages.js';
import type { ExchangeEntry, ExchangeFailure } from '$lib/storage/database.ts';

const failures: Record<ExchangeFailure, () => string> = {
  no_network: m.field_journal_failed,
  foreign_answer: m.field_journal_foreign,
  slow_down: m.field_journal_busy,
  sign_in: m.field_journal_sign_in,
  upgrade: m.field_journal_upgrade,
  refused: m.field_journal_not_understood
};

/** One exchange in plain words: what moved, or why nothing did and how many times. */
export function journalWords(entry: ExchangeEntry): string {
  if (entry.result === 'failed') {
    const why = failures[entry.reason ?? 'no_network']();
    const times = entry.times ?? 1;
    return times > 1 ? `${why}, ${m.field_journal_tries({ count: times })}` : why;
  }
  if (entry.sent + entry.received + entry.refused === 0) return m.field_journal_idle();
  const line = entry.byFile === true ? m.field_journal_file : m.field_journal_line;
  const moved = line({ sent: entry.sent, received: entry.received });
  return entry.refused === 0 ? moved : `${moved}, ${m.field_journal_refused({ count: entry.refused })}`;
}
