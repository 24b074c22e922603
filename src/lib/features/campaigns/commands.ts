import * as v from 'valibot';
import type { RecordRow } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';
import { idToTypedSecret, splitId } from '#domain/ids.ts';
import { shownOf } from '$lib/storage/read.ts';

type Writer = Pick<App, 'write' | 'newId'>;

/** A new survey as it is typed. */
export const typedCampaignSchema = v.object({
  title: v.string(),
  description: v.string(),
  /** Id of the form's record, `form~version`. */
  form: v.string(),
  project: v.string(),
  /** Plain days; `to` empty = until it is closed. */
  from: v.string(),
  to: v.string(),
  asks: v.string(),
  phone: v.string(),
  contactName: v.string(),
  resultsNote: v.string(),
  doneNote: v.string()
});
type NewCampaign = v.InferOutput<typeof typedCampaignSchema>;

/** Starts a campaign: it is open at once and its link works. Returns its id. */
export async function startCampaign(app: Writer, given: NewCampaign): Promise<string> {
  const id = app.newId();
  const { title, form, from, ...optional } = given;
  const filled = Object.fromEntries(Object.entries(optional).filter(([, value]) => value.trim() !== ''));
  await app.write([
    {
      type: 'campaign',
      id,
      set: {
        title: title.trim(),
        form,
        version: Number(splitId(form)[1] ?? 1),
        from,
        state: 'open',
        link: idToTypedSecret(app.newId()),
        ...filled
      }
    }
  ]);
  return id;
}

/** Closes a campaign, or opens it again; answers that were on their way still come in. */
export async function setCampaignState(
  app: Writer,
  campaign: RecordRow<'campaign'>,
  state: 'open' | 'closed'
): Promise<void> {
  await app.write([{ type: 'campaign', id: campaign.id, set: { state }, shown: shownOf(campaign) }]);
}

/** How far a contact request is. */
export async function setContactState(
  app: Writer,
  contact: string,
  state: 'new' | 'called' | 'closed'
): Promise<void> {
  await app.write([{ type: 'contact', id: contact, set: { state } }]);
}
