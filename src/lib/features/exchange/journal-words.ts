import { m } from '$lib/paraglide/messages.js';
import type { ExchangeEntry, ExchangeFailure, HistoryEvent } from '$lib/storage/database.ts';

const failures: Record<ExchangeFailure, () => string> = {
  no_network: m.field_journal_failed,
  foreign_answer: m.field_journal_foreign,
  unavailable: m.field_journal_unavailable,
  slow_down: m.field_journal_busy,
  sign_in: m.field_journal_sign_in,
  upgrade: m.field_journal_upgrade,
  refused: m.field_journal_not_understood
};

const events: Record<HistoryEvent, () => string> = {
  restored: m.field_journal_restored,
  gap: m.field_journal_gap,
  copied: m.field_journal_copied,
  reloaded: m.field_journal_reloaded
};

/** One exchange in plain words: what moved, or why nothing did and how many times. */
export function journalWords(entry: ExchangeEntry): string {
  if (entry.result === 'failed') {
    const why = failures[entry.reason ?? 'no_network']();
    const times = entry.times ?? 1;
    return [
      why,
      times > 1 ? m.field_journal_tries({ count: times }) : '',
      entry.id === undefined ? '' : m.field_journal_id({ id: entry.id })
    ]
      .filter((words) => words !== '')
      .join(', ');
  }
  if (entry.event !== undefined) return events[entry.event]();
  if (entry.sent + entry.received + entry.refused === 0) return m.field_journal_idle();
  const line = entry.byFile === true ? m.field_journal_file : m.field_journal_line;
  const moved = line({ sent: entry.sent, received: entry.received });
  return entry.refused === 0 ? moved : `${moved}, ${m.field_journal_refused({ count: entry.refused })}`;
}
