import type { DeviceDatabase } from './database.ts';
import { open, seal } from './sealing.ts';

/** What a half-filled form keeps on the device; its shape belongs to the feature that made it, which parses it. */
export interface Draft {
  readonly id: string;
  readonly kind: string;
  readonly updatedAt: number;
  readonly content: unknown;
}

/** Saves a draft as it is now (autosave at every answer). Content must be plain data, not a reactive proxy. */
export async function saveDraft(database: DeviceDatabase, draft: Draft): Promise<void> {
  const { content, ...row } = draft;
  await database.writing([database.drafts], () => database.drafts.put({ ...row, body: seal(content) }));
}

export async function readDraft(database: DeviceDatabase, id: string): Promise<Draft | undefined> {
  const row = await database.drafts.get(id);
  return row === undefined
    ? undefined
    : { id: row.id, kind: row.kind, updatedAt: row.updatedAt, content: open(row.body) };
}

export async function readDrafts(database: DeviceDatabase, kind: string): Promise<readonly Draft[]> {
  const rows = await database.drafts.where('kind').equals(kind).toArray();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    updatedAt: row.updatedAt,
    content: open(row.body)
  }));
}

export async function removeDraft(database: DeviceDatabase, id: string): Promise<void> {
  await database.writing([database.drafts], () => database.drafts.delete(id));
}
