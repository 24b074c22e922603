import type { Field, Form, Localised, Option, Question } from './form.ts';

/**
 * The same version of a form with the texts of one language only (of its first, when it lacks that one): what a phone
 * is sent, half the bytes. Ids, codes and logic stay, so that answers mean the same.
 */
export function inOneLanguage(form: Form, wanted: string): Form {
  const language = form.languages.includes(wanted) ? wanted : (form.languages[0] ?? wanted);
  const only = (text: Localised): Localised =>
    text[language] === undefined ? {} : { [language]: text[language] };
  const option = (from: Option): Option => ({ ...from, text: only(from.text) });
  const field = (from: Field): Field => ({ ...from, text: only(from.text) });
  const question = (from: Question): Question => ({
    ...from,
    text: only(from.text),
    ...(from.hint && { hint: only(from.hint) }),
    ...(from.constraintText && { constraintText: only(from.constraintText) }),
    ...(from.options && { options: from.options.map(option) }),
    ...(from.rows && { rows: from.rows.map(option) }),
    ...(from.fields && { fields: from.fields.map(field) }),
    ...(from.scale && {
      scale: { ...from.scale, minText: only(from.scale.minText), maxText: only(from.scale.maxText) }
    })
  });
  return {
    ...form,
    languages: [language],
    title: only(form.title),
    intro: form.intro.map(only),
    parts: form.parts.map((part) => ({
      ...part,
      title: only(part.title),
      questions: part.questions.map(question)
    }))
  };
}
