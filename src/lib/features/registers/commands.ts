import { joinIds } from '#domain/ids.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';
import { shownOf } from '$lib/storage/read.ts';

type Writer = Pick<App, 'write'>;

/** Makes a person a member of a group, or no longer one. */
export async function setMember(app: Writer, group: string, person: string, active: boolean): Promise<void> {
  await app.write([{ type: 'membership', id: joinIds(group, person), set: { active } }]);
}

/** A consent that was taken back: its paper stays, with the day from which it no longer holds. */
export async function withdrawConsent(
  app: Writer,
  consent: RecordRow<'consent'>,
  day: string
): Promise<void> {
  await app.write([
    {
      type: 'consent',
      id: consent.id,
      set: { state: 'withdrawn', withdrawnOn: day },
      shown: shownOf(consent)
    }
  ]);
}

/** «Вернуть как было» after a withdrawal by mistake. */
export async function restoreConsent(app: Writer, consent: RecordRow<'consent'>): Promise<void> {
  const { state = 'given', withdrawnOn } = consent.values;
  await app.write([{ type: 'consent', id: consent.id, set: { state, withdrawnOn: withdrawnOn ?? null } }]);
}
