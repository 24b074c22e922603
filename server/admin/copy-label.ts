import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/** Name of the label in the folder of a copy. */
const file = 'backup.json';

const labelSchema = v.object({
  /** What the copy was taken from: files of the embedded database, or a dump of PostgreSQL. */
  kind: v.picklist(['sqlite', 'postgres']),
  /** UTC ms. */
  at: v.number(),
  /** Number of the last operation in the copy. */
  seq: v.number(),
  epoch: v.string()
});

/** Tells what a copy holds. It is written last, so a folder without it is no whole copy. */
export type CopyLabel = v.InferOutput<typeof labelSchema>;

export function writeLabel(folder: string, label: CopyLabel): void {
  writeFileSync(join(folder, file), `${JSON.stringify(label, null, 2)}\n`, { mode: 0o600 });
  sync(join(folder, file));
  sync(folder);
}

/** undefined = this folder holds no whole copy. */
export function readLabel(folder: string): CopyLabel | undefined {
  const path = join(folder, file);
  if (!existsSync(path)) return undefined;
  try {
    const parsed = v.safeParse(labelSchema, JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    // A label that is no JSON was cut off while it was written.
    return undefined;
  }
}

/** Puts what the system still holds of a file or a folder on the disk. */
export function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
