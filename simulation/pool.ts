import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Outcome, Task } from './worker.ts';

interface Waiting {
  readonly task: Task;
  readonly done: (outcome: Outcome) => void;
}

/** Processes that run schedules side by side; each schedule is the same whichever of them runs it. */
export class Pool {
  readonly #children: ChildProcess[] = [];
  readonly #idle: ChildProcess[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<ChildProcess, Waiting>();

  constructor(jobs: number) {
    for (let job = 0; job < jobs; job++) {
      const child = fork(join(import.meta.dirname, 'worker.ts'));
      child.on('message', (outcome: Outcome) => this.#finish(child, outcome));
      child.on('exit', (code) =>
        this.#finish(child, { kind: 'broken', detail: `it ended with code ${code}` })
      );
      this.#children.push(child);
      this.#idle.push(child);
    }
  }

  run(task: Task): Promise<Outcome> {
    return new Promise((done) => {
      this.#waiting.push({ task, done });
      this.#next();
    });
  }

  close(): void {
    for (const child of this.#children) child.disconnect();
  }

  #next(): void {
    const [child] = this.#idle;
    const [waiting] = this.#waiting;
    if (child === undefined || waiting === undefined) return;
    this.#idle.shift();
    this.#waiting.shift();
    this.#running.set(child, waiting);
    child.send(waiting.task);
  }

  #finish(child: ChildProcess, outcome: Outcome): void {
    const finished = this.#running.get(child);
    this.#running.delete(child);
    if (child.connected) this.#idle.push(child);
    finished?.done(outcome);
    this.#next();
  }
}
