import { createSearchIndex } from '#domain/names/search-keys.ts';
import type { RegisterPerson } from '$lib/features/people/index.ts';
import type { SheetRow } from './queries.ts';

/** So many of the register are offered below the lines of the sheet. */
const offered = 8;
const firstLook = 30;

/** The lines of a sheet by what they are looked for with. */
export class LineIndex {
  readonly #index = createSearchIndex<SheetRow>([], (row) => ({ ...row, name: row.givenNames }));
  readonly #known = new Map<string, SheetRow>();

  /** Brings the index to these lines, at most so many of them; true = it is there. */
  take(rows: readonly SheetRow[], atMost = Infinity): boolean {
    const changed = rows.filter((row) => !row.nameless && this.#known.get(row.id) !== row);
    for (const row of changed.slice(0, atMost)) {
      this.#index.put(row);
      this.#known.set(row.id, row);
    }
    const here = new Set(rows.map((row) => row.id));
    for (const id of [...this.#known.keys()].filter((each) => !here.has(each))) {
      this.#index.remove(id);
      this.#known.delete(id);
    }
    return changed.length <= atMost;
  }

  /** Those of these lines that are found, in their order. */
  find(query: string, rows: readonly SheetRow[]): readonly SheetRow[] {
    this.take(rows);
    const found = new Set(this.#index.search(query, rows.length).map((row) => row.id));
    return rows.filter((row) => found.has(row.id));
  }
}

/** The best that `search` finds among people who have no line. */
export function findOthers(
  search: (limit: number) => readonly RegisterPerson[],
  rows: readonly SheetRow[]
): readonly RegisterPerson[] {
  const onSheet = new Set(rows.map((row) => row.person));
  const look = (limit: number): readonly RegisterPerson[] =>
    search(limit).filter((person) => !onSheet.has(person.id));
  const first = look(firstLook);
  return (first.length < offered ? look(offered + onSheet.size) : first).slice(0, offered);
}
