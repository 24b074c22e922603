import type { Values } from '#domain/records/registry.ts';
import { m } from '$lib/paraglide/messages.js';

const words: Readonly<Record<string, () => string>> = {
  reported_period: m.office_problem_reported_period,
  rights_revoked: m.office_problem_rights_revoked,
  device_revoked: m.office_problem_device_revoked,
  internal: m.office_problem_internal,
  invalid: m.office_problem_invalid,
  forbidden: m.office_problem_forbidden,
  erased: m.office_problem_erased,
  too_large: m.office_problem_too_large,
  already_merged: m.office_problem_already_merged
};

/** Why a record was not applied; a reason of a newer program has a sentence of its own. */
export function problemReason(reason: string): string {
  return (words[reason] ?? m.office_problem_unknown)();
}

/** What became of it. */
export function problemState({ outcome, state = 'open' }: Values<'problem'>): string {
  switch (state) {
    case 'open':
      return outcome === 'held' ? m.office_problem_held() : m.office_problem_refused();
    case 'released':
      return m.office_problem_released();
    case 'replaced':
      return m.office_problem_replaced();
    case 'dismissed':
      return m.office_problem_was_dismissed();
  }
}
