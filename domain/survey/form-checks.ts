import { parseExpression, questionsIn } from './expression.ts';
import type { Form, Localised, Option, Question } from './form.ts';
import { valueProblem } from './problems.ts';

export type FormProblem = {
  readonly type:
    | 'wrong_shape'
    | 'duplicate_id'
    | 'bad_expression'
    | 'unknown_question'
    | 'unknown_option'
    | 'cycle'
    | 'missing_text'
    | 'missing_part'
    | 'wrong_default';
  /** The question, option or path in the form. */
  readonly where: string;
  readonly message: string;
};

/** What is wrong with a form of the right shape: ids, references, cycles, texts, parts that a type needs. */
export function checkForm(form: Form): readonly FormProblem[] {
  const questions = form.parts.flatMap((part) => part.questions);
  const byId = new Map(questions.map((question) => [question.id, question]));
  return [
    ...duplicates(
      'part',
      form.parts.map((part) => part.id)
    ),
    ...duplicates(
      'question',
      questions.map((question) => question.id)
    ),
    ...textProblems(form),
    ...questions.flatMap((question) => [
      ...partProblems(question),
      ...expressionProblems(question, byId),
      ...defaultProblems(question),
      ...optionSourceProblems(question, byId)
    ]),
    ...cycleProblems(questions)
  ];
}

function duplicates(what: string, ids: readonly string[]): readonly FormProblem[] {
  const repeated = new Set(ids.filter((id, index) => ids.indexOf(id) !== index));
  return [...repeated].map((id) => ({
    type: 'duplicate_id',
    where: id,
    message: `The ${what} id ${id} is used more than once`
  }));
}

function textProblems(form: Form): readonly FormProblem[] {
  const texts: [string, Localised][] = [
    ['title', form.title],
    ...form.intro.map((text): [string, Localised] => ['intro', text])
  ];
  for (const part of form.parts) {
    texts.push([part.id, part.title]);
    for (const question of part.questions) {
      const { id } = question;
      // A calculated question is never shown, so it may go without words.
      if (question.calculate === undefined) texts.push([id, question.text]);
      if (question.hint) texts.push([id, question.hint]);
      if (question.constraintText) texts.push([id, question.constraintText]);
      if (question.scale) texts.push([id, question.scale.minText], [id, question.scale.maxText]);
      for (const item of [
        ...(question.options ?? []),
        ...(question.rows ?? []),
        ...(question.fields ?? [])
      ]) {
        texts.push([`${id}.${item.code}`, item.text]);
      }
    }
  }
  return texts.flatMap(([where, text]) =>
    form.languages
      .filter((language) => (text[language] ?? '').trim() === '')
      .map((language): FormProblem => ({
        type: 'missing_text',
        where,
        message: `No text in language ${language}`
      }))
  );
}

/** What the type of a question needs beside its text. */
function partProblems(question: Question): readonly FormProblem[] {
  const { id, type } = question;
  const missing = (message: string): FormProblem => ({ type: 'missing_part', where: id, message });
  const problems: FormProblem[] = [];
  const hasOptions = (question.options ?? []).length > 0;
  if (['one', 'many', 'rank'].includes(type) && !hasOptions && question.optionsFrom === undefined) {
    problems.push(missing('A choice needs options or optionsFrom'));
  }
  if (type === 'matrix') {
    if (!hasOptions) problems.push(missing('A matrix needs options as its columns'));
    if ((question.rows ?? []).length === 0 && question.rowsFrom === undefined) {
      problems.push(missing('A matrix needs rows or rowsFrom'));
    }
  }
  if (type === 'scale' && question.scale === undefined) problems.push(missing('A scale needs its ends'));
  if (type === 'repeat' && (question.fields ?? []).length === 0)
    problems.push(missing('A group needs fields'));
  if (question.constraint !== undefined && question.constraintText === undefined) {
    problems.push(missing('A constraint needs the text that explains it'));
  }
  if (question.calculate !== undefined && type !== 'text' && type !== 'number') {
    problems.push(missing('Only a text or a number can be calculated'));
  }
  return [
    ...problems,
    ...duplicates('option', codes(question.options)),
    ...duplicates('row', codes(question.rows))
  ];
}

