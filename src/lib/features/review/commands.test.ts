import { expect, test } from 'vitest';
import type { AnyChange } from '$lib/storage/write.ts';
import { acceptItems, doNotCount, restoreReviews, returnItem, type Reviewed } from './commands.ts';

const now = 1_800_000_000_000;

function office() {
  const operations: (readonly AnyChange[])[] = [];
  let next = 0;
  return {
    operations,
    app: {
      device: { user: 'olga' },
      now: () => now,
      newId: () => `id-${next++}`,
      write: (changes: readonly AnyChange[]) => {
        operations.push(changes);
        return Promise.resolve({ n: operations.length });
      }
    } as unknown as Parameters<typeof acceptItems>[0]
  };
}

function sheet(target: string, decided: Reviewed['review']['decided'] = 'new'): Reviewed {
  const review = { state: decided, decided, reason: undefined, reviewer: '', upTo: 0, at: 0 };
  return { type: 'sheet', target, review, seqInView: 41, authors: ['anna'] };
}

test('acceptance remembers what was in view, so that a later change shows', async () => {
  const { app, operations } = office();
  await acceptItems(app, [sheet('s1')]);
  expect(operations).toEqual([
    [
      {
        type: 'review',
        id: 'sheet~s1',
        set: { state: 'accepted', reason: null, upTo: 41, at: now, by: 'olga' }
      }
    ]
  ]);
});

test('many are accepted in operations of at most twenty changes', async () => {
  const { app, operations } = office();
  await acceptItems(
    app,
    Array.from({ length: 45 }, (_, index) => sheet(`s${index}`))
  );
  expect(operations.map((changes) => changes.length)).toEqual([20, 20, 5]);
  expect(new Set(operations.flat().map((change) => change.id)).size).toBe(45);
});

test('a return is one operation: the decision and the task of its author', async () => {
  const { app, operations } = office();
  await returnItem(app, sheet('s1'), 'Уточните дату', 'anna');
  expect(operations).toHaveLength(1);
  expect(operations[0]).toMatchObject([
    { type: 'review', id: 'sheet~s1', set: { state: 'returned', reason: 'Уточните дату' } },
    {
      type: 'remark',
      set: { to: 'anna', targetType: 'sheet', target: 's1', text: 'Уточните дату', from: 'olga', done: false }
    }
  ]);
});

test('undo brings back the earlier decision with what was in view then', async () => {
  const { app, operations } = office();
  const before: Reviewed = {
    ...sheet('s1'),
    review: {
      state: 'changed_after_review',
      decided: 'accepted',
      reason: undefined,
      reviewer: 'pavel',
      upTo: 30,
      at: 7
    }
  };
  await doNotCount(app, before, 'Проба');
  await restoreReviews(app, [before]);
  expect(operations[1]).toEqual([
    {
      type: 'review',
      id: 'sheet~s1',
      set: { state: 'accepted', reason: null, upTo: 30, at: 7, by: 'pavel' }
    }
  ]);
});

test('undo of a first decision leaves the item new', async () => {
  const { app, operations } = office();
  const item = sheet('s1');
  await acceptItems(app, [item]);
  await restoreReviews(app, [item]);
  expect(operations[1]).toMatchObject([{ set: { state: 'new', upTo: 0 } }]);
});
