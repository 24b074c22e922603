import { expect, test, vi } from 'vitest';
import { printFigures } from './result.ts';

test('a ratio is told with three digits, also where the peer is a hundred times better', () => {
  const lines: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  const figure = { question: 'a tap', ours: 250, unit: 'ms', peer: 'Peer' };
  printFigures(
    [
      { ...figure, theirs: 3 },
      { ...figure, theirs: 30_856 },
      { ...figure, theirs: 310 }
    ],
    () => undefined
  );
  log.mockRestore();
  expect(lines[0]).toContain('; Peer: 3 ms, 0.012 times ours');
  expect(lines.slice(3).map((line) => (JSON.parse(line) as { ratio: number }).ratio)).toEqual([
    0.012, 123, 1.24
  ]);
});
