import type { AnswerValue } from '#domain/survey/answers.ts';
import type { Question } from '#domain/survey/form.ts';
import type { SurveyState } from '#domain/survey/engine.ts';

/** A directory that a question chooses from: settlements, organisations. */
export interface DirectoryEntry {
  readonly id: string;
  readonly name: string;
}

/** What every kind of question on the screen gets. */
export interface QuestionProps {
  readonly survey: SurveyState;
  readonly question: Question;
  readonly language: 'ru' | 'en';
  readonly directory: readonly DirectoryEntry[];
  /** `null` takes the answer back. */
  readonly onanswer: (value: AnswerValue | null) => void;
  readonly onother: (text: string) => void;
}

/** An input event, as far as a question needs it; svelte-eslint-parser knows no type of a component's handler. */
export interface InputEventOf {
  readonly currentTarget: { readonly value: string };
}
