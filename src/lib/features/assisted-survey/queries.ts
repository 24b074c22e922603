import { softHyphensIn } from '#domain/survey/soft-hyphens.ts';
import * as v from 'valibot';
import { compareTexts } from '#domain/names/person-name.ts';
import { parseDraft, type Answers } from '#domain/survey/answers.ts';
import { resumeSurvey, type SurveyState } from '#domain/survey/engine.ts';
import { parseForm, type Form } from '#domain/survey/form.ts';
import type { Values } from '#domain/records/registry.ts';
import { contactDraftSchema, emptyContact, type ContactDraft } from '$lib/questionnaire/contact-draft.ts';
import type { DirectoryEntry } from '$lib/questionnaire/question-props.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { readDrafts } from '$lib/storage/drafts.ts';
import { readAll, readRecord } from '$lib/storage/read.ts';

/** Drafts of half-filled questionnaires are of this kind. */
export const assistedDraftKind = 'assisted_survey';

/** A survey that may be filled in from somebody's words, with the form version that answers are pinned to. */
export interface OpenSurvey {
  readonly id: string;
  readonly campaign: Values<'campaign'>;
  readonly form: Form;
  readonly settlements: readonly DirectoryEntry[];
  readonly organisations: readonly DirectoryEntry[];
}

/** Surveys that are open on the day and whose form is on this device. */
export async function readOpenSurveys(
  database: DeviceDatabase,
  today: string
): Promise<readonly OpenSurvey[]> {
  const campaigns = await readAll(database, 'campaign');
  const open = campaigns.filter(
    ({ values }) =>
      values.state === 'open' && (values.from ?? '') <= today && today <= (values.to ?? '9999-12-31')
  );
  const surveys = await Promise.all(open.map((row) => readSurvey(database, row.id)));
  return surveys.filter((survey) => survey !== undefined);
}

/** One survey; undefined when it or its form is not on this device. */
export async function readSurvey(database: DeviceDatabase, id: string): Promise<OpenSurvey | undefined> {
  const campaign = await readRecord(database, 'campaign', id);
  const formId = campaign?.values.form;
  if (campaign === undefined || formId === undefined) return undefined;
  const stored = await readRecord(database, 'form', formId);
  const form = parseForm(stored?.values.definition);
  if (!form.ok) return undefined;
  const [settlements, organisations] = await Promise.all([
    readAll(database, 'settlement'),
    readAll(database, 'organisation')
  ]);
  return {
    id,
    campaign: campaign.values,
    form: softHyphensIn(form.value),
    settlements: entries(settlements.map((row) => ({ id: row.id, name: row.values.name ?? '' }))),
    organisations: entries(
      organisations.map((row) => ({ id: row.id, name: row.values.shortName ?? row.values.name ?? '' }))
    )
  };
}

/** A questionnaire that is being filled in. */
export interface Filling {
  /** Id of the response that it becomes. */
  readonly response: string;
  readonly campaign: string;
  /** UTC ms. */
  readonly startedAt: number;
  /** The number, once a part was recorded. */
  readonly code: string | undefined;
  readonly survey: SurveyState;
  readonly contact: ContactDraft;
}

const fillingSchema = v.object({
  response: v.string(),
  campaign: v.string(),
  startedAt: v.number(),
  code: v.optional(v.string()),
  survey: v.unknown(),
  contact: v.optional(contactDraftSchema, emptyContact)
});

/** Half-filled questionnaires of a survey on this device, the latest first. */
export async function readFillings(
  database: DeviceDatabase,
  survey: OpenSurvey
): Promise<readonly { readonly filling: Filling; readonly updatedAt: number }[]> {
  const drafts = await readDrafts(database, assistedDraftKind);
  return drafts
    .flatMap((draft) => {
      const filling = parseFilling(draft.content, survey);
      return filling === undefined ? [] : [{ filling, updatedAt: draft.updatedAt }];
    })
    .sort((left, right) => right.updatedAt - left.updatedAt);
}

/** A draft of this survey; of another one, or of another version of the form, undefined. */
export function parseFilling(content: unknown, survey: OpenSurvey): Filling | undefined {
  const parsed = v.safeParse(fillingSchema, content);
  if (!parsed.success || parsed.output.campaign !== survey.id) return undefined;
  const draft = parseDraft(parsed.output.survey);
  const resumed = draft.ok ? resumeSurvey(survey.form, draft.value) : undefined;
  if (resumed?.ok !== true) return undefined;
  const { response, campaign, startedAt, code, contact } = parsed.output;
  return { response, campaign, startedAt, code, contact, survey: resumed.value };
}

/** The settlement that the answers name, when it is one of the directory. */
export function settlementOf(survey: OpenSurvey, answers: Answers): string | undefined {
  const question = survey.form.parts
    .flatMap((part) => part.questions)
    .find(({ type }) => type === 'settlement');
  const answer = question === undefined ? undefined : answers[question.id];
  return survey.settlements.find((entry) => entry.id === answer)?.id;
}

function entries(list: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  return [...list].sort((left, right) => compareTexts(left.name, right.name));
}
