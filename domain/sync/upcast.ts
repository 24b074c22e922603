import { schemaVersion, type Change } from './operation.ts';

/** Takes the changes of one operation from a schema version to the next: pure, adds only, leaves what it does not know. */
export type Upcast = (changes: readonly Change[]) => readonly Change[];

/** The schema version of a server, with the steps that lead to it: `upcasts[0]` goes from 1 to 2. None is ever removed. */
export interface Schema {
  readonly version: number;
  readonly upcasts: readonly Upcast[];
}

export const presentSchema: Schema = { version: schemaVersion, upcasts: [] };

/** The changes of an operation that was written at `version`, in the present shape. */
export function upcast(schema: Schema, version: number, changes: readonly Change[]): readonly Change[] {
  return schema.upcasts
    .slice(version - 1, schema.version - 1)
    .reduce((shaped: readonly Change[], step) => step(shaped), changes);
}
