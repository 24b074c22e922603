import * as v from 'valibot';
import { joinIds } from '#domain/ids.ts';
import { questionnaireCode } from '#domain/names/code-words.ts';
import { plainDateAt } from '#domain/names/format.ts';
import { parseDraft, type AnswerValue } from '#domain/survey/answers.ts';
import {
  answer,
  answerOther,
  draftOf,
  goTo,
  nextQuestion,
  responseOf,
  resumeSurvey,
  startSurvey,
  type Notice,
  type SurveyState
} from '#domain/survey/engine.ts';
import type { SurveyPageData } from '#domain/survey/page-data.ts';
import { readDraft, removeDraft, saveDraft } from '$lib/storage/drafts.ts';
import { write } from '$lib/storage/write.ts';
import {
  dropUnsent,
  handOver,
  noteSent,
  readSent,
  stateOf,
  type SentQuestionnaire,
  type SentState
} from './sent-questionnaires.ts';
import { linkUser, type SurveyDevice } from './survey-device.ts';

export type Screen = 'start' | 'question' | 'summary' | 'sent' | 'list';

/** Id of the one questionnaire being filled in on this phone. */
const draftId = 'filling';
const consentTextVersion = 'contact-1';

const draftSchema = v.object({
  response: v.string(),
  startedAt: v.number(),
  /** The number, once the first part was sent. */
  code: v.optional(v.string()),
  survey: v.unknown()
});

interface Filling {
  readonly response: string;
  readonly startedAt: number;
  readonly code: string | undefined;
  readonly survey: SurveyState;
}

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
    const draft = await readDraft(this.#device.database, draftId);
    const parsed = v.safeParse(draftSchema, draft?.content);
    if (parsed.success) {
      const { response, startedAt, code } = parsed.output;
      const survey = parseDraft(parsed.output.survey);
      const resumed = survey.ok ? resumeSurvey(this.data.form, survey.value) : undefined;
      if (resumed?.ok === true) this.#resumable = { response, startedAt, code, survey: resumed.value };
      if (code === undefined) await dropUnsent(this.#device.database, response);
    }
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
    this.#filling = { response: sent.id, startedAt: sent.submittedAt, code: sent.code, survey };
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
    const { database, environment } = this.#device;
    const answers = responseOf(this.data.form, filling.survey.answers);
    const now = environment.now();
    const code = filling.code ?? questionnaireCode(environment.randomBytes(4));
    const settlement = answers['q_settlement'];
    const earlier = this.#sent.find((one) => one.id === filling.response);
    try {
      await noteSent(database, {
        id: filling.response,
        code,
        submittedAt: earlier?.submittedAt ?? now,
        parts: [...(earlier?.parts ?? []), filling.survey.part],
        answers
      });
      await write(database, environment, {
        by: linkUser,
        endsDrafts: [draftId],
        changes: [
          {
            type: 'response',
            id: filling.response,
            set: {
              campaign: this.data.campaign.id,
              form: joinIds(this.data.form.id, String(this.data.form.version)),
              version: this.data.form.version,
              answers,
              code,
              language: this.language,
              startedAt: filling.startedAt,
              finishedAt: now,
              ...(typeof settlement === 'string' && this.#isListed(settlement) ? { settlement } : {})
            }
          }
        ]
      });
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
  async leaveContact(contact: {
    readonly name: string;
    readonly phone: string;
    readonly question: string;
  }): Promise<boolean> {
    const { database, environment, newId } = this.#device;
    try {
      await write(database, environment, {
        by: linkUser,
        changes: [
          {
            type: 'contact',
            id: newId(),
            set: {
              campaign: this.data.campaign.id,
              name: contact.name,
              phone: contact.phone,
              ...(contact.question === '' ? {} : { question: contact.question }),
              consentTextVersion,
              consentDate: plainDateAt(environment.now(), this.data.centre.timeZone),
              state: 'new'
            }
          }
        ]
      });
      this.#device.runner.nudge();
      return true;
    } catch (error) {
      console.error(error);
      return false;
    }
  }

  /** Clears the half-filled questionnaire: «Начать заново». */
  async discard(): Promise<void> {
    await removeDraft(this.#device.database, draftId);
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

  #isListed(settlement: string): boolean {
    return this.settlementName(settlement) !== undefined;
  }

  #change(next: (survey: SurveyState) => SurveyState): void {
    const filling = this.#filling;
    if (filling === undefined) return;
    const survey = next(filling.survey);
    this.#filling = { ...filling, survey };
    this.#saved = false;
    void this.#save(this.#filling);
  }

  async #save(filling: Filling): Promise<void> {
    try {
      await saveDraft(this.#device.database, {
        id: draftId,
        kind: 'survey',
        updatedAt: this.#device.environment.now(),
        content: {
          response: filling.response,
          startedAt: filling.startedAt,
          ...(filling.code === undefined ? {} : { code: filling.code }),
          survey: draftOf(filling.survey)
        }
      });
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
