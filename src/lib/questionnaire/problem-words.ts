import type { Question } from '#domain/survey/form.ts';
import type { Problem } from '#domain/survey/problems.ts';
import { textIn } from '#domain/survey/summary.ts';
import { m } from '$lib/paraglide/messages.js';

/** What to do about an answer that cannot stay, in the form's own words where it has them. */
export function problemWords(question: Question, type: Problem['type'], language: string): string {
  switch (type) {
    case 'constraint':
      return question.constraintText === undefined
        ? m.survey_check_answer()
        : textIn(question.constraintText, language);
    case 'required':
      return m.survey_required();
    case 'not_whole':
      return m.survey_not_whole();
    case 'too_long':
      return m.survey_too_long();
    default:
      return m.survey_check_answer();
  }
}
