import { attendanceParts } from '#domain/records/attendance.ts';
import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, Values } from '#domain/records/registry.ts';

/** Sessions of an event in their order. */
export function sessionsOf(records: RecordSet, event: string): readonly RecordRow<'session'>[] {
  return [...records.byParent('session', event)].sort(
    (left, right) =>
      (left.values.number ?? 0) - (right.values.number ?? 0) ||
      (left.values.date ?? '').localeCompare(right.values.date ?? '', 'en')
  );
}

export interface Invited {
  readonly person: string;
  readonly answer: Values<'attendance'>['answer'];
}

/** Everybody invited to any session of an event, once, with the answer given. */
export function invitedTo(records: RecordSet, event: string): readonly Invited[] {
  const invited = new Map<string, Invited>();
  for (const session of records.byParent('session', event)) {
    for (const row of records.byParent('attendance', session.id)) {
      if (row.values.expected !== true) continue;
      const { person } = attendanceParts(row.id);
      const answer = row.values.answer ?? invited.get(person)?.answer;
      invited.set(person, { person, answer });
    }
  }
  return [...invited.values()];
}
