import type { Field, Form, Localised, Option, Question } from './form.ts';

/** The same form with each of its texts, but for its title, put through `change`. Ids, codes and logic stay. */
export function changeTexts(form: Form, change: (text: Localised) => Localised): Form {
  const option = (from: Option): Option => ({ ...from, text: change(from.text) });
  const field = (from: Field): Field => ({ ...from, text: change(from.text) });
  const question = (from: Question): Question => ({
    ...from,
    text: change(from.text),
    ...(from.hint && { hint: change(from.hint) }),
    ...(from.constraintText && { constraintText: change(from.constraintText) }),
    ...(from.options && { options: from.options.map(option) }),
    ...(from.rows && { rows: from.rows.map(option) }),
    ...(from.fields && { fields: from.fields.map(field) }),
    ...(from.scale && {
      scale: { ...from.scale, minText: change(from.scale.minText), maxText: change(from.scale.maxText) }
    })
  });
  return {
    ...form,
    intro: form.intro.map(change),
    parts: form.parts.map((part) => ({
      ...part,
      title: change(part.title),
      questions: part.questions.map(question)
    }))
  };
}
