import { schemaVersion } from '#domain/sync/operation.ts';

/** What a version of this program writes, and what it lets older ones do with the database. */
export interface Program {
  /** Schema version of the values that it writes. */
  readonly schema: number;
  /** Its own number among the writers of the local database; grows with every change that older code would spoil. */
  readonly writer: number;
  /** The oldest writer that may still write what this one has written; older ones only read and push (I29). */
  readonly minWriter: number;
}

export const presentProgram: Program = { schema: schemaVersion, writer: 1, minWriter: 1 };

/** Thrown when this program is too old to write the database: nothing was stored. */
export class NewerDatabaseError extends Error {
  override readonly name = 'NewerDatabaseError';

  constructor() {
    super('A newer version of the program has written this local database');
  }
}

/** Whether a newer program has kept this one from writing. */
export function isNewerThan(program: Program, state: { readonly minWriter?: number } | undefined): boolean {
  return (state?.minWriter ?? 1) > program.writer;
}
