import type { OperatorWords } from '#server/words/index.ts';

/** Where the administrator reads. */
export interface Terminal {
  /** Prints a line. */
  readonly say: (line: string) => void;
  /** In the language of this terminal. */
  readonly words: OperatorWords;
}
