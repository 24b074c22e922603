import { unreachable } from '#domain/result.ts';
import type { AttendanceStatus } from '#domain/records/attendance.ts';
import { m } from '$lib/paraglide/messages.js';

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
