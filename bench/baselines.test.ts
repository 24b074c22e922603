import { describe, expect, it } from 'vitest';
import { baselineOf, figuresTable, mergeFigures } from './baselines.ts';

const tap = { question: 'tap to «сохранено»', ours: 60, unit: 'ms', target: 50 };
const bytes = { question: 'bytes a mark', ours: 5.3, unit: 'B' };
const other = { ...bytes, peer: 'PouchDB', theirs: 351 };

describe('figures that are kept', () => {
  it('are renewed where they stand, and new questions come after them', () => {
    expect(mergeFigures([tap, bytes], [other, { ...tap, ours: 40 }])).toEqual([
      { ...tap, ours: 40 },
      bytes,
      other
    ]);
  });

  it('say in the table what was not reached and what others take', () => {
    const wanted = { ...bytes, peer: 'RxDB', theirs: 21, target: 5 };
    const table = figuresTable([tap, bytes, other, wanted]);
    expect(table).toContain('| tap to «сохранено» | 60 ms | 50 ms, not met |  |');
    expect(table).toContain(
      '| bytes a mark | 5.3 B |  | PouchDB: 351 B; RxDB: 21 B (wanted: 5 B, not met) |'
    );
    expect(figuresTable([wanted])).toContain('| bytes a mark | 5.3 B | 5 B, not met | RxDB: 21 B |');
  });

  it('stand in the table only where something is wanted or compared', () => {
    expect(figuresTable([tap, bytes])).not.toContain('bytes a mark');
  });

  it('are found again by question and peer', () => {
    expect(baselineOf({ ...other, ours: 9 }, [bytes, { ...other, ours: 8 }])).toBe(8);
    expect(baselineOf(tap, [bytes])).toBeUndefined();
  });
});
