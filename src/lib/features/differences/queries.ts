import { attendanceParts } from '#domain/records/attendance.ts';
import type { LosingValue } from '#domain/records/conflict.ts';
import type { RecordSet } from '#domain/records/record-set.ts';
import { isRecordType, type RecordRow } from '#domain/records/registry.ts';

/** One version of a contested value. */
export interface Version {
  readonly value: unknown;
  readonly by: string;
  readonly device: string;
  /** Corrected time, UTC ms. */
  readonly at: number;
  /** The clock of its device had jumped: the time is not certain. */
  readonly suspect: boolean;
  readonly stands: boolean;
}

/** Differences that nobody settled yet, newest first. */
export function openConflicts(records: RecordSet): readonly RecordRow<'conflict'>[] {
  return [...records.all('conflict').values()]
    .filter((row) => row.values.state !== 'resolved')
    .sort((left, right) => (right.values.at ?? 0) - (left.values.at ?? 0));
}

/** What stands on the record now. */
export function standingValue(records: RecordSet, conflict: RecordRow<'conflict'>): unknown {
  const { targetType = '', target = '', field = '', standing } = conflict.values;
  if (!isRecordType(targetType)) return standing?.value;
  const values: Readonly<Record<string, unknown>> = records.get(targetType, target)?.values ?? {};
  return field in values ? values[field] : standing?.value;
}

/** All versions, in the order in which they were written. */
export function versionsOf(records: RecordSet, conflict: RecordRow<'conflict'>): readonly Version[] {
  const now = JSON.stringify(standingValue(records, conflict));
  const all: LosingValue[] = [
    ...(conflict.values.values ?? []),
    ...(conflict.values.standing === undefined ? [] : [conflict.values.standing])
  ];
  return all
    .map(({ value, by, device, at, suspect }) => ({
      value,
      by,
      device,
      at,
      suspect,
      stands: JSON.stringify(value) === now
    }))
    .sort((left, right) => left.at - right.at);
}

/** The person whom a difference is about, when it is about one. */
export function personOfConflict(conflict: RecordRow<'conflict'>): string | undefined {
  const { targetType, target = '' } = conflict.values;
  if (targetType === 'person') return target;
  if (targetType === 'attendance') return attendanceParts(target).person;
  return undefined;
}
