import * as v from 'valibot';
import { plainDateAt } from '#domain/names/format.ts';
import type { AnswerValue } from '#domain/survey/answers.ts';
import {
  answer,
  answerOther,
  goTo,
  nextQuestion,
  problems,
  startSurvey,
  type Notice,
  type SurveyState
} from '#domain/survey/engine.ts';
import type { SurveyPageData } from '#domain/survey/page-data.ts';
import type { Problem } from '#domain/survey/problems.ts';
import { emptyContact, type ContactDraft } from '$lib/questionnaire/contact-draft.ts';
import { dropFilling, keepFilling, readFilling, type Filling } from './filling.ts';
import { storeContact, storeResponse } from './send.ts';
import {
  handOver,
  readSent,
  stateOf,
  type SentQuestionnaire,
  type SentState
} from './sent-questionnaires.ts';
import type { SurveyDevice } from './survey-device.ts';

export type Screen = 'start' | 'question' | 'summary' | 'sent' | 'list';

export interface SentWithState extends SentQuestionnaire {
  readonly state: SentState;
}

/**
 * The activist's questionnaire from start to «отправлено»: what is on the screen, the draft that survives the tab, and
 * the one write that stores the response. Each screen is an entry of the history, so that the phone's «Назад» works.
 */
export class SurveySession {
  readonly data: SurveyPageData;
  readonly #device: SurveyDevice;
  #screen = $state.raw<Screen>('start');
  #filling = $state.raw<Filling | undefined>(undefined);
  #resumable = $state.raw<Filling | undefined>(undefined);
  #sent = $state.raw<readonly SentWithState[]>([]);
  #last = $state.raw<string | undefined>(undefined);
  #notice = $state.raw<Notice | undefined>(undefined);
  #problem = $state.raw<Problem | undefined>(undefined);
  #saved = $state.raw(false);
  #saveFailed = $state.raw(false);

  constructor(data: SurveyPageData, device: SurveyDevice) {
    this.data = data;
    this.#device = device;
  }

  /** Language of the page's own words. */
  get language(): 'ru' | 'en' {
    return this.data.language === 'en' ? 'en' : 'ru';
  }

  /** The last day is over in the centre's time zone: a page that was kept on the phone tells it too. */
  get isOver(): boolean {
    const { to } = this.data.campaign;
    return to !== null && to < plainDateAt(this.#device.environment.now(), this.data.centre.timeZone);
  }

  settlementName(id: string): string | undefined {
    return this.data.settlements.find((entry) => entry.id === id)?.name;
  }

  get screen(): Screen {
    return this.#screen;
  }

  get survey(): SurveyState | undefined {
    return this.#filling?.survey;
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

  /** The last change is stored on the phone. */
  get saved(): boolean {
    return this.#saved;
  }

  get saveFailed(): boolean {
    return this.#saveFailed;
  }

  /** A half-filled questionnaire found at the start. */
  get resumable(): SurveyState | undefined {
    return this.#resumable?.survey;
  }

  get sent(): readonly SentWithState[] {
    return this.#sent;
  }

  get lastSent(): SentWithState | undefined {
    return this.#sent.find((one) => one.id === this.#last);
  }

  /** Reads what this phone holds. */
  async load(): Promise<void> {
    this.#resumable = await readFilling(this.#device, this.data.form);
    await this.refreshSent();
  }

  async refreshSent(): Promise<void> {
    const database = this.#device.database;
    const sent = await readSent(database);
    this.#sent = await Promise.all(
      sent.map(async (one) => ({ ...one, state: await stateOf(database, one.id) }))
    );
  }

  /** Begins a new questionnaire. */
  start(): void {
    const survey = startSurvey(this.data.form, this.data.form.parts[0]?.id ?? '');
    this.#filling = {
      response: this.#device.newId(),
      startedAt: this.#device.environment.now(),
      code: undefined,
      contact: emptyContact,
      survey
    };
    this.#resumable = undefined;
    this.#go('question');
  }

  /** Goes on with the half-filled one, at its question. */
  resume(): void {
    if (this.#resumable === undefined) return;
    this.#filling = this.#resumable;
    this.#resumable = undefined;
    this.#go(this.#filling.survey.current === null ? 'summary' : 'question');
  }

  /** «Ответить ещё на несколько?»: the second part of the questionnaire that was just sent. */
  startMore(): void {
    const sent = this.lastSent;
    const part = this.data.form.parts[1];
    if (sent?.answers === undefined || part === undefined) return;
    const survey = startSurvey(this.data.form, part.id, sent.answers);
    this.#filling = {
      response: sent.id,
      startedAt: sent.submittedAt,
      code: sent.code,
      contact: emptyContact,
      survey
    };
    this.#go('question');
  }

