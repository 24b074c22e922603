import { fail, ok, type Result } from '../result.ts';
import { fold, plainRussian } from './fold.ts';

/** A person's name as the records keep it; the patronymic is optional and is never filled with «нет». */
export type PersonName = {
  readonly surname: string;
  readonly name: string;
  readonly patronymic?: string | null | undefined;
};

export type PersonNameError =
  | { readonly type: 'empty' }
  | { readonly type: 'name_missing'; readonly surname: string }
  | { readonly type: 'unexpected_characters'; readonly characters: string };

const noBreakSpace = '\u00a0';
const surnameParticles = new Set(['де', 'да', 'ла', 'ле', 'дер', 'ван', 'фон', 'тер', 'эль', 'аль', 'бен']);

/** «Фамилия Имя Отчество», for lists and documents. */
export function fullName(person: PersonName): string {
  return [person.surname, person.name, person.patronymic ?? '']
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
}

/** «Фамилия И. О.» with non-breaking spaces, so that a line never ends inside it. */
export function shortName(person: PersonName): string {
  return [person.surname.trim(), initials(person.name), initials(person.patronymic ?? '')]
    .filter((part) => part !== '')
    .join(noBreakSpace);
}

/** «Анна И.», the way a colleague is called on a shared device. */
export function firstNameAndInitial(person: PersonName): string {
  return [person.name.trim(), initials(person.surname)].filter((part) => part !== '').join(noBreakSpace);
}

/**
 * A key that sorts by plain comparison of strings in Russian order: ё stands with е, Ӈ after Н, Ԓ after Л, Ӑ after А,
 * a shorter surname before a longer one, numbers by value.
 */
export function nameSortKey(person: PersonName): string {
  return [person.surname, person.name, person.patronymic ?? ''].map(textSortKey).join('\u0000');
}

/** The same order for one text: an organisation, a settlement. */
export function textSortKey(text: string): string {
  if (plainRussian.test(text)) return text.toLowerCase().replace(/ё/g, 'е').replace(/-/g, ' ');
  const lowered = text.toLocaleLowerCase('ru').normalize('NFC');
  const key = Array.from(lowered, letterSortKey).join('');
  return key
    .replace(/[\s-]+/g, ' ')
    .trim()
    .replace(/\d+/g, (digits) => digits.padStart(12, '0'));
}

/** Compares two names for `sort`; equal keys (Ежов and Ёжов) fall back to the letters, so the order never wavers. */
export function comparePersonNames(left: PersonName, right: PersonName): number {
  return compareTexts(nameSortKey(left), nameSortKey(right)) || compareTexts(fullName(left), fullName(right));
}

/**
 * Reads one line «Фамилия Имя Отчество», also «Фамилия И. О.», «И. О. Фамилия», «де ла Крус Мария»,
 * «Оглы-Заде Рашид Али оглы». The letters stay as typed, only spaces and the normalisation form change.
 */
export function parsePersonName(text: string): Result<PersonName, PersonNameError> {
  const line = tidyLine(text);
  if (line === '') return fail({ type: 'empty' });
  const foreign = line.replace(/[\p{L}\p{M}\-'’ʼ. ]/gu, '');
  if (foreign !== '') return fail({ type: 'unexpected_characters', characters: foreign });

  const words = wordsWithInitialsFirst(line.split(' '));
  const surnameLength = lengthOfSurname(words);
  const surname = words.slice(0, surnameLength).join(' ');
  const name = words[surnameLength];
  if (name === undefined) return fail({ type: 'name_missing', surname });
  const patronymic = words.slice(surnameLength + 1).join(' ');
  return ok(patronymic === '' ? { surname, name } : { surname, name, patronymic });
}

/** Capitals at the beginning of each word, for a field while it is being typed. Never applied to what is stored. */
export function capitaliseName(text: string): string {
  return text.replace(/(^|[\s\-.])(\p{Ll})/gu, (_whole, before: string, letter: string) => {
    return before + letter.toLocaleUpperCase('ru');
  });
}

/** «А.» of «Анна», «А.-М.» of «Анна-Мария»; a letter keeps its marks (Ю̄). */
function initials(name: string): string {
  return name
    .trim()
    .split('-')
    .map((part) => /\p{L}\p{M}*/u.exec(part)?.[0] ?? '')
    .filter((letter) => letter !== '')
    .map((letter) => `${letter.toLocaleUpperCase('ru')}.`)
    .join('-');
}

function letterSortKey(letter: string): string {
  const base = fold(letter);
  if (base === letter || letter === 'ё' || !/\p{L}/u.test(letter))
    return base === '' ? (letter.trim() === '' ? ' ' : '') : base;
  // ӿ follows every letter a word can be folded to, so «ӈ» comes after «ня» and before «о».
  return `${base}ӿ`;
}

/** One space between words, none around a hyphen, one after the dot of an initial. */
function tidyLine(text: string): string {
  return text
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[‐‑‒–—−]/g, '-')
    .replace(/\s*-\s*/g, '-')
    .replace(/\.(?=[^\s-])/g, '. ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** «И. С. Волдин» → «Волдин И. С.» */
function wordsWithInitialsFirst(words: readonly string[]): readonly string[] {
  const firstWord = words.findIndex((word) => !word.endsWith('.'));
  return firstWord > 0 ? [...words.slice(firstWord), ...words.slice(0, firstWord)] : words;
}

function lengthOfSurname(words: readonly string[]): number {
  const afterParticles = words.findIndex((word) => !surnameParticles.has(word));
  return afterParticles === -1 ? words.length : afterParticles + 1;
}

/** Plain comparison of strings, for sort keys. */
export function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
