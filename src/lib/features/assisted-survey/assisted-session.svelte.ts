import type { AnswerValue } from '#domain/survey/answers.ts';
import {
  answer,
  answerOther,
  goTo,
  goToAnyPart,
  nextQuestion,
  previousQuestion,
  problems,
  responseOf,
  startSurvey,
  type Notice
} from '#domain/survey/engine.ts';
import type { Problem } from '#domain/survey/problems.ts';
import { readCentre, todayIn } from '$lib/features/centre/index.ts';
import { emptyContact, type ContactDraft } from '$lib/questionnaire/contact-draft.ts';
import { keepFilling, recordContact, recordResponse, type Recorder } from './commands.ts';
import type { Filling, OpenSurvey } from './queries.ts';
import { readReturned, type ToCorrect } from './recorded.ts';

export type AssistedScreen = 'start' | 'question' | 'summary' | 'recorded';

/** A questionnaire filled in from somebody's words: what is on the screen, its draft, and the write that records it. */
export class AssistedSession {
  readonly survey: OpenSurvey;
  readonly #app: Recorder;
  #screen = $state.raw<AssistedScreen>('start');
  #filling = $state.raw<Filling | undefined>(undefined);
  #correcting = $state.raw<{ readonly remark: string | undefined }>();
  #recorded = $state.raw<Filling | undefined>(undefined);
  #notice = $state.raw<Notice | undefined>(undefined);
  #problem = $state.raw<Problem | undefined>(undefined);
  #kept = $state.raw(false);
  #failed = $state.raw(false);
  #keeping: Promise<void> = Promise.resolve();

  constructor(app: Recorder, survey: OpenSurvey) {
    this.#app = app;
    this.survey = survey;
  }

  get screen(): AssistedScreen {
    return this.#screen;
  }

  get filling(): Filling | undefined {
    return this.#filling;
  }

  /** The questionnaire that was recorded last, with its number. */
  get recorded(): Filling | undefined {
    return this.#recorded;
  }

  get contact(): ContactDraft {
    return this.#filling?.contact ?? emptyContact;
  }

  /** What keeps the present question from being left with «Дальше». */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  get notice(): Notice | undefined {
    return this.#notice;
  }

