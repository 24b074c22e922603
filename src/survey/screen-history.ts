import * as v from 'valibot';

export type Screen = 'start' | 'question' | 'summary' | 'sent' | 'list';

/** A screen as an entry of the browser's history, so that the phone's «Назад» is the previous screen. */
export interface ScreenEntry {
  readonly screen: Screen;
  readonly question?: string | undefined;
  /** How many entries lie between this one and the start. */
  readonly depth: number;
}

const schema = v.object({
  screen: v.picklist(['start', 'question', 'summary', 'sent', 'list']),
  question: v.optional(v.string()),
  depth: v.optional(v.number(), 0)
});

/** An entry of this page; anything else is the start. */
export function readEntry(state: unknown): ScreenEntry {
  const parsed = v.safeParse(schema, state);
  return parsed.success ? parsed.output : { screen: 'start', depth: 0 };
}

/** Puts a screen after the present one and shows its top. */
export function enter(screen: Screen, question: string | undefined): void {
  const { depth } = readEntry(history.state);
  history.pushState({ screen, depth: depth + 1, question }, '');
  scrollTo(0, 0);
}
