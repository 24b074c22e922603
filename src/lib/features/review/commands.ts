import type { InboxItem } from '#domain/review/inbox.ts';
import { reviewId } from '#domain/records/review.ts';
import { maxChanges } from '#domain/sync/operation.ts';
import type { App } from '$lib/app/open-app.ts';
import type { ChangeOf } from '$lib/storage/write.ts';

type Reviewer = Pick<App, 'write' | 'device' | 'now' | 'newId'>;
/** What a decision is about, with what was in view when it was made. */
export type Reviewed = Pick<InboxItem, 'type' | 'target' | 'review' | 'seqInView' | 'authors'>;

/** Accepts sheets, notes and responses as they are in view now. */
export async function acceptItems(app: Reviewer, items: readonly Reviewed[]): Promise<void> {
  await writeReviews(
    app,
    items.map((item) => decision(app, item, 'accepted', null))
  );
}

/** «Не учитывать»: stays in the history and out of the indicators. */
export async function doNotCount(app: Reviewer, item: Reviewed, reason: string): Promise<void> {
  await writeReviews(app, [decision(app, item, 'not_counted', reason)]);
}

/**
 * Returns with a remark: the decision and the task for the author are one operation.
 * @param device the phone that answered by a link, when `to` is `link`
 */
export async function returnItem(
  app: Reviewer,
  item: Reviewed,
  text: string,
  to: string,
  device?: string
): Promise<void> {
  await app.write([
    decision(app, item, 'returned', text),
    {
      type: 'remark',
      id: app.newId(),
      set: {
        to,
        ...(device === undefined ? {} : { device }),
        targetType: item.type,
        target: item.target,
        text,
        from: app.device.user,
        at: app.now(),
        done: false
      }
    }
  ]);
}

/** «Вернуть как было»: each item has again the decision that it had, with what was in view then. */
export async function restoreReviews(app: Reviewer, items: readonly Reviewed[]): Promise<void> {
  await writeReviews(
    app,
    items.map(({ type, target, review }) => ({
      type: 'review',
      id: reviewId(type, target),
      set: {
        state: review.decided,
        reason: review.reason ?? null,
        upTo: review.upTo,
        at: review.at === 0 ? app.now() : review.at,
        by: review.reviewer === '' ? app.device.user : review.reviewer
      }
    }))
  );
}

function decision(
  app: Reviewer,
  item: Reviewed,
  state: 'accepted' | 'returned' | 'not_counted',
  reason: string | null
): ChangeOf<'review'> {
  return {
    type: 'review',
    id: reviewId(item.type, item.target),
    set: { state, reason, upTo: item.seqInView, at: app.now(), by: app.device.user }
  };
}

async function writeReviews(app: Reviewer, changes: readonly ChangeOf<'review'>[]): Promise<void> {
  for (let from = 0; from < changes.length; from += maxChanges) {
    await app.write(changes.slice(from, from + maxChanges));
  }
}
