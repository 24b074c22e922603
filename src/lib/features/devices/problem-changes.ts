import * as v from 'valibot';
import { changeSchema } from '#domain/sync/operation.ts';
import { changeWords } from '$lib/features/change-words/index.ts';
import type { Desk } from '$lib/features/office/index.ts';
import { m } from '$lib/paraglide/messages.js';

/** What the operation that was not applied would have done, in the words of the screens. */
export function problemChanges(desk: Desk, changes: readonly unknown[]): readonly string[] {
  const read = changes.flatMap((change) => {
    const parsed = v.safeParse(changeSchema, change);
    return parsed.success ? [{ type: parsed.output.e, id: parsed.output.k, set: parsed.output.set }] : [];
  });
  const words = changeWords(desk, read);
  return words.length > 0 ? words : [m.office_record()];
}
