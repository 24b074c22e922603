import { fold } from './fold.ts';

/** Where a word stands, best first: the number is its weight in the order of results. */
export const place = {
  surname: 0,
  name: 2,
  patronymic: 4,
  organisation: 6,
  settlement: 7,
  phone: 8
} as const;
/** Where words stand; a telephone is no word. */
export const placesOfWords = [
  place.surname,
  place.name,
  place.patronymic,
  place.organisation,
  place.settlement
];

/** One word of a row in all the ways it may be typed: «Иванова» of «Иванова-Петрова» is also «ивановапетрова». */
export type Word = { readonly forms: readonly string[]; readonly weight: number };

const oneRussianWord = /^[а-яёА-ЯЁ]+$/;

/** The key under which a text is found: folded, hyphens and other signs as spaces. */
export function searchKey(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The words of a text that stands at this place. */
export function wordsOf(text: string | null | undefined, weight: number): readonly Word[] {
  if (text === null || text === undefined || text === '') return [];
  if (oneRussianWord.test(text)) return [{ forms: [fold(text)], weight }];
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
