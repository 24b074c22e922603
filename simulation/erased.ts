import type { LogRow } from '#server/storage/server-storage.ts';
import { rowsOf } from './inside.ts';
import { centreId } from './server-node.ts';
import type { World } from './world.ts';

/** Which fields of an erased record hold words of people, told apart from the product's own registry. */
const words: Readonly<Record<string, readonly string[]>> = {
  person: ['surname', 'phone', 'phoneAgain', 'note'],
  consultation: ['advice', 'request'],
  confidential_text: ['advice', 'request'],
  photo: ['file']
};

/** Whether what stands in a field is erased for ever. */
function isErased(world: World, e: string, k: string, field: string): boolean {
  return world.server.erased.has(k) && words[e]?.includes(field) === true;
}

/** The same for a key of the model, `type/id.field`. */
export function isErasedKey(world: World, key: string): boolean {
  const [, e = '', k = '', field = ''] = /^([^/]*)\/(.*)\.([^.]*)$/.exec(key) ?? [];
  return isErased(world, e, k, field);
}

/** Erased data never come back (I21): on no device, in no payload of the log, no refused or held copy, no backup. */
export async function checkErased(world: World): Promise<void> {
  if (world.server.erased.size === 0) return;
  const values = new Set(
    world.model.writes.flatMap(({ changes }) =>
      changes.flatMap(({ e, k, set }) =>
        Object.entries(set)
          .filter(([field, value]) => typeof value === 'string' && isErased(world, e, k, field))
          .map(([, value]) => JSON.stringify(value))
      )
    )
  );
  const look = (where: string, held: unknown): void => {
    const text = JSON.stringify(held);
    for (const value of values)
      if (text.includes(value)) world.trace.fail('erased data never come back', `${where} holds ${value}`);
  };
  for (const { name, tabs } of world.places)
    for (const table of tabs[0]?.database.tables ?? []) look(`${name} ${table.name}`, rowsOf(table));
  look('the server', await everything(world));
  for (const backup of world.server.backups) {
    await world.server.restore(backup, true);
    look(`the copy of ${backup.seq}, put back,`, await everything(world));
    if (world.traits.photos) await world.photos.checkHeld();
  }
}

function everything(world: World): Promise<readonly unknown[]> {
  return world.server.storage.readSnapshot(async (snapshot) => [
    (await snapshot.log(centreId, 0, 100_000)).map(withReadRaw),
    await snapshot.recordsAfter(centreId, ['', ''], 100_000)
  ]);
}

/** Within a text of JSON a value would stand in other quotes than it is looked for. */
function withReadRaw(row: LogRow): unknown {
  return { ...row, raw: row.raw === null ? null : (JSON.parse(row.raw) as unknown) };
}
