/** Runs tasks one after another; a failed one does not stop the next. */
export class WorkQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #length = 0;

  /** Tasks that wait or run now. */
  get length(): number {
    return this.#length;
  }

  run<Value>(task: () => Promise<Value>): Promise<Value> {
    this.#length++;
    const result = this.#tail.then(task).finally(() => {
      this.#length--;
    });
    this.#tail = result.catch(() => undefined);
    return result;
  }
}
