import { joinIds } from '#domain/ids.ts';
import type { AttendanceStatus } from '#domain/records/attendance.ts';
import { fullName } from '#domain/names/person-name.ts';
import type { App } from '$lib/app/open-app.ts';
import {
  recordConsent,
  type ConsentAnswer,
  type NewPerson,
  type RegisterPerson
} from '$lib/features/people/index.ts';
import { m } from '$lib/paraglide/messages.js';
import * as commands from './commands.ts';
import type { Sheet, SheetRow } from './queries.ts';
import { SheetActions, type Undo } from './sheet-actions.svelte.ts';
import { statusWord } from './status-words.ts';

/** What is open over the sheet. */
export type SheetDialog =
  | { readonly type: 'menu' }
  | { readonly type: 'row'; readonly id: string }
  | { readonly type: 'walk_in'; readonly surname: string }
  | {
      readonly type: 'consent';
      readonly person: string;
      readonly name: string;
      readonly consent: string | undefined;
      readonly ageBand: SheetRow['ageBand'];
    }
  | { readonly type: 'signature'; readonly id: string; readonly name: string }
  | { readonly type: 'close' }
  | { readonly type: 'reconcile' }
  | { readonly type: 'photos' }
  | { readonly type: 'say' }
  | { readonly type: 'history' };

/** Everything a person does at one sheet: what is open, what was done, how it is undone. */
export class SheetDesk {
  readonly actions = new SheetActions();
  #dialog = $state.raw<SheetDialog | undefined>();
  readonly #app: App;
  readonly #session: string;

  constructor(app: App, session: string) {
    this.#app = app;
    this.#session = session;
  }

  get dialog(): SheetDialog | undefined {
    return this.#dialog;
  }

  show(dialog: SheetDialog | undefined): void {
    this.#dialog = dialog;
  }

  /** A tap: the mark, and «Снять отметку» until the next action. */
  async mark(row: SheetRow, status: AttendanceStatus): Promise<void> {
    this.show(undefined);
    await this.actions.run(async () => {
      await commands.markAttendance(this.#app, this.#session, row.person, status);
      return this.#undoOf(row, row.nameless ? m.field_nameless() : row.name, status);
    });
  }

  /** Corrects when a person came late or left: the clock time of the session's day. */
  async setTime(row: SheetRow, at: number): Promise<void> {
    await this.#plain(() => commands.setMarkTime(this.#app, row.id, row.status, at));
  }

  /** Someone of the register who was not expected. */
  async choose(person: RegisterPerson): Promise<void> {
    const stored = await this.actions.run(async () => {
      await commands.markAttendance(this.#app, this.#session, person.id, 'present');
      return {
        text: `${fullName(person)}: ${statusWord('present')}`,
        action: m.action_undo_mark(),
        revert: () => commands.markAttendance(this.#app, this.#session, person.id, 'none')
      };
    });
    if (stored) this.show(undefined);
  }

  /** A new card and its mark; then the step of consent, unless a queue waits. True = stored. */
  async addWalkIn(person: NewPerson, more: boolean): Promise<boolean> {
    let added = '';
    const stored = await this.actions.run(async () => {
      added = await commands.addWalkIn(this.#app, this.#session, person);
      return {
        text: `${fullName(person)}: ${statusWord('present')}`,
        action: m.action_undo_mark(),
        revert: () => commands.markAttendance(this.#app, this.#session, added, 'none')
      };
    });
    if (stored && !more) {
      this.show({
        type: 'consent',
        person: added,
        name: fullName(person),
        consent: undefined,
        ageBand: undefined
      });
    }
    return stored;
  }

  async addNameless(): Promise<void> {
    await this.actions.run(async () => {
      const id = await commands.addNameless(this.#app, this.#session);
      return {
        text: m.field_nameless_added(),
        action: m.action_undo_mark(),
        revert: () => commands.restoreMark(this.#app, id, { status: 'none' })
      };
    });
  }

  /** «Отметить всех» who are not marked. */
  async markAll(sheet: Sheet): Promise<void> {
    this.show(undefined);
    const ids = sheet.rows.filter((row) => !row.nameless && row.status === 'none').map((row) => row.id);
    await this.actions.run(async () => {
      await commands.markMany(this.#app, ids, 'present');
      return {
        text: m.field_marked_all({ count: ids.length }),
        revert: () => commands.markMany(this.#app, ids, 'none')
      };
    });
  }

  /** «Все расписались на бумаге»: those present who have no signature yet. */
  async signAll(sheet: Sheet): Promise<void> {
    this.show(undefined);
    const ids = sheet.rows
      .filter((row) => !row.nameless && ['present', 'late', 'left_early'].includes(row.status))
      .filter((row) => row.signature !== 'paper' && row.signature !== 'screen')
      .map((row) => row.id);
    await this.actions.run(async () => {
      await commands.setSignature(this.#app, ids, 'paper');
      return {
        text: m.field_signed_all({ count: ids.length }),
        revert: () => commands.setSignature(this.#app, ids, 'none')
      };
    });
  }

  async sign(row: SheetRow, signature: 'paper' | 'none'): Promise<void> {
    this.show(undefined);
    await this.#plain(() => commands.setSignature(this.#app, [row.id], signature));
  }

  async draw(id: string, svg: string): Promise<void> {
    this.show(undefined);
    await this.#plain(() => commands.signOnScreen(this.#app, id, svg));
  }

  async consent(
    target: Parameters<typeof recordConsent>[1],
    answer: ConsentAnswer,
    day: string
  ): Promise<void> {
    this.show(undefined);
    await this.actions.run(async () => {
      const before = this.actions.undo;
      await recordConsent(this.#app, target, answer, day);
      return before;
    });
  }

  async close(sheet: Sheet): Promise<void> {
    this.show(undefined);
    await this.#plain(() => commands.closeSheet(this.#app, this.#session, sheet.counts));
  }

  async reopen(): Promise<void> {
    this.show(undefined);
    await this.#plain(() => commands.reopenSheet(this.#app, this.#session));
  }

  async countPaper(count: number): Promise<boolean> {
    return this.#plain(() => commands.setPaperCount(this.#app, this.#session, count));
  }

  /** Ends the task: the answer goes to the reviewer. */
  async answerRemark(remark: string, answer: string): Promise<void> {
    await this.#plain(() => commands.answerRemark(this.#app, remark, answer));
  }

  #plain(action: () => Promise<void>): Promise<boolean> {
    return this.actions.run(async () => {
      await action();
      return undefined;
    });
  }

  #undoOf(row: SheetRow, name: string, status: AttendanceStatus): Undo {
    const { status: before, at, signature } = row;
    return {
      text: `${name}: ${statusWord(status)}`,
      row: row.id,
      ...(before === 'none' ? { action: m.action_undo_mark() } : {}),
      revert: () =>
        commands.restoreMark(this.#app, joinIds(this.#session, row.person), {
          status: before,
          at,
          ...(signature === undefined ? {} : { signature })
        })
    };
  }
}
