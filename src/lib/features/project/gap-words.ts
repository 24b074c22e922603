import type { ReportGap } from '#domain/indicators/report-gaps.ts';
import { m } from '$lib/paraglide/messages.js';

/** What an event still lacks for the report. */
export function gapWords(gap: ReportGap): string {
  switch (gap.type) {
    case 'no_session':
      return m.office_gap_no_session();
    case 'not_marked_held':
      return m.office_gap_not_held();
    case 'no_sheet':
      return m.office_gap_no_sheet();
    case 'sheet_open':
      return m.office_gap_sheet_open();
    case 'not_reviewed':
      return m.office_gap_not_reviewed();
    case 'changed_after_review':
      return m.office_gap_changed();
    case 'returned':
      return m.office_gap_returned();
    case 'paper_differs':
      return m.sheet_paper_differs({ app: gap.inApp, paper: gap.onPaper });
    case 'consents_missing':
      return m.sheet_without_consent({ count: gap.missing });
  }
}
