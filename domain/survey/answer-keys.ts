import type { AnswerFields, Answers, AnswerValue } from './answers.ts';

/** Where the free text of a question's «other» option stands among the answers. */
export function otherKey(questionId: string): string {
  return `${questionId}/other`;
}

/** The answer under a key; `constructor` and the like are not answers. */
export function answerAt(answers: Answers, key: string): AnswerValue | undefined {
  return Object.prototype.hasOwnProperty.call(answers, key) ? answers[key] : undefined;
}

/** An empty text, list or object is no answer. */
export function isEmptyAnswer(value: AnswerValue | null | undefined): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'number') return false;
  if (typeof value === 'string') return value.trim() === '';
  return Object.keys(value).length === 0;
}

/** Tells a list of codes (`many`, `rank`) from every other answer. */
export function isCodes(value: AnswerValue | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** Tells an object answer (`matrix`, `geopoint`) from every other one. */
export function isFields(value: AnswerValue | undefined): value is AnswerFields {
  return typeof value === 'object' && !Array.isArray(value);
}

/** The codes that an answer names: of a list all, of a single choice the one, of anything else none. */
export function codesOf(value: AnswerValue | undefined): readonly string[] {
  if (isCodes(value)) return value;
  return typeof value === 'string' ? [value] : [];
}