  /** The last answer is kept on the device. */
  get kept(): boolean {
    return this.#kept;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Whether a second part can follow what was recorded. */
  get hasMore(): boolean {
    return this.#morePart() !== undefined;
  }

  start(): void {
    const { survey } = this;
    const state = startSurvey(survey.form, survey.form.parts[0]?.id ?? '');
    this.#show({
      response: this.#app.newId(),
      campaign: survey.id,
      startedAt: this.#app.now(),
      code: undefined,
      contact: emptyContact,
      survey: state
    });
  }

  resume(filling: Filling): void {
    this.#show(filling);
  }

  /** Opens what was returned or not accepted: its answers are read over, corrected and recorded under the same number. */
  correct({ response, values, answers, remark }: ToCorrect): void {
    const [first] = this.survey.form.parts;
    const survey = goTo(startSurvey(this.survey.form, first?.id ?? '', answers), null);
    this.#show({
      response,
      campaign: this.survey.id,
      startedAt: values.startedAt ?? this.#app.now(),
      code: values.code,
      contact: emptyContact,
      survey
    });
    this.#correcting = { remark: remark?.values.text };
  }

  /** Why the questionnaire on the screen came back. */
  get remark(): string | undefined {
    return this.#correcting?.remark;
  }

  /** Parts that the summary shows: of a recorded questionnaire all that have answers. */
  get parts(): readonly string[] {
    const filling = this.#filling;
    if (filling === undefined) return [];
    if (this.#correcting === undefined) return [filling.survey.part];
    return this.survey.form.parts
      .filter(
        ({ id, questions }) =>
          id === filling.survey.part || questions.some((one) => one.id in filling.survey.answers)
      )
      .map(({ id }) => id);
  }

  /** «Ответить ещё»: the second part under the same number. */
  startMore(): void {
    const [part, recorded] = [this.#morePart(), this.#recorded];
    if (part === undefined || recorded === undefined) return;
    const survey = startSurvey(this.survey.form, part, recorded.survey.answers);
    this.#show({ ...recorded, survey });
  }

  give(questionId: string, value: AnswerValue | null): void {
    const filling = this.#filling;
    if (filling === undefined) return;
    const { state, notice } = answer(filling.survey, questionId, value);
    this.#notice = notice ?? undefined;
    this.#take({ ...filling, survey: state });
  }

  giveOther(questionId: string, text: string): void {
    const filling = this.#filling;
    if (filling !== undefined)
      this.#take({ ...filling, survey: answerOther(filling.survey, questionId, text) });
  }

  /** What is typed for the contact stays in the draft. */
  typeContact(patch: Partial<ContactDraft>): void {
    const filling = this.#filling;
    if (filling !== undefined) this.#take({ ...filling, contact: { ...filling.contact, ...patch } });
  }

  /** Records the contact apart from the answers; false when it could not be stored. */
  async leaveContact(contact: { readonly name: string; readonly phone: string }): Promise<boolean> {
    try {
      const { zone } = await readCentre(this.#app.database);
      await recordContact(this.#app, this.survey.id, contact, todayIn(zone, this.#app.now()));
    } catch (error) {
      console.error(error);
      return false;
    }
    this.typeContact({ ...emptyContact, left: true });
    return true;
  }

  next(): void {
    const survey = this.#filling?.survey;
    if (survey === undefined) return;
    this.#problem = problems(survey).find(({ questionId }) => questionId === survey.current);
    if (this.#problem !== undefined) return;
    const question = nextQuestion(survey);
    this.open(question?.id ?? null);
  }

  /** A questionnaire is on the screen: «Назад» leads to the previous question, not off the page. */
  get isAsking(): boolean {
    return this.#screen === 'question' || this.#screen === 'summary';
  }

  /** The previous question; from the first one, the start with the draft kept. */
  previous(): void {
    const question = this.#filling === undefined ? null : previousQuestion(this.#filling.survey);
    if (question === null) this.#screen = 'start';
    else this.open(question.id);
  }

  /** Shows a question, or with `null` the summary. */
  open(questionId: string | null): void {
    const filling = this.#filling;
    if (filling === undefined) return;
    this.#notice = undefined;
    this.#take({ ...filling, survey: goToAnyPart(filling.survey, questionId) });
    this.#screen = questionId === null ? 'summary' : 'question';
  }

  /** Records the answers; after it the number is on the screen. */
  async record(language: 'ru' | 'en', randomBytes: Uint8Array): Promise<void> {
    const filling = this.#filling;
    if (filling === undefined) return;
    await this.#keeping;
    try {
      const returned = await readReturned(this.#app.database);
      const remark = returned.find(({ values }) => values.target === filling.response)?.id;
      const code = await recordResponse(this.#app, this.survey, filling, language, randomBytes, remark);
      this.#recorded = { ...filling, code };
      this.#filling = undefined;
      this.#failed = false;
      this.#screen = 'recorded';
    } catch (error) {
      console.error(error);
      this.#failed = true;
    }
  }

  /** Whether nothing was answered yet. */
  get isEmpty(): boolean {
    const filling = this.#filling;
    return (
      filling === undefined || Object.keys(responseOf(this.survey.form, filling.survey.answers)).length === 0
    );
  }

  #morePart(): string | undefined {
    const parts = this.survey.form.parts;
    const done = parts.findIndex((part) => part.id === this.#recorded?.survey.part);
    return done === -1 ? undefined : parts[done + 1]?.id;
  }

  #show(filling: Filling): void {
    this.#correcting = undefined;
    this.#notice = undefined;
    this.#problem = undefined;
    this.#filling = filling;
    this.#screen = filling.survey.current === null ? 'summary' : 'question';
  }

  #take(filling: Filling): void {
    this.#filling = filling;
    this.#problem = undefined;
    this.#kept = false;
    // In their order: a slow write never puts an older answer over a newer one.
    this.#keeping = this.#keeping.then(() => this.#keep(filling));
  }

  async #keep(filling: Filling): Promise<void> {
    // A newer one is queued behind this.
    if (this.#filling !== filling) return;
    try {
      await keepFilling(this.#app, filling);
      this.#kept = true;
      this.#failed = false;
    } catch (error) {
      console.error(error);
      this.#failed = true;
    }
  }
}
