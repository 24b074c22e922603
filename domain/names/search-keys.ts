import { fold } from './fold.ts';
import { compareTexts, nameSortKey, type PersonName } from './person-name.ts';
import { phoneDigits } from './phone.ts';
import { keyboardVariants } from './keyboard-layout.ts';
import { place, placesOfWords, searchKey, wordsOf, type Word } from './search-words.ts';
import { createWordLists, type WordLists } from './word-lists.ts';

/** What a row is found by. `id` identifies the row when it is replaced. */
export type SearchFields = PersonName & {
  readonly id: string;
  readonly organisation?: string | null | undefined;
  readonly settlement?: string | null | undefined;
  readonly phone?: string | null | undefined;
};

export type SearchIndex<Row> = {
  readonly size: number;
  /** The best rows first, always in the same order; an empty query gives the first rows by name. */
  search(query: string, limit: number): readonly Row[];
  /** Adds the row, or replaces the one with the same id. */
  put(row: Row): void;
  remove(id: string): void;
};

/** What stands at one place of a row. Everybody from one village, or of one first name, shares it. */
type Part<Row> = {
  readonly words: readonly Word[];
  /** Its words, each after a space. */
  readonly haystack: string;
  readonly owners: Set<Entry<Row>>;
};

type Entry<Row> = {
  /** Replaced when only what is not searched has changed. */
  row: Row;
  readonly id: string;
  readonly fields: SearchFields;
  readonly parts: readonly Part<Row>[];
  readonly words: readonly Word[];
  /** All words in one text, each after a space: most rows are refused by one look into it. */
  readonly haystack: string;
  readonly wholeSurname: string;
  readonly phone: string;
  readonly sortKey: string;
};
type Term = { readonly text: string; readonly digits: string };
type Hit<Row> = { readonly entry: Entry<Row>; readonly score: number };

/**
 * An index over people for search while typing: keys are made once for a row, one search over 10,000 rows takes about a
 * millisecond. Every word of the query must begin some word of the row, in any order; three or more digits
 * also match the end of the telephone. When nothing is found the query is read in the other keyboard layout.
 */
export function createSearchIndex<Row>(
  rows: Iterable<Row>,
  fieldsOf: (row: Row) => SearchFields
): SearchIndex<Row> {
  const entries = new Map<string, Entry<Row>>();
  const lists = createWordLists<Part<Row>>();
  const parts = new Map<string, Part<Row>>();

  /** Made once for all who have it: in a register most parts of a name come again and again. */
  function partOf(text: string | null | undefined, weight: number): Part<Row> | undefined {
    if (text === null || text === undefined || text === '') return undefined;
    const key = `${weight}${text}`;
    const known = parts.get(key);
    if (known !== undefined) return known;
    const words = wordsOf(text, weight);
    const haystack = words.flatMap(({ forms }) => forms.map((form) => ` ${form}`)).join('');
    const part: Part<Row> = { words, haystack, owners: new Set() };
    for (const { forms } of words) for (const form of forms) lists.put(weight, form, part);
    parts.set(key, part);
    return part;
  }

  function put(row: Row): void {
    const fields = fieldsOf(row);
    const known = entries.get(fields.id);
    // A tap changes the mark of a row, hardly ever its name: the keys are kept.
    if (known !== undefined && isSearchedAlike(known.fields, fields)) {
      known.row = row;
      return;
    }
    remove(fields.id);
    const own = [
      partOf(fields.surname, place.surname),
      partOf(fields.name, place.name),
      partOf(fields.patronymic, place.patronymic),
      partOf(fields.organisation, place.organisation),
      partOf(fields.settlement, place.settlement)
    ].filter((part) => part !== undefined);
    const entry = entryOf(row, fields, own);
    entries.set(fields.id, entry);
    for (const { owners } of own) owners.add(entry);
  }

  function remove(id: string): void {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entries.delete(id);
    for (const { owners } of entry.parts) owners.delete(entry);
  }

  function bestRows(variants: readonly (readonly Term[])[], limit: number): readonly Row[] {
    if (limit <= 0 || variants.length === 0) return [];
    const best = new Best<Row>(limit);
    const [first = []] = variants;
    const [term] = first;
    const byDigits = variants.flat().some(({ digits }) => digits !== '');
    if (variants.length === 1 && first.length === 1 && term !== undefined && !byDigits) {
      takeByWord(lists, term.text, best);
    } else {
      const candidates =
        byDigits || first.length === 0
          ? entries.values()
          : new Set(variants.flatMap((terms) => ownersOfRarest(lists, terms)));
      for (const entry of candidates)
        best.take(entry, Math.min(...variants.map((terms) => scoreOf(entry, terms))));
    }
    return best.rows;
  }

  for (const row of rows) put(row);
  return {
    get size() {
      return entries.size;
    },
    put,
    remove,
    search: (query, limit) => {
      for (const variant of [query, ...keyboardVariants(query)]) {
        const found = bestRows(termVariants(variant), limit);
        if (found.length > 0) return found;
      }
      return [];
    }
  };
}

