import { createSubscriber } from 'svelte/reactivity';
import { createSearchIndex, type SearchIndex } from '#domain/names/search-keys.ts';
import { recordKey, type DeviceDatabase } from '$lib/storage/database.ts';
import { followRows } from '$lib/storage/follow-rows.ts';
import { isThere, readInSlices, toRecordRow } from '$lib/storage/read.ts';
import { readPlaces, toRegisterPerson, type Places, type RegisterPerson } from './queries.ts';

const followedTypes: ReadonlySet<unknown> = new Set(['person', 'settlement', 'organisation', 'group']);

/**
 * Everybody on this device, for search and look-alikes. Ten thousand cards take a slow tablet seconds, so they are read
 * once somebody wants them, in slices between which taps are answered; from then on only cards that change.
 */
export class Register {
  readonly #subscribe: () => void;
  #wanted = $state(false);
  #state: 'loading' | 'ready' = 'loading';
  #error: unknown;
  #everybody = new Map<string, RegisterPerson>();
  #index: SearchIndex<RegisterPerson> = createIndex();

  constructor(database: DeviceDatabase) {
    this.#subscribe = createSubscriber((update) => {
      let places: Places | undefined;
      return followRows({
        table: database.records,
        covers: (key): key is [string, string] => Array.isArray(key) && followedTypes.has(key[0]),
        written: ({ records }, [type, id]) => records.get(recordKey(type, id)),
        readAll: async () => {
          const known = await readPlaces(database);
          const everybody = new Map<string, RegisterPerson>();
          const index = createIndex();
          await readInSlices(database, 'person', (rows) => {
            for (const row of rows) {
              const person = toRegisterPerson(row, known);
              everybody.set(person.id, person);
              index.put(person);
            }
          });
          places = known;
          this.#everybody = everybody;
          this.#index = index;
          this.#state = 'ready';
          update();
        },
        take: (changes) => {
          // A place has another name now: it stands beside many people.
          if (places === undefined || changes.some(({ key: [type] }) => type !== 'person')) return 'read_all';
          for (const { key, row } of changes) {
            const [, id] = key;
            if (row === undefined || !isThere(row)) {
              this.#everybody.delete(id);
              this.#index.remove(id);
            } else {
              const person = toRegisterPerson(toRecordRow('person', row), places);
              this.#everybody.set(id, person);
              this.#index.put(person);
            }
          }
          update();
          return 'taken';
        },
        onError: (error) => {
          this.#error = error;
          update();
        }
      });
    });
  }

  /** Begins to read, unless it has begun. */
  want(): void {
    this.#wanted = true;
  }

  /** Everybody is here; until then nobody can be said to be missing. Throws when the storage cannot be read. */
  get ready(): boolean {
    this.#follow();
    return this.#state === 'ready';
  }

  get people(): readonly RegisterPerson[] {
    this.#follow();
    return [...this.#everybody.values()];
  }

  search(query: string, limit: number): readonly RegisterPerson[] {
    this.#follow();
    return this.#index.search(query, limit);
  }

  #follow(): void {
    if (!this.#wanted) return;
    this.#subscribe();
    if (this.#error !== undefined) throw this.#error;
  }
}

function createIndex(): SearchIndex<RegisterPerson> {
  return createSearchIndex<RegisterPerson>([], (person) => person);
}
