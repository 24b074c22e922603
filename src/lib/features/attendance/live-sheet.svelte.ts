import { attendanceParts } from '#domain/records/attendance.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { LiveQuery } from '$lib/storage/live-query.ts';
import { liveUnder, liveWaiting } from '$lib/storage/live-rows.ts';
import { composeSheet, isNamed } from './compose-sheet.ts';
import { keysIn } from './row-state.ts';
import { readSheetCards, readSheetFrame, type Sheet, type SheetCards } from './queries.ts';

/** One session's sheet as it stands, in this tab and in others. A tap reads and makes one line of it again. */
export class LiveSheet {
  readonly #database: DeviceDatabase;
  readonly #frame;
  readonly #marks;
  readonly #waiting;
  #before: Sheet | undefined;

  constructor(database: DeviceDatabase, session: string) {
    this.#database = database;
    this.#frame = new LiveQuery(() => readSheetFrame(database, session));
    this.#marks = liveUnder(database, 'attendance', session);
    this.#waiting = liveWaiting(database);
  }

  // Ids of the marks as one text, so that a tap, which changes no people, asks for no cards.
  readonly #named = $derived.by(() => {
    const marks = this.#marks.value?.filter(isNamed);
    return marks?.map((mark) => mark.id).join(' ');
  });
  readonly #cards: LiveQuery<SheetCards> | undefined = $derived.by(() => {
    const people = this.#named
      ?.split(' ')
      .filter(Boolean)
      .map((id) => attendanceParts(id).person);
    return people === undefined ? undefined : new LiveQuery(() => readSheetCards(this.#database, people));
  });

  readonly #sheet: Sheet | undefined = $derived.by(() => {
    const [frame, marks, cards] = [this.#frame.value, this.#marks.value, this.#cards?.value];
    const waiting = keysIn(this.#waiting.value);
    if (frame === undefined || marks === undefined) return undefined;
    // While the cards of a new line are read, the sheet stays as it was.
    if (cards === undefined) return this.#before;
    this.#before = composeSheet({ frame, marks, cards, waiting }, this.#before);
    return this.#before;
  });

  /** Undefined while it is being read, and when the session is not on this device. */
  get sheet(): Sheet | undefined {
    return this.#sheet;
  }

  get isLoading(): boolean {
    if (this.#sheet !== undefined) return false;
    const isHere = this.#frame.current.state !== 'ready' || this.#frame.value !== undefined;
    const parts = [this.#frame, this.#marks, this.#cards];
    return isHere && parts.some((part) => part === undefined || part.current.state === 'loading');
  }
}
