import { overwriteGetLocale } from '$lib/paraglide/runtime.js';

/**
 * Chooses the language of every word on the page. The build puts another module in the place of this one, which loads the
 * words of that language alone: `scripts/survey-words.mjs`.
 */
export function useLanguage(language: 'ru' | 'en'): Promise<void> {
  overwriteGetLocale(() => language);
  return Promise.resolve();
}
