import { changeTexts } from './form-texts.ts';
import type { Form } from './form.ts';

/** Shorter words fit a line of a phone however large its text is. */
const shortest = 11;
/** Nothing shorter is left on a line. */
const leastPart = 3;
const soft = '\u00ad';

const longRussianWords = new RegExp(`[а-яё]{${shortest},}`, 'gi');

/**
 * Puts soft hyphens into long Russian words, so that large text on a small screen is not torn in the middle of a syllable.
 * Browsers that hyphenate by themselves have no Russian dictionary on most devices. For texts that are read, not copied.
 */
export function softHyphens(text: string): string {
  return text.replace(longRussianWords, (word) => {
    let told = '';
    let from = 0;
    for (let place = leastPart; place <= word.length - leastPart; place += 1) {
      if (place - from < leastPart || !beginsSyllable(word, place)) continue;
      told += word.slice(from, place) + soft;
      from = place;
    }
    return told + word.slice(from);
  });
}

/** The form with soft hyphens in the texts that people read while they fill it. */
export function softHyphensIn(form: Form): Form {
  return changeTexts(form, (text) =>
    Object.fromEntries(Object.entries(text).map(([language, words]) => [language, softHyphens(words)]))
  );
}

/** A consonant before a vowel, but not the last of «ст», «тр» and their like, which are spoken together. */
function beginsSyllable(word: string, place: number): boolean {
  const [before = '', here = '', after = ''] = word.slice(place - 1, place + 2).toLowerCase();
  const isTogether =
    (before === 'с' && 'ктп'.includes(here)) || ('бвгдкптф'.includes(before) && 'рл'.includes(here));
  return !isTogether && !isVowel(here) && !'ьъй'.includes(here) && isVowel(after);
}

function isVowel(letter: string): boolean {
  return 'аеёиоуыэюя'.includes(letter);
}
