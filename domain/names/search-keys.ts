import { fold } from './fold.ts';
import { compareTexts, nameSortKey, type PersonName } from './person-name.ts';
import { phoneDigits } from './phone.ts';
import { keyboardVariants } from './keyboard-layout.ts';

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

/** Where a word stands, best first: the number is its weight in the order of results. */
const place = { surname: 0, name: 2, patronymic: 4, organisation: 6, settlement: 7, phone: 8 } as const;

/** One word of a row in all the ways it may be typed: «Иванова» of «Иванова-Петрова» is also «ивановапетрова». */
type Word = { readonly forms: readonly string[]; readonly weight: number };
type Entry<Row> = {
  readonly row: Row;
  readonly id: string;
  readonly source: string;
  readonly words: readonly Word[];
  /** All words in one text, each after a space: most rows are refused by one look into it. */
  readonly haystack: string;
  readonly wholeSurname: string;
  readonly phone: string;
  readonly sortKey: string;
};
type Term = { readonly text: string; readonly digits: string };
type Hit<Row> = { readonly entry: Entry<Row>; readonly score: number };

/** The key under which a text is found: folded, hyphens and other signs as spaces. */
export function searchKey(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/**
 * An index over people for search while typing: keys are made once for a row, one search over 10,000 rows takes
 * single milliseconds. Every word of the query must begin some word of the row, in any order; three or more digits
 * also match the end of the telephone. When nothing is found the query is read in the other keyboard layout.
 */
export function createSearchIndex<Row>(
  rows: Iterable<Row>,
  fieldsOf: (row: Row) => SearchFields
): SearchIndex<Row> {
  const entries = new Map<string, Entry<Row>>();
  const put = (row: Row) => {
    const fields = fieldsOf(row);
    entries.set(fields.id, entryOf(row, fields, entries.get(fields.id)));
  };
  for (const row of rows) put(row);

  return {
    get size() {
      return entries.size;
    },
    put,
    remove: (id) => {
      entries.delete(id);
    },
    search: (query, limit) => {
      for (const variant of [query, ...keyboardVariants(query)]) {
        const found = bestRows(entries.values(), termVariants(variant), limit);
        if (found.length > 0) return found;
      }
      return [];
    }
  };
}

function bestRows<Row>(
  entries: Iterable<Entry<Row>>,
  variants: readonly (readonly Term[])[],
  limit: number
): readonly Row[] {
  if (limit <= 0 || variants.length === 0) return [];
  const best: Hit<Row>[] = [];
  for (const entry of entries) {
    const score = Math.min(...variants.map((terms) => scoreOf(entry, terms)));
    if (score === Infinity) continue;
    const hit = { entry, score };
    const last = best[limit - 1];
    if (last !== undefined && compareHits(hit, last) > 0) continue;
    insertInOrder(best, hit);
    if (best.length > limit) best.pop();
  }
  return best.map((hit) => hit.entry.row);
}

/** The lower the better, Infinity when a term matches nothing. A match in the surname outweighs everything else. */
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
  return best * 1000 + sum;
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

function entryOf<Row>(row: Row, fields: SearchFields, known: Entry<Row> | undefined): Entry<Row> {
  const { id, surname, name, patronymic, organisation, settlement, phone } = fields;
  const source = JSON.stringify([surname, name, patronymic, organisation, settlement, phone]);
  // A tap changes the mark of a row, hardly ever its name: the keys are kept.
  if (known?.source === source) return { ...known, row };
  const words = [
    ...wordsOf(surname, place.surname),
    ...wordsOf(name, place.name),
    ...wordsOf(patronymic, place.patronymic),
    ...wordsOf(organisation, place.organisation),
    ...wordsOf(settlement, place.settlement)
  ];
  return {
    row,
    id,
    source,
    words,
    haystack: ` ${words.flatMap((word) => word.forms).join(' ')}`,
    wholeSurname: searchKey(surname).replace(/ /g, ''),
    phone: phoneDigits(phone ?? ''),
    sortKey: nameSortKey(fields)
  };
}

function wordsOf(text: string | null | undefined, weight: number): readonly Word[] {
  if (text === null || text === undefined || text === '') return [];
  const variants = spellings(text).map(wordForms);
  const [first = []] = variants;
  // «СО НКО» is written both ways.
  const isSplit = /(^| )со нко( |$)/.test(searchKey(text));
  return first.map((own, position) => {
    const forms = new Set([...own, ...variants.flatMap((words) => words[position] ?? [])]);
    if (isSplit && forms.has('со')) forms.add('сонко');
    return { forms: [...forms], weight };
  });
}

/** The words of a text; the first part of a hyphenated word is also found as the whole word without hyphens. */
function wordForms(text: string): readonly (readonly string[])[] {
  return fold(text)
    .split(' ')
    .flatMap((word) => {
      const parts = searchKey(word)
        .split(' ')
        .filter((part) => part !== '');
      return parts.map((part, position) =>
        position === 0 && parts.length > 1 ? [part, parts.join('')] : [part]
      );
    });
}

/** Ә is looked for as э (which folding makes), as е and as а. */
function spellings(text: string): readonly string[] {
  if (!/[ӘәƏəӚӛ]/.test(text)) return [text];
  return [text, text.replace(/[ӘәƏəӚӛ]/g, 'е'), text.replace(/[ӘәƏəӚӛ]/g, 'а')];
}

function compareHits<Row>(left: Hit<Row>, right: Hit<Row>): number {
  return (
    left.score - right.score ||
    compareTexts(left.entry.sortKey, right.entry.sortKey) ||
    compareTexts(left.entry.id, right.entry.id)
  );
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
