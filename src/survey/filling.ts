import * as v from 'valibot';
import { parseDraft } from '#domain/survey/answers.ts';
import { draftOf, resumeSurvey, type SurveyState } from '#domain/survey/engine.ts';
import type { Form } from '#domain/survey/form.ts';
import { contactDraftSchema, emptyContact, type ContactDraft } from '$lib/questionnaire/contact-draft.ts';
import { readDraft, saveDraft } from '$lib/storage/drafts.ts';
import { dropUnsent } from './sent-questionnaires.ts';
import type { SurveyDevice } from './survey-device.ts';

/** Id of the one questionnaire being filled in on this phone. */
export const fillingDraftId = 'filling';

/** The questionnaire on the screen, before it is sent. */
export interface Filling {
  /** Id of the response that it becomes. */
  readonly response: string;
  /** UTC ms. */
  readonly startedAt: number;
  /** The number, once the first part was sent. */
  readonly code: string | undefined;
  readonly survey: SurveyState;
  readonly contact: ContactDraft;
}

const schema = v.object({
  response: v.string(),
  startedAt: v.number(),
  code: v.optional(v.string()),
  survey: v.unknown(),
  contact: v.optional(contactDraftSchema, emptyContact)
});

/** The half-filled questionnaire that this phone holds; one of another version of the form cannot go on. */
export async function readFilling(device: SurveyDevice, form: Form): Promise<Filling | undefined> {
  const draft = await readDraft(device.database, fillingDraftId);
  const parsed = v.safeParse(schema, draft?.content);
  if (!parsed.success) return undefined;
  const { response, startedAt, code, contact } = parsed.output;
  if (code === undefined) await dropUnsent(device.database, response);
  const survey = parseDraft(parsed.output.survey);
  const resumed = survey.ok ? resumeSurvey(form, survey.value) : undefined;
  return resumed?.ok === true ? { response, startedAt, code, contact, survey: resumed.value } : undefined;
}

export async function keepFilling(device: SurveyDevice, filling: Filling): Promise<void> {
  const { response, startedAt, code, contact, survey } = filling;
  await saveDraft(device.database, {
    id: fillingDraftId,
    kind: 'survey',
    updatedAt: device.environment.now(),
    content: {
      response,
      startedAt,
      ...(code === undefined ? {} : { code }),
      contact,
      survey: draftOf(survey)
    }
  });
}