/** The best entries so far, in order. */
class Best<Row> {
  readonly #limit: number;
  readonly #hits: Hit<Row>[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether there is a place for it: asked first, because of thousands a few have one. */
  admits(entry: Entry<Row>, score: number): boolean {
    const last = this.#hits[this.#limit - 1];
    if (score === Infinity) return false;
    return last === undefined || (score - last.score || compareEntries(entry, last.entry)) < 0;
  }

  take(entry: Entry<Row>, score: number): void {
    if (!this.admits(entry, score)) return;
    insertInOrder(this.#hits, { entry, score });
    if (this.#hits.length > this.#limit) this.#hits.pop();
  }

  /** Whether nobody with this score or a worse one has a place any more. */
  isFullBelow(score: number): boolean {
    const last = this.#hits[this.#limit - 1];
    return last !== undefined && last.score < score;
  }

  get rows(): readonly Row[] {
    return this.#hits.map((hit) => hit.entry.row);
  }
}

/** One word, place by place: where the better places have filled the list, the others are not looked at. */
function takeByWord<Row>(lists: WordLists<Part<Row>>, text: string, best: Best<Row>): void {
  const seen = new Set<Entry<Row>>();
  for (const weight of placesOfWords) {
    if (best.isFullBelow(scoreOfWords(weight, weight))) return;
    const words = [...lists.beginning(weight, text)];
    // The whole word first: who has it is not met again at a longer form of the same word.
    words.sort(([left], [right]) => Number(right === text) - Number(left === text));
    for (const [word, parts] of words) {
      for (const { owners } of parts) {
        for (const entry of owners) {
          const isWhole = weight === place.surname ? text === entry.wholeSurname : word === text;
          const own = weight + (isWhole ? 0 : 1);
          const score = scoreOfWords(own, own);
          if (!best.admits(entry, score) || seen.has(entry)) continue;
          seen.add(entry);
          best.take(entry, score);
        }
      }
    }
  }
}

/** Everybody who has the rarest of the terms: nobody else can have all of them. */
function ownersOfRarest<Row>(lists: WordLists<Part<Row>>, terms: readonly Term[]): readonly Entry<Row>[] {
  let rarest: { readonly parts: readonly Part<Row>[]; readonly count: number } | undefined;
  for (const { text } of terms) {
    const parts = placesOfWords.flatMap((weight) =>
      Array.from(lists.beginning(weight, text)).flatMap(([, having]) => [...having])
    );
    const count = parts.reduce((sum, { owners }) => sum + owners.size, 0);
    if (rarest === undefined || count < rarest.count) rarest = { parts, count };
  }
  return rarest === undefined ? [] : rarest.parts.flatMap(({ owners }) => [...owners]);
}

/** A match in the surname outweighs everything else. */
function scoreOfWords(best: number, sum: number): number {
  return best * 1000 + sum;
}

/** The lower the better, Infinity when a term matches nothing. */
function scoreOf<Row>(entry: Entry<Row>, terms: readonly Term[]): number {
  for (const term of terms) {
    if (!entry.haystack.includes(` ${term.text}`) && !matchesPhone(entry.phone, term.digits)) return Infinity;
  }
  const used = new Set<Word>();
  let best = terms.length === 0 ? 0 : place.phone;
  let sum = 0;
  // Longest first: the words a longer term can take are among those of its own beginning, so no choice is regretted.
  for (const term of terms) {
    const weight = takeWord(entry, term, used);
    if (weight === Infinity) return Infinity;
    best = Math.min(best, weight);
    sum += weight;
  }
  return scoreOfWords(best, sum);
}

function takeWord<Row>(entry: Entry<Row>, term: Term, used: Set<Word>): number {
  let chosen: Word | undefined;
  let chosenWeight = Infinity;
  for (const word of entry.words) {
    if (used.has(word) || !word.forms.some((form) => form.startsWith(term.text))) continue;
    const isWhole =
      word.weight === place.surname ? term.text === entry.wholeSurname : word.forms.includes(term.text);
    const weight = word.weight + (isWhole ? 0 : 1);
    if (weight < chosenWeight) [chosen, chosenWeight] = [word, weight];
  }
  if (chosen !== undefined) used.add(chosen);
  else if (matchesPhone(entry.phone, term.digits)) return place.phone;
  return chosenWeight;
}

function matchesPhone(phone: string, digits: string): boolean {
  if (digits.length < 3 || phone === '') return false;
  if (phone.endsWith(digits)) return true;
  return digits.length > 4 && phone.startsWith(digits.replace(/^8/, '7'));
}

/**
 * The query as lists of terms: with the parts of hyphenated words apart, and with them joined («Анна-Мария» is also
 * found as «Аннамария»). Neighbouring groups of digits are one telephone number.
 */
function termVariants(query: string): readonly (readonly Term[])[] {
  const spaced = query.replace(/[+(]?\d[\d\s()\-‐‑‒–—−]*\d/g, (number) => number.replace(/\D/g, ''));
  const apart = termsOf(searchKey(spaced));
  const joined = termsOf(searchKey(fold(spaced).replace(/-/g, '')));
  const isSame = apart.map((term) => term.text).join(' ') === joined.map((term) => term.text).join(' ');
  if (apart.length === 0 && query.trim() !== '') return [];
  return isSame ? [apart] : [apart, joined];
}

function termsOf(key: string): readonly Term[] {
  const terms = key.split(' ').filter((word) => word !== '');
  return terms
    .map((text) => ({ text, digits: /^\d{3,}$/.test(text) ? phoneTail(text) : '' }))
    .sort((left, right) => right.text.length - left.text.length);
}

/** A whole number typed with 8 or without a prefix is compared in the one written form; a tail stays a tail. */
function phoneTail(digits: string): string {
  return digits.length >= 10 ? phoneDigits(digits) : digits;
}

function isSearchedAlike(left: SearchFields, right: SearchFields): boolean {
  return (
    left.surname === right.surname &&
    left.name === right.name &&
    left.patronymic === right.patronymic &&
    left.organisation === right.organisation &&
    left.settlement === right.settlement &&
    left.phone === right.phone
  );
}

function entryOf<Row>(row: Row, fields: SearchFields, parts: readonly Part<Row>[]): Entry<Row> {
  return {
    row,
    id: fields.id,
    fields,
    parts,
    words: parts.flatMap(({ words }) => words),
    haystack: parts.map(({ haystack }) => haystack).join(''),
    wholeSurname: searchKey(fields.surname).replace(/ /g, ''),
    phone: phoneDigits(fields.phone ?? ''),
    sortKey: nameSortKey(fields)
  };
}

function compareHits<Row>(left: Hit<Row>, right: Hit<Row>): number {
  return left.score - right.score || compareEntries(left.entry, right.entry);
}

function compareEntries<Row>(left: Entry<Row>, right: Entry<Row>): number {
  return compareTexts(left.sortKey, right.sortKey) || compareTexts(left.id, right.id);
}

function insertInOrder<Row>(hits: Hit<Row>[], hit: Hit<Row>): void {
  let low = 0;
  let high = hits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = hits[middle];
    if (other !== undefined && compareHits(other, hit) <= 0) low = middle + 1;
    else high = middle;
  }
  hits.splice(low, 0, hit);
}
