import { slowLink, type LinkShape } from '#simulation/processes/link.ts';
import type { Figure } from './result.ts';
import { clientNames, type Client } from './wire/clients.ts';
import { firstDeathMs, withGround, type Ground } from './ground.ts';
import { makeMarks } from './wire/marks.ts';

/** The peers and how many times faster than each we want to be. */
const wanted: readonly (readonly [Client, number])[] = [
  ['pouchdb', 25],
  ['rxdb-1000-gzip', 2]
];
const diesEveryMs = 20_000;
const dying: LinkShape = { ...slowLink, diesEveryMs };
/** Those whose batches are small enough to get through; batches of 1,000 as they are never do. */
const survivors: readonly Client[] = ['pouchdb', 'rxdb', 'rxdb-1000-gzip'];

/**
 * Marks over 2G (600 ms, 50 kbit/s each way) in a real browser, until the other side has confirmed them: on a link that
 * holds, and on one that dies after 2 s and then every 20 s.
 */
export async function slowLinkPush(): Promise<readonly Figure[]> {
  return withGround(async (ground) => [...(await onHoldingLink(ground)), ...(await onDyingLink(ground))]);
}

async function onHoldingLink({ sendMarks }: Ground): Promise<readonly Figure[]> {
  const given = makeMarks(1_000, 1);
  const ours = await sendMarks('zimnik', given, slowLink);
  const figure = { question: '1,000 marks at 2G', ours: seconds(ours.ms), unit: 's' };
  const figures: Figure[] = [{ ...figure, target: 4 }];
  for (const [client, times] of wanted) {
    const theirs = await sendMarks(client, given, slowLink);
    figures.push({
      ...figure,
      peer: clientNames[client],
      theirs: seconds(theirs.ms),
      target: seconds(theirs.ms / times)
    });
  }
  return figures;
}

async function onDyingLink({ sendMarks }: Ground): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [count, target, seed] of [
    [1_000, 10, 2],
    [10_000, 60, 4]
  ] as const) {
    const question = `${count.toLocaleString('en')} marks at 2G, link dies every 20 s`;
    const given = makeMarks(count, seed);
    const ours = await sendMarks('zimnik', given, dying);
    // Others, or the server would know them already.
    const whole = await sendMarks('zimnik', makeMarks(count, seed + 1), slowLink);
    const deaths = ours.ms < firstDeathMs ? 0 : 1 + Math.floor((ours.ms - firstDeathMs) / diesEveryMs);
    const figure = { question, ours: seconds(ours.ms), unit: 's' };
    figures.push(
      { ...figure, target },
      {
        question: `${question}, requests more than on a link that holds`,
        ours: ours.requests - whole.requests,
        unit: 'requests',
        // Only what was cut is sent again.
        target: deaths
      }
    );
    if (count > 1_000) continue;
    for (const client of survivors) {
      const theirs = await sendMarks(client, given, dying);
      figures.push({ ...figure, peer: clientNames[client], theirs: seconds(theirs.ms) });
    }
  }
  return figures;
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
