/** One attendance mark as peers store it: plain JSON. */
export interface Mark {
  readonly id: string;
  readonly session: string;
  readonly person: string;
  readonly status: 'present' | 'late' | 'absent';
  /** UTC ms. */
  readonly at: number;
  readonly by: string;
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** A hall of the seminar: its people come to one session after another. */
const hall = 25;

/** The same marks at every run: sessions of 25 people who are marked in the order in which they came in. */
export function makeMarks(count: number, seed: number): readonly Mark[] {
  const random = generator(seed);
  const id = (): string => Array.from({ length: 12 }, () => letters[Math.floor(random() * 64)]).join('');
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
      marks.push({ id: `${session}~${person}`, session, person, status, at, by });
    }
    at += 86_400_000;
  }
  return marks;
}

/** Mulberry32: chance that repeats. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
