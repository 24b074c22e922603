import { createSearchIndex, type SearchIndex } from '#domain/names/search-keys.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { LiveQuery } from '$lib/storage/live-query.ts';
import { readInSlices } from '$lib/storage/read.ts';
import { readPlaces, toRegisterPerson, type RegisterPerson } from './queries.ts';

interface Loaded {
  readonly people: readonly RegisterPerson[];
  readonly index: SearchIndex<RegisterPerson>;
}

const nobody: Loaded = { people: [], index: createSearchIndex<RegisterPerson>([], (person) => person) };

/**
 * Everybody on this device, for search and look-alikes. Ten thousand cards take a slow tablet seconds, so they are read
 * once somebody wants them, in slices between which taps are answered.
 */
export class Register {
  readonly #database: DeviceDatabase;
  #wanted = $state(false);
  readonly #query = $derived.by(() =>
    this.#wanted ? new LiveQuery(() => readSearchable(this.#database)) : undefined
  );

  constructor(database: DeviceDatabase) {
    this.#database = database;
  }

  /** Begins to read, unless it has begun. */
  want(): void {
    this.#wanted = true;
  }

  /** Everybody is here; until then nobody can be said to be missing. */
  get ready(): boolean {
    return this.#query?.current.state === 'ready';
  }

  get people(): readonly RegisterPerson[] {
    return this.#loaded.people;
  }

  search(query: string, limit: number): readonly RegisterPerson[] {
    return this.#loaded.index.search(query, limit);
  }

  get #loaded(): Loaded {
    return this.#query?.value ?? nobody;
  }
}

async function readSearchable(database: DeviceDatabase): Promise<Loaded> {
  const places = await readPlaces(database);
  const people: RegisterPerson[] = [];
  const index = createSearchIndex<RegisterPerson>([], (person) => person);
  await readInSlices(database, 'person', (rows) => {
    for (const row of rows) {
      const person = toRegisterPerson(row, places);
      people.push(person);
      index.put(person);
    }
  });
  return { people, index };
}
