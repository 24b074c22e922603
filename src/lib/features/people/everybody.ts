import { LookAlikeIndex } from '#domain/names/look-alikes.ts';
import type { PersonName } from '#domain/names/person-name.ts';
import { createSearchIndex } from '#domain/names/search-keys.ts';
import type { StoredRow } from '$lib/storage/database.ts';
import { isThere, toRecordRow } from '$lib/storage/read.ts';
import { toRegisterPerson, type Places, type RegisterPerson } from './queries.ts';

/** The people of a register in memory, with the names beside them, and how they are found. */
export class Everybody {
  readonly #places: Places;
  readonly #people = new Map<string, RegisterPerson>();
  readonly #index = createSearchIndex<RegisterPerson>([], (person) => person);
  readonly #alike = new LookAlikeIndex<RegisterPerson>();

  constructor(places: Places) {
    this.#places = places;
  }

  /** Takes what is stored under this id; nothing, a deleted or an erased card = the person goes. */
  put(id: string, row: StoredRow | undefined): void {
    const record = row === undefined || !isThere(row) ? undefined : toRecordRow('person', row);
    if (record === undefined || record.values.erased !== undefined) {
      this.#people.delete(id);
      this.#index.remove(id);
      this.#alike.remove(id);
      return;
    }
    const person = toRegisterPerson(record, this.#places);
    this.#people.set(id, person);
    this.#index.put(person);
    this.#alike.put(person);
  }

  get people(): readonly RegisterPerson[] {
    return [...this.#people.values()];
  }

  search(query: string, limit: number): readonly RegisterPerson[] {
    return this.#index.search(query, limit);
  }

  /** Who may be somebody of this name, the likeliest first. */
  alike(name: PersonName): readonly RegisterPerson[] {
    return this.#alike.find(name).map(({ person }) => person);
  }
}
