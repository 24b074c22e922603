import { isPresent, type AttendanceStatus } from '#domain/records/attendance.ts';
import type { ConsentState } from './consent-state.ts';

/** What a count needs of a row. */
export interface CountedRow {
  /** The standing card, when cards were merged: two rows of one person are one participant. */
  readonly person: string;
  readonly nameless: boolean;
  readonly status: AttendanceStatus;
  readonly signature: 'paper' | 'screen' | 'none' | undefined;
  readonly consent: ConsentState | undefined;
}

export interface SheetCounts {
  /** Named rows. */
  readonly total: number;
  /** Named rows with any mark. */
  readonly marked: number;
  readonly unmarked: number;
  /** Everybody who was there, the nameless included. */
  readonly present: number;
  readonly nameless: number;
  readonly signedOnPaper: number;
  readonly signedOnScreen: number;
  /** Named, present and without a signature of either kind. */
  readonly unsigned: number;
  /** Named and present without a given consent. */
  readonly withoutConsent: number;
}

/**
 * The sums under a sheet, for the field notebook and the desk alike: of named people, except `present`, which counts
 * the nameless too.
 */
export function countSheet(rows: readonly CountedRow[]): SheetCounts {
  const named = onePerPerson(rows.filter((row) => !row.nameless));
  const there = named.filter((row) => isPresent(row.status));
  const nameless = rows.filter((row) => row.nameless && isPresent(row.status)).length;
  const marked = named.filter((row) => row.status !== 'none').length;
  const signed = (kind: 'paper' | 'screen') => there.filter((row) => row.signature === kind).length;
  return {
    total: named.length,
    marked,
    unmarked: named.length - marked,
    present: there.length + nameless,
    nameless,
    signedOnPaper: signed('paper'),
    signedOnScreen: signed('screen'),
    unsigned: there.length - signed('paper') - signed('screen'),
    withoutConsent: there.filter((row) => row.consent !== 'given').length
  };
}

/** Of two rows of one person the one that says more: present before any other mark, any mark before none. */
function onePerPerson(rows: readonly CountedRow[]): readonly CountedRow[] {
  const best = new Map<string, CountedRow>();
  for (const row of rows) {
    const other = best.get(row.person);
    if (other === undefined || weight(row) > weight(other)) best.set(row.person, row);
  }
  return [...best.values()];
}

function weight({ status }: CountedRow): number {
  return isPresent(status) ? 2 : status === 'none' ? 0 : 1;
}
