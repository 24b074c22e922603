import type { RecordRow } from '#domain/records/registry.ts';
import { attendanceParts } from '#domain/records/attendance.ts';
import { standingOf, type ReviewOutcome } from '#domain/review/review-state.ts';
import type { Desk } from '$lib/features/office/index.ts';
import { m } from '$lib/paraglide/messages.js';
import type { RecordState } from '$lib/ui/record-state.ts';

/** One line of a sheet at the desk. */
export interface SheetLine {
  readonly id: string;
  readonly person: string | undefined;
  readonly name: string;
  readonly place: string;
  readonly mark: RecordRow<'attendance'>;
  readonly state: RecordState;
}

/** The lines of a session's sheet by name; participants without a name at the end. */
export function sheetLines(desk: Desk, session: string, review: ReviewOutcome): readonly SheetLine[] {
  const lines = desk.records
    .byParent('attendance', session)
    .filter((row) => row.values.expected === true || (row.values.status ?? 'none') !== 'none')
    .map((mark): SheetLine => {
      const person = mark.values.nameless === true ? undefined : attendanceParts(mark.id).person;
      const card = person === undefined ? undefined : desk.records.get('person', person)?.values;
      const place = [
        desk.organisationName(card?.organisation) || desk.groupName(card?.group),
        desk.settlementName(card?.settlement)
      ];
      return {
        id: mark.id,
        person,
        name: person === undefined ? m.office_nameless() : desk.personName(person),
        place: place.filter(Boolean).join(' · '),
        mark,
        state: stateOf(desk, mark, review)
      };
    });
  const collator = new Intl.Collator('ru');
  return lines.sort(
    (left, right) =>
      Number(left.person === undefined) - Number(right.person === undefined) ||
      collator.compare(left.name, right.name)
  );
}

function stateOf(desk: Desk, mark: RecordRow<'attendance'>, review: ReviewOutcome): RecordState {
  if (desk.waitingKeys.has(`attendance/${mark.id}`)) return 'here';
  const standing = standingOf(mark, review);
  return standing === 'accepted' ? 'accepted' : standing === 'returned' ? 'returned' : 'delivered';
}
