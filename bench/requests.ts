import type { Figure } from './result.ts';
import { withGround } from './ground.ts';
import { makeMarks } from './wire/marks.ts';

const counts = [1, 1_000, 10_000];
const batch = 1_000;

/** How many requests a real browser makes until so many operations are confirmed. */
export async function requests(): Promise<readonly Figure[]> {
  return withGround(async ({ sendMarks }) => {
    const figures: Figure[] = [];
    for (const count of counts) {
      const sent = await sendMarks('zimnik', makeMarks(count, 1));
      figures.push({
        question: `${count.toLocaleString('en')} operations, requests`,
        ours: sent.requests,
        unit: 'requests',
        target: Math.ceil(count / batch) + 1
      });
    }
    return figures;
  });
}
