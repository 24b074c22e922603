import { isPresent, type AttendanceStatus } from '#domain/records/attendance.ts';

/** What a count needs of a row. */
export interface CountedRow {
  readonly nameless: boolean;
  readonly status: AttendanceStatus;
  readonly signature: 'paper' | 'screen' | 'none' | undefined;
  readonly consent: 'given' | 'refused' | 'awaited' | 'withdrawn' | undefined;
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

/** The sums under a sheet: of named rows, except `present`, which counts the nameless too. */
export function countSheet(rows: readonly CountedRow[]): SheetCounts {
  const named = rows.filter((row) => !row.nameless);
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
