import { m } from '$lib/paraglide/messages.js';

/** What an invited person said. */
export function answerOptions() {
  return [
    { value: 'coming', label: m.office_coming() },
    { value: 'not_coming', label: m.office_not_coming() },
    { value: 'no_answer', label: m.office_no_answer() }
  ] as const;
}
