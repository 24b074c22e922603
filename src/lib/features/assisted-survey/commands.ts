import { joinIds } from '#domain/ids.ts';
import { draftOf, responseOf } from '#domain/survey/engine.ts';
import { questionnaireCode } from '#domain/names/code-words.ts';
import type { App } from '$lib/app/open-app.ts';
import { removeDraft, saveDraft } from '$lib/storage/drafts.ts';
import { assistedDraftKind, settlementOf, type Filling, type OpenSurvey } from './queries.ts';

export type Recorder = Pick<App, 'write' | 'newId' | 'now' | 'database'>;

/** Version of the consent text that is read aloud before a telephone number is recorded. */
const consentTextVersion = 'contact-1';

function fillingDraftId(response: string): string {
  return `assisted_survey/${response}`;
}

/** Keeps a half-filled questionnaire as it is now. */
export async function keepFilling(app: Recorder, filling: Filling): Promise<void> {
  const { response, campaign, startedAt, code, contact, survey } = filling;
  await saveDraft(app.database, {
    id: fillingDraftId(response),
    kind: assistedDraftKind,
    updatedAt: app.now(),
    content: {
      response,
      campaign,
      startedAt,
      survey: draftOf(survey),
      contact,
      ...(code === undefined ? {} : { code })
    }
  });
}

export async function dropFilling(app: Recorder, response: string): Promise<void> {
  await removeDraft(app.database, fillingDraftId(response));
}

/**
 * Records the answers of the questionnaire so far and ends its draft. The second part is written to the same response
 * under the same number.
 * @param randomBytes four bytes for the number
 * @param remark the remark that this answers
 * @returns the number to be told to the person
 */
export async function recordResponse(
  app: Recorder,
  survey: OpenSurvey,
  filling: Filling,
  language: 'ru' | 'en',
  randomBytes: Uint8Array,
  remark?: string
): Promise<string> {
  const answers = responseOf(survey.form, filling.survey.answers);
  const settlement = settlementOf(survey, answers);
  const code = filling.code ?? questionnaireCode(randomBytes);
  await app.write(
    [
      {
        type: 'response',
        id: filling.response,
        set: {
          campaign: survey.id,
          form: joinIds(survey.form.id, String(survey.form.version)),
          version: survey.form.version,
          answers,
          code,
          language,
          startedAt: filling.startedAt,
          finishedAt: app.now(),
          assisted: true,
          ...(settlement === undefined ? {} : { settlement })
        }
      },
      ...(remark === undefined ? [] : [{ type: 'remark' as const, id: remark, set: { done: true } }])
    ],
    { endsDrafts: [fillingDraftId(filling.response)] }
  );
  return code;
}

/** A request to be called back: a record of its own with its own consent; nothing in it points to the answers. */
export async function recordContact(
  app: Recorder,
  campaign: string,
  contact: { readonly name: string; readonly phone: string },
  today: string
): Promise<void> {
  await app.write([
    {
      type: 'contact',
      id: app.newId(),
      set: { campaign, ...contact, consentTextVersion, consentDate: today, state: 'new' }
    }
  ]);
}
