import { unreachable } from '#domain/result.ts';
import type { AttendanceStatus } from '#domain/records/attendance.ts';
import { ageBandWord } from '$lib/features/people/index.ts';
import { m } from '$lib/paraglide/messages.js';
import type { SheetRow } from './queries.ts';

/** The word of a mark, the same everywhere. */
export function statusWord(status: AttendanceStatus): string {
  switch (status) {
    case 'present':
      return m.attendance_present();
    case 'late':
      return m.attendance_late();
    case 'left_early':
      return m.attendance_left_early();
    case 'excused':
      return m.attendance_excused();
    case 'absent':
      return m.attendance_absent();
    case 'none':
      return m.attendance_none();
    default:
      return unreachable(status);
  }
}

/** What tells a person from a namesake on the same sheet; empty where there is none, or nothing is known of them. */
export function apartWords({ namesake, ageBand, phone }: SheetRow): string {
  if (!namesake) return '';
  return [
    ageBand === undefined ? '' : m.field_apart_age({ band: ageBandWord(ageBand) }),
    phone === undefined ? '' : m.field_apart_phone({ tail: phone.slice(-4) })
  ]
    .filter((words) => words !== '')
    .join(' · ');
}