/** What is filled in beforehand must be an answer that the question takes. */
function defaultProblems(question: Question): readonly FormProblem[] {
  const { id, default: value, options = [], rows = [] } = question;
  if (value === undefined || question.optionsFrom !== undefined || question.rowsFrom !== undefined) return [];
  const wrong = valueProblem(question, value, options, rows);
  return wrong === null
    ? []
    : [{ type: 'wrong_default', where: id, message: `The default is no answer: ${wrong}` }];
}

function codes(options: readonly Option[] | undefined): readonly string[] {
  return (options ?? []).map((option) => option.code);
}

function expressionProblems(question: Question, byId: ReadonlyMap<string, Question>): readonly FormProblem[] {
  const problems: FormProblem[] = [];
  for (const source of [question.relevant, question.constraint, question.calculate]) {
    if (source === undefined) continue;
    const parsed = parseExpression(source);
    if (!parsed.ok) {
      const { position, expected } = parsed.error;
      const message = `«${source}», character ${position + 1}: expected ${expected}`;
      problems.push({ type: 'bad_expression', where: question.id, message });
      continue;
    }
    for (const id of questionsIn(parsed.value)) {
      if (byId.has(id)) continue;
      problems.push({ type: 'unknown_question', where: question.id, message: `There is no question ${id}` });
    }
    problems.push(...unknownCodes(question.id, source, byId));
  }
  return problems;
}

/** A mistyped code in `selected` would silently hide a question for ever. */
function unknownCodes(
  where: string,
  source: string,
  byId: ReadonlyMap<string, Question>
): readonly FormProblem[] {
  const problems: FormProblem[] = [];
  for (const [, id = '', code = ''] of source.matchAll(/selected\(\s*\$(\w+)\s*,\s*'([^']*)'/g)) {
    const asked = byId.get(id);
    // A directory or another question supplies further codes.
    if (
      asked === undefined ||
      !['one', 'many', 'rank'].includes(asked.type) ||
      asked.optionsFrom !== undefined
    )
      continue;
    if (!codes(asked.options).includes(code)) {
      problems.push({ type: 'unknown_option', where, message: `Question ${id} has no option ${code}` });
    }
  }
  return problems;
}

function optionSourceProblems(
  question: Question,
  byId: ReadonlyMap<string, Question>
): readonly FormProblem[] {
  return [question.optionsFrom, question.rowsFrom].flatMap((source): readonly FormProblem[] => {
    if (source === undefined) return [];
    const asked = byId.get(source);
    if (asked === undefined) {
      return [{ type: 'unknown_question', where: question.id, message: `There is no question ${source}` }];
    }
    if (asked.type === 'one' || asked.type === 'many' || asked.type === 'rank') return [];
    return [{ type: 'missing_part', where: question.id, message: `Question ${source} is not a choice` }];
  });
}

/** Whether a question is shown, or what it offers, must not depend on itself, however far around. */
function cycleProblems(questions: readonly Question[]): readonly FormProblem[] {
  const dependencies = new Map(questions.map((question) => [question.id, dependenciesOf(question)]));
  return questions
    .filter((question) => reaches(question.id, question.id, dependencies, new Set()))
    .map((question) => ({
      type: 'cycle',
      where: question.id,
      message: `Question ${question.id} depends on itself`
    }));
}

function dependenciesOf(question: Question): readonly string[] {
  const expressions = [question.relevant, question.calculate].flatMap((source) => {
    const parsed = source === undefined ? undefined : parseExpression(source);
    return parsed?.ok ? questionsIn(parsed.value) : [];
  });
  return [...expressions, ...[question.optionsFrom, question.rowsFrom].filter((id) => id !== undefined)];
}

function reaches(
  from: string,
  target: string,
  dependencies: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>
): boolean {
  if (seen.has(from)) return false;
  seen.add(from);
  const next = dependencies.get(from) ?? [];
  return next.includes(target) || next.some((id) => reaches(id, target, dependencies, seen));
}
