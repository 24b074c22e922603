import { createSearchIndex, type SearchIndex } from '#domain/names/search-keys.ts';
import type { Client } from './queries.ts';

/** Search over everybody a consultation can be for: groups and organisations by name, people as in the register. */
export function clientSearch(clients: readonly Client[]): SearchIndex<Client> {
  return createSearchIndex(clients, ({ type, id, name, settlement, person }) =>
    person === undefined
      ? { id: `${type}/${id}`, surname: name, name: '', settlement }
      : { ...person, id: `${type}/${id}` }
  );
}
