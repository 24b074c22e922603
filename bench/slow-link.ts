import type { Figure } from './result.ts';
import { clientNames, type Client } from './wire/clients.ts';
import { withGround } from './ground.ts';
import { slowLink } from '#simulation/processes/link.ts';
import { makeMarks } from './wire/marks.ts';

/** Ours and the least advantage over each peer that we want, how many times. */
const wanted: readonly (readonly [Client, number])[] = [
  ['pouchdb', 25],
  ['rxdb-1000-gzip', 2]
];

/** 1,000 marks over 2G (600 ms, 50 kbit/s each way) in a real browser, until the other side has confirmed them. */
export async function slowLinkPush(): Promise<readonly Figure[]> {
  return withGround(async ({ sendMarks }) => {
    const given = makeMarks(1_000, 1);
    const seconds = (ms: number): number => Math.round(ms / 100) / 10;
    const ours = await sendMarks('zimnik', given, slowLink);
    const figures: Figure[] = [
      { question: '1,000 marks at 2G', ours: seconds(ours.ms), unit: 's', target: 4 }
    ];
    for (const [client, times] of wanted) {
      const theirs = await sendMarks(client, given, slowLink);
      figures.push({
        question: '1,000 marks at 2G',
        ours: seconds(ours.ms),
        unit: 's',
        peer: clientNames[client],
        theirs: seconds(theirs.ms),
        target: seconds(theirs.ms / times)
      });
    }
    return figures;
  });
}
