import { joinIds } from '#domain/ids.ts';
import { questionnaireCode } from '#domain/names/code-words.ts';
import { plainDateAt } from '#domain/names/format.ts';
import { responseOf } from '#domain/survey/engine.ts';
import type { SurveyPageData } from '#domain/survey/page-data.ts';
import { forgetAttention, requireState, write } from '$lib/storage/write.ts';
import { fillingDraftId, type Filling } from './filling.ts';
import { noteSent, refusedOperations, type Returned, type SentQuestionnaire } from './sent-questionnaires.ts';
import { linkUser, type SurveyDevice } from './survey-device.ts';

const consentTextVersion = 'contact-1';

/**
 * Stores the response in one write, which ends the draft; resolves when it is safe on the phone. The second part is
 * written to the same response under the same number; so are corrections of what was not accepted or was returned.
 * @param earlier what was noted when the first part was sent
 */
export async function storeResponse(
  device: SurveyDevice,
  data: SurveyPageData,
  filling: Filling,
  earlier: (SentQuestionnaire & { readonly returned?: Returned }) | undefined
): Promise<void> {
  const { database, environment } = device;
  const answers = responseOf(data.form, filling.survey.answers);
  const now = environment.now();
  const code = filling.code ?? questionnaireCode(environment.randomBytes(4));
  const question = data.form.parts
    .flatMap((part) => part.questions)
    .find(({ type }) => type === 'settlement');
  const settlement = data.settlements.find(({ id }) => id === answers[question?.id ?? '']);
  await noteSent(database, {
    id: filling.response,
    code,
    submittedAt: earlier?.submittedAt ?? now,
    parts: [...new Set([...(earlier?.parts ?? []), filling.survey.part])],
    version: data.form.version,
    answers
  });
  const [replaces, ...others] = [...(await refusedOperations(database, filling.response))].reverse();
  const state = await requireState(database);
  const remark = earlier?.returned?.id;
  await write(database, environment, {
    by: linkUser,
    endsDrafts: [fillingDraftId],
    ...(replaces === undefined ? {} : { replaces }),
    changes: [
      ...(remark === undefined ? [] : [{ type: 'remark' as const, id: remark, set: { done: true } }]),
      {
        type: 'response',
        id: filling.response,
        set: {
          campaign: data.campaign.id,
          form: joinIds(data.form.id, String(data.form.version)),
          version: data.form.version,
          answers,
          code,
          language: data.language === 'en' ? 'en' : 'ru',
          ...(earlier === undefined ? { startedAt: filling.startedAt } : {}),
          finishedAt: now,
          device: state.device,
          ...(settlement === undefined ? {} : { settlement: settlement.id })
        }
      }
    ]
  });
  // The newest answers stand for every earlier try.
  for (const n of others) await forgetAttention(database, n);
}

/** A contact is a record of its own with its own consent: nothing in it points to the answers. */
export async function storeContact(
  device: SurveyDevice,
  data: SurveyPageData,
  contact: { readonly name: string; readonly phone: string }
): Promise<void> {
  const { database, environment, newId } = device;
  await write(database, environment, {
    by: linkUser,
    changes: [
      {
        type: 'contact',
        id: newId(),
        set: {
          campaign: data.campaign.id,
          name: contact.name,
          phone: contact.phone,
          consentTextVersion,
          consentDate: plainDateAt(environment.now(), data.centre.timeZone),
          state: 'new'
        }
      }
    ]
  });
}
