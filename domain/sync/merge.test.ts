import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from './operation.ts';
import { judgeChange, plainValues, type StoredRecord, type Writer } from './merge.ts';

const mark = (status: string, base = 0): Change => ({ e: 'attendance', k: 's1~p1', set: { status }, base });

function writer(device: string, n: number, seq: number, corrected: number): Writer {
  return {
    device,
    n,
    by: `user-${device}`,
    seq,
    corrected,
    suspect: false,
    isOwn: (other, number) => other === device && number < n
  };
}

function standing(change: Change, author: Writer): StoredRecord {
  return judgeChange(undefined, change, change.base, author).record;
}

const valueOf = (record: StoredRecord) => plainValues(record)['status'];

describe('who had seen the standing value', () => {
  it('overrides it, though its own clock lies in the past', () => {
    const present = standing(mark('present'), writer('a', 1, 10, 5_000));
    const judged = judgeChange(present, mark('late', 10), 10, writer('b', 1, 11, 1));
    expect(valueOf(judged.record)).toBe('late');
    expect(judged.losses).toEqual([]);
  });

  it('overrides what the same device wrote earlier without having received it', () => {
    const present = standing(mark('present'), writer('a', 1, 10, 5_000));
    const judged = judgeChange(present, mark('none'), 0, writer('a', 2, 11, 1));
    expect(valueOf(judged.record)).toBe('none');
    expect(judged.losses).toEqual([]);
  });
});

describe('who had not seen it', () => {
  it('loses to a later time, and the losing value is kept with its author', () => {
    const present = standing(mark('left_early'), writer('b', 1, 10, 5_000));
    const judged = judgeChange(present, mark('present'), 0, writer('a', 1, 11, 4_000));
    expect(valueOf(judged.record)).toBe('left_early');
    expect(judged.lost).toEqual(['status']);
    expect(judged.losses).toMatchObject([
      {
        field: 'status',
        loser: { value: 'present', device: 'a' },
        standing: { value: 'left_early', device: 'b' }
      }
    ]);
  });

  it('wins with a later time, and the value that stood is kept with its author', () => {
    const present = standing(mark('present'), writer('a', 1, 10, 4_000));
    const judged = judgeChange(present, mark('left_early'), 0, writer('b', 1, 11, 5_000));
    expect(valueOf(judged.record)).toBe('left_early');
    expect(judged.losses).toMatchObject([{ loser: { value: 'present', device: 'a' } }]);
  });

  it('is no conflict when both wrote the same', () => {
    const present = standing(mark('present'), writer('a', 1, 10, 4_000));
    expect(judgeChange(present, mark('present'), 0, writer('b', 1, 11, 5_000)).losses).toEqual([]);
  });

  it('is no conflict of the time that accompanies a mark, which follows its mark', () => {
    const first: Change = { e: 'attendance', k: 's1~p1', set: { at: 1, status: 'present' }, base: 0 };
    const second: Change = { e: 'attendance', k: 's1~p1', set: { at: 2, status: 'late' }, base: 0 };
    const present = standing(first, writer('a', 1, 10, 9_000));
    const judged = judgeChange(present, second, 0, writer('b', 1, 11, 5_000));
    expect(plainValues(judged.record)).toEqual({ at: 1, status: 'present' });
    expect(judged.losses.map((loss) => loss.field)).toEqual(['status']);
  });
});

describe('an older operation of the same device that comes late', () => {
  it('does not override the newer one, and is no conflict', () => {
    const present = standing(mark('late'), writer('a', 7, 10, 5_000));
    const judged = judgeChange(present, mark('present'), 0, writer('a', 6, 11, 9_000));
    expect(valueOf(judged.record)).toBe('late');
    expect(judged.losses).toEqual([]);
  });
});

describe('deletion', () => {
  const remove: Change = { e: 'person', k: 'p1', set: { deletedAt: 1 }, base: 0 };
  const rename: Change = { e: 'person', k: 'p1', set: { phone: '+79120000000' }, base: 0 };

  it('that had not seen an edit is applied and shown', () => {
    const present = standing(rename, writer('a', 1, 10, 5_000));
    const judged = judgeChange(present, remove, 0, writer('b', 1, 11, 6_000));
    expect(plainValues(judged.record)).toMatchObject({ deletedAt: 1, phone: '+79120000000' });
    expect(judged.losses.map((loss) => loss.field)).toEqual(['deletedAt']);
  });

  it('that was not seen by an edit is shown too', () => {
    const present = standing(remove, writer('b', 1, 10, 5_000));
    const judged = judgeChange(present, rename, 0, writer('a', 1, 11, 6_000));
    expect(judged.losses.map((loss) => loss.field)).toEqual(['deletedAt']);
  });
});

describe('any two concurrent values of two devices', () => {
  it('come to the same standing value in whichever order they arrive, and the other one is never lost', () => {
    const time = fc.integer({ min: -1_000, max: 1_000 });
    fc.assert(
      fc.property(time, time, (first, second) => {
        const one = (present: StoredRecord | undefined, seq: number) =>
          judgeChange(present, mark('present'), 0, writer('a', 1, seq, first));
        const two = (present: StoredRecord | undefined, seq: number) =>
          judgeChange(present, mark('late'), 0, writer('b', 1, seq, second));
        const forward = two(one(undefined, 1).record, 2);
        const backward = one(two(undefined, 1).record, 2);
        expect(valueOf(forward.record)).toBe(valueOf(backward.record));
        const loser = valueOf(forward.record) === 'late' ? 'present' : 'late';
        expect(forward.losses[0]?.loser.value).toBe(loser);
        expect(backward.losses[0]?.loser.value).toBe(loser);
      })
    );
  });
});
