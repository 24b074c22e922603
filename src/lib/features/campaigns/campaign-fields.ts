import type { FormField } from '$lib/features/record-form/index.ts';
import { m } from '$lib/paraglide/messages.js';

/** What may be changed once a survey runs: its questionnaire and its link stay. */
export function campaignFields(): readonly FormField[] {
  return [
    {
      key: 'title',
      label: m.office_campaign_title(),
      hint: m.office_campaign_title_hint(),
      kind: 'line',
      required: true
    },
    {
      key: 'description',
      label: m.office_campaign_description(),
      hint: m.office_campaign_description_hint(),
      kind: 'text'
    },
    { key: 'from', label: m.office_from(), kind: 'day', required: true },
    { key: 'to', label: m.office_to(), kind: 'day' },
    { key: 'asks', label: m.office_asks(), kind: 'line' },
    { key: 'contactName', label: m.office_contact_name(), kind: 'line' },
    { key: 'phone', label: m.office_phone(), kind: 'phone' },
    { key: 'resultsNote', label: m.office_results_note(), hint: m.office_results_note_hint(), kind: 'line' },
    { key: 'doneNote', label: m.office_done_note(), hint: m.office_done_note_hint(), kind: 'text' }
  ];
}
