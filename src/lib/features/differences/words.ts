import { formatDate } from '#domain/names/format.ts';
import { attendanceParts, attendanceStatuses } from '#domain/records/attendance.ts';
import { isRecordType, type RecordRow } from '#domain/records/registry.ts';
import type { Desk } from '$lib/features/office/index.ts';
import { statusWord } from '$lib/features/attendance/index.ts';
import { m } from '$lib/paraglide/messages.js';
import { personOfConflict } from './queries.ts';

/** Whom or what a difference is about, in the nominative. */
export function conflictName(desk: Desk, conflict: RecordRow<'conflict'>): string {
  const person = personOfConflict(conflict);
  if (person !== undefined) return desk.personName(person);
  const { targetType = '', target = '' } = conflict.values;
  if (!isRecordType(targetType)) return target;
  const values: Readonly<Record<string, unknown>> = desk.records.get(targetType, target)?.values ?? {};
  const name = values['title'] ?? values['name'];
  return typeof name === 'string' ? name : m.office_record();
}

/** Where it was: the event of a mark. */
export function conflictPlace(desk: Desk, conflict: RecordRow<'conflict'>): string {
  if (conflict.values.targetType !== 'attendance') return '';
  const session = desk.records.get('session', attendanceParts(conflict.values.target ?? '').session);
  const event =
    session?.values.event === undefined ? undefined : desk.records.get('event', session.values.event);
  return [
    event?.values.title,
    session?.values.date === undefined ? '' : formatDate(session.values.date, desk.language)
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
}

/** A value as a person reads it. */
export function valueWords(desk: Desk, conflict: RecordRow<'conflict'>, value: unknown): string {
  const { targetType, field = '' } = conflict.values;
  if (value === undefined || value === null || value === '') return m.office_empty_value();
  if (targetType === 'attendance' && field === 'status') {
    const status = attendanceStatuses.find((one) => one === value);
    if (status !== undefined) return statusWord(status);
  }
  if (typeof value === 'string') {
    if (field === 'settlement') return desk.settlementName(value) || value;
    if (field === 'organisation') return desk.organisationName(value) || value;
    if (field === 'date' || field === 'from') return formatDate(value, desk.language);
    return value;
  }
  if (typeof value === 'boolean') return value ? m.office_yes() : m.office_no();
  if (typeof value === 'number') return String(value);
  return JSON.stringify(value);
}
