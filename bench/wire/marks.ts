import { wholeSecond } from '#domain/sync/whole-second.ts';
import { mulberry32 } from '#domain/mulberry32.ts';
import { randomId } from './chance.ts';

/** One attendance mark as peers store it: plain JSON. */
export interface Mark {
  readonly id: string;
  readonly session: string;
  readonly person: string;
  readonly status: 'present' | 'late' | 'absent';
  /** When it was made, UTC ms, to the second. */
  readonly at: number;
  readonly by: string;
}

/** A hall of the seminar: its people come to one session after another. */
const hall = 25;

/** The same marks at every run: sessions of 25 people who are marked in the order in which they came in. */
export function makeMarks(count: number, seed: number): readonly Mark[] {
  const random = mulberry32(seed);
  const id = (): string => randomId(random);
  const people = Array.from({ length: hall }, id);
  const by = id();
  let at = 1_764_000_000_000;
  const marks: Mark[] = [];
  while (marks.length < count) {
    const session = id();
    const order = people.map((person) => ({ person, place: random() })).sort((a, b) => a.place - b.place);
    for (const { person } of order.slice(0, count - marks.length)) {
      at += 1_000 + Math.floor(random() * 19_000);
      const luck = random();
      const status = luck < 0.9 ? 'present' : luck < 0.97 ? 'late' : 'absent';
      marks.push({ id: `${session}~${person}`, session, person, status, at: wholeSecond(at), by });
    }
    at += 86_400_000;
  }
  return marks;
}
