import { readablePhone, unbrokenPhone } from '#domain/names/phone.ts';
import { parseValues, type RecordType, type Values } from '#domain/records/registry.ts';
import { inOneLanguage } from '#domain/survey/one-language.ts';
import { parseForm } from '#domain/survey/form.ts';
import { softHyphensIn } from '#domain/survey/soft-hyphens.ts';
import { introOf, textIn } from '#domain/survey/summary.ts';
import type { SurveyPageData } from '#domain/survey/page-data.ts';
import { plainValues, type StoredRecord } from '#domain/sync/merge.ts';
import { sameDigest } from '#server/sync/hashing.ts';
import type { ReadSnapshot } from '#server/storage/server-storage.ts';
import type { AccessDeps } from './access-deps.ts';
import { dayIn } from './time-zone.ts';

export type FoundSurvey =
  | { readonly kind: 'open'; readonly data: SurveyPageData }
  /** Ended. With its form, a phone that holds answers can still send them; `data` is undefined when the form is gone. */
  | { readonly kind: 'closed'; readonly phone: string; readonly data: SurveyPageData | undefined }
  | { readonly kind: 'unknown'; readonly phone: string };

/** The campaign behind a link, with everything that a phone needs to fill in its form without a connection. */
export async function findSurvey(deps: AccessDeps, link: string, language: string): Promise<FoundSurvey> {
  return deps.storage.readSnapshot(async (snapshot) => {
    const [centreRecord] = await snapshot.records(deps.centre, [['centre', 'centre']]);
    const centre = centreRecord === undefined ? {} : valuesOf('centre', centreRecord);
    const phone = readablePhone(centre.phone ?? '');
    const record = await campaignOf(deps, snapshot, link);
    if (record === undefined) return { kind: 'unknown', phone };
    const campaign = valuesOf('campaign', record);
    const ownPhone = campaign.phone === undefined ? phone : readablePhone(campaign.phone);
    const today = dayIn(centre.timeZone ?? 'UTC', deps.clock());
    const isOver = campaign.state === 'closed' || (campaign.to !== undefined && campaign.to < today);
    const [formRecord] = await snapshot.records(deps.centre, [['form', campaign.form ?? '']]);
    const form = parseForm(formRecord === undefined ? undefined : valuesOf('form', formRecord).definition);
    if (!form.ok) {
      // A campaign without a form that this program can show is as good as none.
      return isOver ? { kind: 'closed', phone: ownPhone, data: undefined } : { kind: 'unknown', phone };
    }
    const inLanguage = inOneLanguage(form.value, language);
    const ownTitle = campaign.title ?? '';
    const isOfForm = Object.values(form.value.title).includes(ownTitle);
    const shownIn = inLanguage.languages[0] ?? language;
    const asks = campaign.asks ?? centre.name ?? '';
    const data: SurveyPageData = {
      link,
      language: shownIn,
      languages: form.value.languages,
      campaign: {
        id: record.k,
        // The form's title is known in each of its languages, the coordinator's words in one.
        title: isOfForm ? textIn(form.value.title, language) : ownTitle,
        description: campaign.description ?? '',
        from: campaign.from ?? null,
        to: campaign.to ?? null,
        asks,
        contactName: campaign.contactName ?? '',
        phone: ownPhone,
        resultsNote: campaign.resultsNote ?? '',
        doneNote: campaign.doneNote ?? '',
        isClosed: isOver
      },
      form: softHyphensIn({
        ...inLanguage,
        intro: introOf(inLanguage, shownIn, {
          centre: asks,
          results: campaign.resultsNote ?? '',
          name: campaign.contactName ?? '',
          phone: unbrokenPhone(ownPhone),
          device: shownIn === 'ru' ? 'на этом телефоне' : 'on this phone'
        }).map((text) => ({ [shownIn]: text }))
      }),
      settlements: await settlementsOf(deps, snapshot),
      centre: {
        name: centre.name ?? '',
        phone,
        timeZone: centre.timeZone ?? 'UTC',
        demo: centre.demo === true
      }
    };
    return isOver ? { kind: 'closed', phone: ownPhone, data } : { kind: 'open', data };
  });
}

/** Links are compared by their hashes, so that the time of an answer tells nothing about them. */
async function campaignOf(
  deps: AccessDeps,
  snapshot: ReadSnapshot,
  link: string
): Promise<StoredRecord | undefined> {
  const wanted = deps.hashing.sha256(link);
  let found: StoredRecord | undefined;
  for (const record of await snapshot.recordsOfType(deps.centre, 'campaign')) {
    const { link: own, state, deletedAt } = valuesOf('campaign', record);
    if (own === undefined || own === '' || state === 'draft' || deletedAt !== undefined) continue;
    if (sameDigest(deps.hashing.sha256(own), wanted)) found = record;
  }
  return found;
}

async function settlementsOf(
  deps: AccessDeps,
  snapshot: ReadSnapshot
): Promise<SurveyPageData['settlements']> {
  const records = await snapshot.recordsOfType(deps.centre, 'settlement');
  return records
    .map((record) => ({ id: record.k, ...valuesOf('settlement', record) }))
    .filter((settlement) => settlement.deletedAt === undefined && settlement.kind !== 'outside')
    .map(({ id, name = '' }) => ({ id, name }))
    .sort((left, right) => left.name.localeCompare(right.name, 'ru'));
}

function valuesOf<Type extends RecordType>(type: Type, record: StoredRecord): Values<Type> {
  return parseValues(type, plainValues(record));
}
