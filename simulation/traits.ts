import type { Random } from './random.ts';

/** What may happen in one schedule: troubles are drawn apart, so that each is also met without the others. */
export interface Traits {
  readonly fieldPlaces: number;
  /** Two tablets of one person. */
  readonly sharedUser: boolean;
  readonly twoTabs: boolean;
  /** Everybody works on the same few records. */
  readonly crowded: boolean;
  /** Share of requests that meet trouble. */
  readonly networkTrouble: number;
  /** Requests are carried within seconds; otherwise within minutes, so that clocks cannot be compared. */
  readonly swift: boolean;
  readonly clockTrouble: boolean;
  readonly crashes: boolean;
  readonly restores: boolean;
  readonly clones: boolean;
  readonly revocations: boolean;
  readonly signOuts: boolean;
  readonly mistakes: boolean;
  readonly deletions: boolean;
  /** Days pass, and devices forget what is safe. */
  readonly longTime: boolean;
  /** Batteries die: only what is on the disk stays. */
  readonly powerLoss: boolean;
  /** A second coordinator, whose role may change. */
  readonly secondOffice: boolean;
  /** Cards are merged and taken apart again. */
  readonly merges: boolean;
  /** Apps and the server are brought to their next version, and back. */
  readonly upgrades: boolean;
  readonly steps: number;
  /** Work is carried to the centre as files too. */
  readonly courier: boolean;
  /** The office erases people. */
  readonly erasures: boolean;
  /** People take photos, whose bytes go after the records. */
  readonly photos: boolean;
  /** Now and then everything of a place gets through, files too: what the office then erases had been delivered. */
  readonly goodLinks: boolean;
}

export function drawTraits(random: Random): Traits {
  const restores = random.chance(0.3);
  const traits = {
    // With the office and the second one: 2 to 6 devices, mostly few, because few of them meet more often.
    fieldPlaces: random.pick([1, 1, 1, 2, 2, 2, 3, 3, 4]),
    sharedUser: random.chance(0.3),
    twoTabs: random.chance(restores ? 0.7 : 0.4),
    crowded: random.chance(0.5),
    networkTrouble: random.pick([0, 0.2, 0.4, 0.6]),
    swift: random.chance(0.5),
    clockTrouble: random.chance(0.4),
    crashes: random.chance(0.5),
    restores,
    // A copy made before a restore would need a new enrolment by hand, which is the administrator's work.
    clones: !restores && random.chance(0.25),
    revocations: random.chance(0.3),
    signOuts: random.chance(0.2),
    mistakes: random.chance(0.4),
    deletions: random.chance(0.4),
    longTime: random.chance(0.25),
    powerLoss: random.chance(0.3),
    secondOffice: random.chance(0.25),
    merges: random.chance(0.3),
    upgrades: random.chance(0.25),
    steps: 30 + random.below(70),
    // Three schedules in ten: those among which few of the recorded seeds are, so that they draw what they drew.
    courier: Math.abs(random.next() - 0.7) < 0.15
  };
  // An emptied operation is known by place and number, which two copies of a device share. Drawn last, and where few of the
  // recorded seeds are, so that they draw what they drew.
  const erasures = Math.abs(random.next() - 0.75) < 0.09 && !traits.clones;
  // By streams of chance of their own, in which none of the seeds has any that were recorded before them.
  const photos = random.branch(15).chance(0.15);
  if (!random.branch(21).chance(0.1)) return { ...traits, erasures, photos, goodLinks: false };
  return { ...traits, erasures: true, photos: true, goodLinks: true, clones: false };
}
