import * as v from 'valibot';
import { DeviceDatabase, type DeviceState } from '$lib/storage/database.ts';
import { forgetDemoLink } from '$lib/sync/demo-link.svelte.ts';

/** A surface of the app opens the database of its own principal, so that three tabs of one browser can be three devices. */
export type Surface = 'field' | 'office';

const schema = v.object({
  field: v.optional(v.string()),
  office: v.optional(v.string())
});

const key = 'zimnik.principals';

/**
 * The name of the local database that a surface of this browser opens; undefined before enrolment or sign-in. Browsers
 * write `localStorage` to the disk seconds later, and a dead battery does not wait: a name that was lost is found again
 * among the databases.
 */
export async function databaseNameFor(storage: Storage, surface: Surface): Promise<string | undefined> {
  const known = readPrincipals(storage)[surface];
  if (known !== undefined) return known;
  const found = await latestDatabase(surface);
  if (found !== undefined) rememberDatabase(storage, surface, found);
  return found;
}

/** Remembers which database a surface opens. The name outlives the database: «here was a database» is noticed by it. */
export function rememberDatabase(storage: Storage, surface: Surface, name: string): void {
  if (readPrincipals(storage)[surface] !== name) forgetDemoLink(storage, surface);
  storage.setItem(key, JSON.stringify({ ...readPrincipals(storage), [surface]: name }));
}

/** Forgets the name of a database that is gone, so that another one may take its place. */
export function forgetDatabase(storage: Storage, surface: Surface): void {
  storage.setItem(key, JSON.stringify({ ...readPrincipals(storage), [surface]: undefined }));
}

/** The surface's database that exchanged last. Some browsers do not list their databases: then there is none. */
async function latestDatabase(surface: Surface): Promise<string | undefined> {
  const listed = (await globalThis.indexedDB?.databases?.()) ?? [];
  let latest: { readonly name: string; readonly state: DeviceState } | undefined;
  for (const { name } of listed) {
    if (name?.startsWith(`zimnik/${surface}-`) !== true) continue;
    const database = new DeviceDatabase(name);
    const state = await database.meta.get('state');
    database.close();
    if (state !== undefined && (latest === undefined || state.exchangedAt > latest.state.exchangedAt)) {
      latest = { name, state };
    }
  }
  return latest?.name;
}

function readPrincipals(storage: Storage): v.InferOutput<typeof schema> {
  try {
    return v.parse(schema, JSON.parse(storage.getItem(key) ?? '{}'));
  } catch {
    // Someone else's or a broken value: as good as none.
    return {};
  }
}
