/**
 * Letters of Khanty, Mansi and neighbouring alphabets and the Russian letter under which people look for them.
 * Ԓ, Ԯ and Ӆ are written for the same Khanty sound and must find each other.
 */
const baseLetters: ReadonlyMap<string, string> = new Map([
  ...letters('ѐёӗ', 'е'),
  ...letters('ӈңԩ', 'н'),
  ...letters('ԓԯӆԡ', 'л'),
  ...letters('әӛєӭ', 'э'),
  ...letters('ӑӓ', 'а'),
  ...letters('ўӱӯ', 'у'),
  ...letters('өӫӧ', 'о'),
  ...letters('ҷ', 'ч'),
  ...letters('қӄ', 'к'),
  ...letters('ҳӽ', 'х'),
  ...letters('ѝӣ', 'и'),
  ...letters('ӹ', 'ы')
]);

/** Latin letters that look like Cyrillic ones: replaced only inside a word that has both scripts. */
const latinTwins: ReadonlyMap<string, string> = new Map(
  Object.entries({
    a: 'а',
    b: 'в',
    c: 'с',
    e: 'е',
    h: 'н',
    k: 'к',
    m: 'м',
    o: 'о',
    p: 'р',
    t: 'т',
    x: 'х',
    y: 'у',
    ə: 'ә',
    á: 'а',
    é: 'е',
    ó: 'о',
    ý: 'у',
    ā: 'а',
    ē: 'е',
    ō: 'о',
    ī: 'и',
    ū: 'у'
  })
);

/** Words in which folding and sorting have nothing to look for but ё and hyphens: nearly all of a register. */
export const plainRussian = /^[а-яёА-ЯЁ]+(?:[ -][а-яёА-ЯЁ]+)*$/;

/**
 * Folds a text for comparing: case, ё = е, Khanty and Mansi letters to their Russian base, stress and length marks,
 * quotes, kinds of dashes and spaces, Latin letters typed inside a Cyrillic word. Keeps й and hyphens.
 * Folding twice changes nothing more.
 */
export function fold(text: string): string {
  if (plainRussian.test(text)) return text.toLowerCase().replace(/ё/g, 'е');
  const lowered = unify(text).toLocaleLowerCase('ru').normalize('NFC');
  const oneScript = lowered.replace(/[\p{L}\p{M}]+/gu, latinTwinsToCyrillic);
  // NFC has put й together, so a mark that is still loose is stress or length: nobody types it into a search.
  const bare = oneScript.normalize('NFC').replace(/\p{M}/gu, '');
  return Array.from(bare, (letter) => baseLetters.get(letter) ?? letter)
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Drops invisible characters and quotes that come with pasted text, makes one kind of space and one of hyphen. */
function unify(text: string): string {
  return text
    .replace(/[\p{Cf}«»„“”"'’‘ʼ]/gu, '')
    .replace(/[‐‑‒–—−]/g, '-')
    .normalize('NFC');
}

function latinTwinsToCyrillic(word: string): string {
  if (!/\p{Script=Cyrillic}/u.test(word) || !/\p{Script=Latin}/u.test(word)) return word;
  return Array.from(word, (letter) => latinTwins.get(letter) ?? letter).join('');
}

function letters(variants: string, base: string): [string, string][] {
  return Array.from(variants, (variant) => [variant, base]);
}
