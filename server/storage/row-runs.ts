/** Rows of one type (and of one stream, where it has a part in the table's key) with the seqs `seq`, `seq` + 1 … */
export interface RowRun {
  readonly stream: string;
  readonly type: string;
  readonly seq: number;
  readonly ids: string[];
}

/** Puts rows together that one statement can write: all marks of a push are one run, and their ids are bound as one text. */
export class RowRuns {
  readonly all: RowRun[] = [];
  readonly #last = new Map<string, RowRun>();
  #latest: RowRun | undefined;

  add(stream: string, type: string, id: string, seq: number): void {
    let run = this.#latest;
    if (run?.stream !== stream || run.type !== type) run = this.#last.get(`${type}/${stream}`);
    if (run === undefined || run.seq + run.ids.length !== seq) {
      run = { stream, type, seq, ids: [] };
      this.all.push(run);
      this.#last.set(`${type}/${stream}`, run);
    }
    run.ids.push(id);
    this.#latest = run;
  }
}
