import { en } from './en.ts';
import { ru, type OperatorWords } from './ru.ts';

export type { OperatorWords } from './ru.ts';

/** A language in which the program speaks with whoever runs it. Its log is for developers and stays English. */
export type Language = 'ru' | 'en';

/** Everything that is said on the terminal, by language. */
export const operatorWords: Readonly<Record<Language, OperatorWords>> = { ru, en };

/** The language that an environment asks for: ZIMNIK_LANGUAGE, else the system's; Russian unless English is named. */
export function languageOf(environment: Readonly<Record<string, string | undefined>>): Language {
  const chosen = environment['ZIMNIK_LANGUAGE']?.trim();
  if (chosen === 'ru' || chosen === 'en') return chosen;
  // An empty variable counts as unset, as everywhere with locales.
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return /^en(?![a-z])/i.test(locale) ? 'en' : 'ru';
}