  give(questionId: string, value: AnswerValue | null): void {
    this.#change((survey) => {
      const { state, notice } = answer(survey, questionId, value);
      this.#notice = notice ?? undefined;
      return state;
    });
  }

  giveOther(questionId: string, text: string): void {
    this.#change((survey) => answerOther(survey, questionId, text));
  }

  next(): void {
    const filling = this.#filling;
    if (filling === undefined) return;
    this.#problem = problems(filling.survey).find(({ questionId }) => questionId === filling.survey.current);
    if (this.#problem !== undefined) return;
    const question = nextQuestion(filling.survey);
    this.#change((survey) => goTo(survey, question?.id ?? null));
    this.#go(question === null ? 'summary' : 'question');
  }

  previous(): void {
    history.back();
  }

  /** Back to one question, from the summary. */
  open(questionId: string): void {
    this.#change((survey) => goTo(survey, questionId));
    this.#go('question');
  }

  /** The phone's «Назад» and «Вперёд». */
  restore(entry: unknown): void {
    const parsed = v.safeParse(
      v.object({
        screen: v.picklist(['start', 'question', 'summary', 'sent', 'list']),
        question: v.optional(v.string())
      }),
      entry
    );
    const target = parsed.success ? parsed.output : { screen: 'start' as const };
    this.#notice = undefined;
    const filling = this.#filling;
    if ((target.screen === 'question' || target.screen === 'summary') && filling !== undefined) {
      const question = target.screen === 'question' ? (target.question ?? null) : null;
      this.#change((survey) => goTo(survey, question));
      this.#screen = question === null ? 'summary' : 'question';
      return;
    }
    if (target.screen === 'question' || target.screen === 'summary')
      this.#screen = this.lastSent ? 'sent' : 'start';
    else this.#screen = target.screen;
    if (this.#screen === 'start' && filling !== undefined) this.#resumable = filling;
  }

  showList(): void {
    this.#go('list');
  }

  /** Stores the response in one write; resolves when it is safe on the phone. */
  async submit(): Promise<void> {
    const filling = this.#filling;
    if (filling === undefined) return;
    const earlier = this.#sent.find((one) => one.id === filling.response);
    try {
      await storeResponse(this.#device, this.data, filling, earlier);
    } catch (error) {
      console.error(error);
      this.#saveFailed = true;
      return;
    }
    this.#last = filling.response;
    this.#filling = undefined;
    await this.refreshSent();
    this.#go('sent');
    this.#device.runner.nudge();
    void this.#device.runner.now();
  }

  /** A contact is a record of its own with its own consent: nothing in it points to the answers. */
  async leaveContact(contact: { readonly name: string; readonly phone: string }): Promise<boolean> {
    try {
      await storeContact(this.#device, this.data, contact);
    } catch (error) {
      console.error(error);
      return false;
    }
    this.typeContact({ ...emptyContact, left: true });
    this.#device.runner.nudge();
    return true;
  }

  /** What is typed for the contact stays in the draft. */
  typeContact(patch: Partial<ContactDraft>): void {
    const filling = this.#filling;
    if (filling !== undefined) this.#take({ ...filling, contact: { ...filling.contact, ...patch } });
  }

  /** Clears the half-filled questionnaire: «Начать заново». */
  async discard(): Promise<void> {
    await dropFilling(this.#device);
    this.#resumable = undefined;
    this.#filling = undefined;
  }

  /** «Передать другому»: contents of what was sent leave the screen; a new questionnaire begins from the start page. */
  async handOver(): Promise<void> {
    await handOver(this.#device.database);
    await this.refreshSent();
    this.#last = undefined;
    this.#go('start');
  }

  /** Exchanges at once if something waits; a phone with nothing to send asks nothing of the network. */
  async sendNow(): Promise<void> {
    if ((await this.#device.database.outbox.count()) > 0) await this.#device.runner.now();
  }

  #change(next: (survey: SurveyState) => SurveyState): void {
    const filling = this.#filling;
    if (filling !== undefined) this.#take({ ...filling, survey: next(filling.survey) });
  }

  #take(filling: Filling): void {
    this.#filling = filling;
    this.#problem = undefined;
    this.#saved = false;
    void this.#save(filling);
  }

  async #save(filling: Filling): Promise<void> {
    try {
      await keepFilling(this.#device, filling);
      this.#saveFailed = false;
      this.#saved = filling === this.#filling;
    } catch (error) {
      console.error(error);
      this.#saveFailed = true;
    }
  }

  #go(screen: Screen): void {
    this.#screen = screen;
    this.#notice = undefined;
    const question = screen === 'question' ? this.#filling?.survey.current : undefined;
    history.pushState({ screen, ...(typeof question === 'string' ? { question } : {}) }, '');
    scrollTo(0, 0);
  }
}
