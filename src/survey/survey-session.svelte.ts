import { plainDateAt } from '#domain/names/format.ts';
import type { AnswerValue } from '#domain/survey/answers.ts';
import {
  answer,
  answerOther,
  goTo,
  goToAnyPart,
  nextQuestion,
  problems,
  startSurvey,
  type Notice,
  type SurveyState
} from '#domain/survey/engine.ts';
import type { SurveyPageData } from '#domain/survey/page-data.ts';
import type { Problem } from '#domain/survey/problems.ts';
import type { NameOf } from '#domain/survey/summary.ts';
import type { ExchangeResult } from '$lib/sync/exchange.ts';
import { emptyContact, type ContactDraft } from '$lib/questionnaire/contact-draft.ts';
import { keepFilling, readFilling, type Filling } from './filling.ts';
import { storeContact, storeResponse } from './send.ts';
import { enter, readEntry, type Screen } from './screen-history.ts';
import {
  handOver,
  readSent,
  stateOf,
  type Returned,
  type SentQuestionnaire,
  type SentState
} from './sent-questionnaires.ts';
import type { SurveyDevice } from './survey-device.ts';

export interface SentWithState extends SentQuestionnaire {
  readonly state: SentState;
  readonly returned?: Returned;
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
  #setAside = $state.raw<Filling | undefined>(undefined);
  #sent = $state.raw<readonly SentWithState[]>([]);
  #last = $state.raw<string | undefined>(undefined);
  #notice = $state.raw<Notice | undefined>(undefined);
  #problem = $state.raw<Problem | undefined>(undefined);
  #saved = $state.raw(false);
  #saveFailed = $state.raw(false);
  #isRejected = $state.raw(false);

  constructor(data: SurveyPageData, device: SurveyDevice) {
    this.data = data;
    this.#device = device;
  }

  /** Language of the page's own words. */
  get language(): 'ru' | 'en' {
    return this.data.language === 'en' ? 'en' : 'ru';
  }

  /** Closed, or the last day is over in the centre's time zone: a page that was kept on the phone tells it too. */
  get isOver(): boolean {
    const { to, isClosed } = this.data.campaign;
    if (isClosed) return true;
    return to !== null && to < plainDateAt(this.#device.environment.now(), this.data.centre.timeZone);
  }

  /** What a directory calls an answer; the page has the settlements only. */
  readonly nameOf: NameOf = (type, id) =>
    type === 'settlement' ? this.data.settlements.find((entry) => entry.id === id)?.name : undefined;

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

  /** The half-filled one that «Начать заново» has put aside, until something is answered in the new one. */
  get isSetAside(): boolean {
    return this.#setAside !== undefined;
  }

  /** Parts that the summary shows: when sent answers are corrected, all that were sent. */
  get parts(): readonly string[] {
    const filling = this.#filling;
    if (filling === undefined) return [];
    const sent = this.#sent.find((one) => one.id === filling.response)?.parts ?? [];
    return sent.includes(filling.survey.part) ? sent : [filling.survey.part];
  }

  /** The centre answers, but takes nothing from this phone: waiting for a connection would not help. */
  get isRejected(): boolean {
    return this.#isRejected;
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

  /** Reads again where everything that was sent is; `result` is that of an exchange that has just ended. */
  async refreshSent(result?: ExchangeResult): Promise<void> {
    if (result !== undefined) this.#isRejected = result.type === 'sign_in' || result.type === 'refused';
    const database = this.#device.database;
    const sent = await readSent(database);
    this.#sent = await Promise.all(
      sent.map(async (one) => ({ ...one, ...(await stateOf(database, one.id)) }))
    );
  }

  /** Begins a new questionnaire. */
  start(): void {
    const aside = this.#resumable;
    this.#show({
      response: this.#device.newId(),
      startedAt: this.#device.environment.now(),
      code: undefined,
      contact: emptyContact,
      survey: startSurvey(this.data.form, this.data.form.parts[0]?.id ?? '')
    });
    this.#setAside = aside;
  }

  /** Takes the one that was put aside back in place of the new one. */
  bringBack(): void {
    if (this.#setAside !== undefined) this.#show(this.#setAside);
  }

  /** Goes on with the half-filled one, at its question. */
  resume(): void {
    if (this.#resumable !== undefined) this.#show(this.#resumable);
  }

  /** Whether what was sent can be opened again for correcting: its contents are here, in the words of this form. */
  canCorrect(sent: SentWithState): boolean {
    const isAsked = sent.state === 'attention' || sent.state === 'returned';
    return isAsked && sent.answers !== undefined && (sent.version ?? 0) === this.data.form.version;
  }

  /** Opens the answers that were not accepted or were returned; they go again under the same number. */
  correct(sent: SentWithState): void {
    this.#reopen(sent, sent.parts[0], (survey) => goTo(survey, null));
  }

  /** «Ответить ещё на несколько?»: the second part of the questionnaire that was just sent. */
  startMore(): void {
    const sent = this.lastSent;
    if (sent !== undefined) this.#reopen(sent, this.data.form.parts[1]?.id, (survey) => survey);
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
    this.#change((survey) => goToAnyPart(survey, questionId));
    this.#go('question');
  }

  /** The phone's «Назад» and «Вперёд». */
  restore(state: unknown): void {
    const { screen, question, depth } = readEntry(state);
    this.#notice = undefined;
    this.#problem = undefined;
    const filling = this.#filling;
    if (screen === 'question' || screen === 'summary') {
      if (filling === undefined) {
        // The questionnaire of this entry is sent, or was left by loading the page again: back to the start.
        if (depth > 0) history.go(-depth);
        this.#screen = 'start';
        return;
      }
      this.#change((survey) => goToAnyPart(survey, question ?? null));
      this.#screen = this.#filling?.survey.current === null ? 'summary' : 'question';
      return;
    }
    this.#screen = screen === 'sent' && this.lastSent === undefined ? 'start' : screen;
    if (this.#screen === 'start' && filling !== undefined) this.#resumable = filling;
  }

  /** Whoever opens the list looks for the centre's answer: it is asked for again. */
  showList(): void {
    this.#go('list');
    void this.sendNow();
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

  /** «Передать другому»: contents of what was sent leave the screen; a new questionnaire begins from the start page. */
  async handOver(): Promise<void> {
    await handOver(this.#device.database);
    await this.refreshSent();
    this.#last = undefined;
    this.#go('start');
  }

  /**
   * Exchanges at once if something waits or was sent before: the centre may have returned it. A phone that has sent
   * nothing asks nothing of the network.
   */
  async sendNow(): Promise<void> {
    const waiting = await this.#device.database.outbox.count();
    if (waiting + this.#sent.length > 0) await this.#device.runner.now();
  }

  #reopen(sent: SentWithState, part: string | undefined, place: (survey: SurveyState) => SurveyState): void {
    if (sent.answers === undefined || part === undefined) return;
    const survey = place(startSurvey(this.data.form, part, sent.answers));
    const { id, submittedAt, code } = sent;
    this.#show({ response: id, startedAt: submittedAt, code, contact: emptyContact, survey });
  }

  #show(filling: Filling): void {
    this.#setAside = undefined;
    this.#resumable = undefined;
    this.#filling = filling;
    this.#go(filling.survey.current === null ? 'summary' : 'question');
  }

  #change(next: (survey: SurveyState) => SurveyState): void {
    const filling = this.#filling;
    if (filling === undefined) return;
    const survey = next(filling.survey);
    if (survey.answers !== filling.survey.answers) this.#setAside = undefined;
    this.#take({ ...filling, survey });
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
    enter(screen, question ?? undefined);
  }
}
