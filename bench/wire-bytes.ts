import type { Figure } from './result.ts';
import { clientNames, type Client } from './wire/clients.ts';
import { withGround } from './ground.ts';
import { makeMarks } from './wire/marks.ts';

const marks = 1_000;
/** Ours and the least advantage over each peer that we want, how many times. */
const wanted: readonly (readonly [Client, number | undefined])[] = [
  ['openrosa', 250],
  ['pouchdb', 50],
  ['pouchdb-1000', undefined],
  ['rxdb', undefined],
  ['rxdb-1000', undefined],
  ['rxdb-1000-gzip', 4.5]
];

/** 1,000 marks pushed by a real browser: every byte that goes up, heads included, and the requests. */
export async function wireBytes(): Promise<readonly Figure[]> {
  return withGround(async ({ sendMarks }) => {
    const given = makeMarks(marks, 1);
    const ours = await sendMarks('zimnik', given);
    const perMark = (bytes: number): number => Math.round((bytes / marks) * 10) / 10;
    const figures: Figure[] = [
      { question: '1,000 marks, bytes up a mark', ours: perMark(ours.bytesUp), unit: 'B', target: 8 },
      { question: '1,000 marks, requests', ours: ours.requests, unit: 'requests', target: 2 }
    ];
    for (const [client, times] of wanted) {
      const theirs = await sendMarks(client, given);
      figures.push({
        question: '1,000 marks, bytes up a mark',
        ours: perMark(ours.bytesUp),
        unit: 'B',
        peer: clientNames[client],
        theirs: perMark(theirs.bytesUp),
        // As many times less as is wanted.
        ...(times === undefined ? {} : { target: perMark(theirs.bytesUp / times) })
      });
      figures.push({
        question: '1,000 marks, requests',
        ours: ours.requests,
        unit: 'requests',
        peer: clientNames[client],
        theirs: theirs.requests
      });
    }
    return figures;
  });
}
