import { schemaVersion } from '#domain/sync/operation.ts';
import { presentSchema, type Schema } from '#domain/sync/upcast.ts';
import { presentProgram, type Program } from '$lib/storage/program.ts';

/** The next version of the app, which older ones must not write beside. */
export const nextProgram: Program = {
  schema: schemaVersion + 1,
  writer: presentProgram.writer + 1,
  minWriter: presentProgram.writer + 1
};

/** What the next version writes beside `phone`: a field that this one has never heard of. */
export const newField = 'phoneAgain';

/** The next version of the server: what older apps write gets the new field too. */
export const nextSchema: Schema = {
  version: schemaVersion + 1,
  upcasts: [
    ...presentSchema.upcasts,
    (changes) =>
      changes.map((change) =>
        change.e === 'person' && 'phone' in change.set && !(newField in change.set)
          ? { ...change, set: { ...change.set, [newField]: change.set['phone'] } }
          : change
      )
  ]
};
