/** What was just done on the sheet, in words, and the way back. */
export interface Undo {
  readonly text: string;
  /** Words of the button; the general ones when left out. */
  readonly action?: string;
  /** Id of the one mark that it changed: its line of the sheet offers the way back itself. */
  readonly row?: string;
  readonly revert: () => Promise<void>;
}

/** Runs what a person does on a sheet: keeps the last step back until the next one, and says when nothing was stored. */
export class SheetActions {
  #undo = $state.raw<Undo | undefined>();
  #failed = $state(false);

  get undo(): Undo | undefined {
    return this.#undo;
  }

  /** The last action was not stored. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Does it; when it is stored, offers the way back that it returns. True = stored. */
  async run(action: () => Promise<Undo | undefined>): Promise<boolean> {
    try {
      this.#undo = await action();
      this.#failed = false;
      return true;
    } catch (error) {
      console.error('A write of the sheet was not stored', error);
      this.#undo = undefined;
      this.#failed = true;
      return false;
    }
  }

  /** Takes the last step back. */
  async revert(): Promise<void> {
    const undo = this.#undo;
    if (undo === undefined) return;
    await this.run(async () => {
      await undo.revert();
      return undefined;
    });
  }
}
