import { unreachable } from '#domain/result.ts';
import { m } from '$lib/paraglide/messages.js';
import type { NotAccepted, Waiting } from './queries.ts';

/** One line for an operation. */
export function operationWords(item: Waiting): string {
  const what = item.what === '' ? m.field_nameless() : item.what;
  const line = lineOf(item.type, what, item.what);
  return item.more === 0 ? line : `${line}, ${m.field_op_more({ count: item.more })}`;
}

/** Why an operation was not accepted, and what to do. */
export function reasonWords(reason: NotAccepted['reason']): string {
  switch (reason) {
    case 'invalid':
      return m.field_why_invalid();
    case 'forbidden':
      return m.field_why_forbidden();
    case 'erased':
      return m.field_why_erased();
    case 'too_large':
      return m.field_why_too_large();
    case 'already_merged':
      return m.field_why_already_merged();
    case 'reported_period':
      return m.field_why_reported_period();
    case 'rights_revoked':
      return m.field_why_rights_revoked();
    case 'device_revoked':
      return m.field_why_device_revoked();
    case 'internal':
      return m.field_why_internal();
    default:
      return unreachable(reason);
  }
}

function lineOf(type: string, participant: string, what: string): string {
  switch (type) {
    case 'attendance':
      return m.field_op_attendance({ what: participant });
    case 'person':
      return m.field_op_person({ what });
    case 'sheet':
      return m.field_op_sheet({ what });
    case 'consent':
      return m.field_op_consent({ what });
    case 'event':
      return m.field_op_event({ what });
    case 'consultation':
      return m.field_consultation_button();
    case 'photo':
      return m.photo_title();
    case 'response':
      return m.field_survey_button();
    default:
      return m.field_op_other();
  }
}
