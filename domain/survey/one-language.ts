import { changeTexts } from './form-texts.ts';
import type { Form, Localised } from './form.ts';

/**
 * The same version of a form with the texts of one language only (of its first, when it lacks that one): what a phone
 * is sent, half the bytes. Ids, codes and logic stay, so that answers mean the same.
 */
export function inOneLanguage(form: Form, wanted: string): Form {
  const language = form.languages.includes(wanted) ? wanted : (form.languages[0] ?? wanted);
  const only = (text: Localised): Localised =>
    text[language] === undefined ? {} : { [language]: text[language] };
  return { ...changeTexts(form, only), languages: [language], title: only(form.title) };
}
