import type { RecordType } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';
import type { AnyChange, ShownRow } from '$lib/storage/write.ts';

export interface RecordEdit {
  readonly type: RecordType;
  readonly id: string;
  readonly set: Readonly<Record<string, unknown>>;
  /** The row that the form showed; undefined for a new record. */
  readonly shown: number | ShownRow | undefined;
}

/** Writes what a person changed in a form, against what it showed; nothing is written when nothing was changed. */
export async function saveRecord(app: Pick<App, 'write'>, edit: RecordEdit): Promise<void> {
  if (Object.keys(edit.set).length === 0) return;
  const { shown, ...change } = edit;
  // The fields are the form's own, and the server parses every value by its schema.
  await app.write([{ ...change, ...(shown === undefined ? {} : { shown }) } as AnyChange]);
}
