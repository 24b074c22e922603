import { canonicalFirstName, isKnownFirstName } from './first-names.ts';
import { fold } from './fold.ts';
import { compareTexts, nameSortKey, type PersonName } from './person-name.ts';
import { phoneDigits } from './phone.ts';
import { isWithinOneTypo } from './typo.ts';

/** What look-alikes are judged by. Settlement is compared as it is (an id, or a name everywhere). */
export type PersonTraits = PersonName & {
  readonly id: string;
  readonly settlement?: string | null | undefined;
  readonly phone?: string | null | undefined;
  readonly ageBand?: string | null | undefined;
};

export type LookAlikeReason =
  | 'same_name'
  | 'other_spelling'
  | 'initials_fit'
  | 'patronymic_missing'
  | 'patronymic_differs'
  | 'surname_part'
  | 'surname_differs'
  | 'names_swapped'
  | 'one_typo'
  | 'same_phone'
  | 'same_settlement'
  | 'age_differs';

/**
 * `likely`: the whole name fits, or name and telephone do. `possible`: something is missing or one slip apart.
 * `namesake`: surname and first name are the same and the patronymics differ, so another person (father and son);
 * shown so that nobody takes one for the other, never offered for merging.
 */
export type Likeness = 'likely' | 'possible' | 'namesake';

export type LookAlike<Person> = {
  readonly person: Person;
  readonly likeness: Likeness;
  readonly reasons: readonly LookAlikeReason[];
};

export type LookAlikePair<Person> = Omit<LookAlike<Person>, 'person'> & {
  readonly left: Person;
  readonly right: Person;
};

/** A candidate that is being typed has no id yet. */
export type Candidate = Omit<PersonTraits, 'id'> & { readonly id?: string | undefined };

type Traits<Person> = {
  readonly person: Person;
  readonly surname: string;
  readonly surnameParts: readonly string[];
  readonly name: string;
  readonly canonicalName: string;
  readonly patronymic: string;
  readonly spelling: string;
  readonly settlement: string;
  readonly phone: string;
  readonly ageBand: string;
};

type Verdict = {
  readonly likeness: Likeness;
  readonly reasons: readonly LookAlikeReason[];
  readonly cost: number;
};
/** `cost` grows with doubt; `reason` is absent where the two simply agree. */
type Fit = { readonly cost: number; readonly reason?: LookAlikeReason };

const likenessOrder = { likely: 0, possible: 1, namesake: 2 } as const;
const highestCost = 2;

/** People who may be the candidate, the likeliest first, in an order that does not depend on that of `people`. */
export function lookAlikes<Person extends PersonTraits>(
  candidate: Candidate,
  people: Iterable<Person>
): readonly LookAlike<Person>[] {
  const own = traitsOf(candidate);
  const found = [];
  for (const person of people) {
    if (person.id === candidate.id) continue;
    const verdict = compare(own, traitsOf(person));
    if (verdict !== undefined) found.push({ person, ...verdict });
  }
  return found
    .sort((left, right) => compareVerdicts(left, right) || comparePeople(left.person, right.person))
    .map(({ person, likeness, reasons }) => ({ person, likeness, reasons }));
}

/**
 * People of a register as they come and go, and who of them may be somebody whose name is being typed: the verdicts of
 * `lookAlikes`, without looking at everybody. A telephone and a village would ask for more, so only the name is taken.
 */
export class LookAlikeIndex<Person extends PersonTraits> {
  readonly #people = new Map<string, { readonly surname: Surname<Person>; readonly person: Person }>();
  /** By the surname as it is written: in a register most come again and again. */
  readonly #written = new Map<string, Surname<Person>>();
  readonly #found = new Map<string, Set<Surname<Person>>>();

  /** Adds the person, or replaces the one with the same id. */
  put(person: Person): void {
    this.remove(person.id);
    const surname = this.#written.get(person.surname) ?? this.#begin(person.surname);
    surname.people.set(person.id, person);
    this.#people.set(person.id, { surname, person });
  }

  remove(id: string): void {
    this.#people.get(id)?.surname.people.delete(id);
    this.#people.delete(id);
  }

  /** As `lookAlikes(name, everybody)`. */
  find(name: PersonName): readonly LookAlike<Person>[] {
    const own = traitsOf(name);
    const surnames = new Set<Surname<Person>>();
    for (const key of [...surnameKeys(own), ...slipKeys(own.surname, true), `whole ${own.name}`])
      for (const surname of this.#found.get(key) ?? []) surnames.add(surname);
    const fitting = [...surnames].filter(
      ({ traits }) => fitSurnames(own, traits, false) !== undefined || traits.surname === own.name
    );
    return lookAlikes(
      name,
      fitting.flatMap(({ people }) => [...people.values()])
    );
  }

  #begin(written: string): Surname<Person> {
    const traits = traitsOf({ surname: written, name: '' });
    const surname: Surname<Person> = { traits, people: new Map() };
    this.#written.set(written, surname);
    for (const key of [...surnameKeys(traits), ...slipKeys(traits.surname, false)]) {
      const having = this.#found.get(key);
      if (having === undefined) this.#found.set(key, new Set([surname]));
      else having.add(surname);
    }
    return surname;
  }
}

/** Everybody whose surname is written in the same way. */
type Surname<Person> = { readonly traits: Traits<unknown>; readonly people: Map<string, Person> };

function surnameKeys({ surname, surnameParts }: Traits<unknown>): readonly string[] {
  return [`whole ${surname}`, ...surnameParts.map((part) => `part ${part}`)];
}

/**
 * Words one slip apart begin with the same two letters, or are the same from the fourth letter of the longer one on (the
 * slip may swap the second letter with the third). Who asks does not know how long the other word is.
 */
function slipKeys(surname: string, asks: boolean): readonly string[] {
  if (surname.length < 5) return [];
  const rests = asks ? [2, 3, 4] : [3];
  return [`start ${surname.slice(0, 2)}`, ...rests.map((from) => `rest ${surname.slice(from)}`)];
}

/** All pairs of a register that may be one person, the likeliest first; namesakes are left out. */
export function lookAlikePairs<Person extends PersonTraits>(
  people: Iterable<Person>
): readonly LookAlikePair<Person>[] {
  // The key of a name costs more than all comparing with it: it is made once a person.
  const all = Array.from(people, (person) => ({ traits: traitsOf(person), key: nameSortKey(person) }))
    .sort((a, b) => compareTexts(a.key, b.key) || compareTexts(a.traits.person.id, b.traits.person.id))
    .map(({ traits }) => traits);
  const seen = new Set<number>();
  const pairs: (LookAlikePair<Person> & Verdict & { readonly order: number })[] = [];
  for (const block of blocksOf(all)) {
    for (const [index, first] of block.entries()) {
      for (const second of block.slice(index + 1)) {
        const pairKey = first * all.length + second;
        const [left, right] = [all[first], all[second]];
        if (seen.has(pairKey) || left === undefined || right === undefined) continue;
        seen.add(pairKey);
        const verdict = compare(left, right);
        if (verdict === undefined || verdict.likeness === 'namesake') continue;
        pairs.push({ left: left.person, right: right.person, order: pairKey, ...verdict });
      }
    }
  }
  return pairs
    .sort((a, b) => compareVerdicts(a, b) || a.order - b.order)
    .map(({ left, right, likeness, reasons }) => ({ left, right, likeness, reasons }));
}

function compare(left: Traits<unknown>, right: Traits<unknown>): Verdict | undefined {
  const samePhone = left.phone !== '' && left.phone === right.phone;
  const swapped =
    left.surname !== right.surname && left.surname === right.name && left.name === right.surname;
  const surname: Fit | undefined = swapped
    ? { cost: 1, reason: 'names_swapped' }
    : fitSurnames(left, right, samePhone);
  const name = swapped ? { cost: 0 } : fitNames(left, right);
  if (surname === undefined || name === undefined) return undefined;

  const patronymic = fitPatronymics(left, right, name.reason === 'initials_fit');
  const parts = [surname, name, patronymic ?? { cost: 0 }];
  if (patronymic === undefined) {
    if (surname.reason !== undefined || name.cost > 1) return undefined;
    return {
      likeness: 'namesake',
      reasons: ['patronymic_differs', ...supports(left, right, samePhone)],
      cost: 0
    };
  }
  if (parts.filter((part) => part.reason === 'one_typo').length > 1) return undefined;

  const cost = parts.reduce((sum, part) => sum + part.cost, 0) + circumstances(left, right, samePhone);
  if (cost > highestCost) return undefined;
  const wholeName = left.patronymic !== '' && right.patronymic !== '';
  const reasons = new Set<LookAlikeReason>();
  if (parts.every((part) => part.reason === undefined)) reasons.add('same_name');
  if (reasons.has('same_name') && left.spelling !== right.spelling) reasons.add('other_spelling');
  for (const part of parts) if (part.reason !== undefined) reasons.add(part.reason);
  for (const support of supports(left, right, samePhone)) reasons.add(support);
  return {
    likeness: cost <= 0 && (wholeName || samePhone) ? 'likely' : 'possible',
    reasons: [...reasons],
    cost
  };
}

function fitSurnames(left: Traits<unknown>, right: Traits<unknown>, samePhone: boolean): Fit | undefined {
  if (left.surname === right.surname) return { cost: 0 };
  const isDouble = left.surnameParts.length !== right.surnameParts.length;
  if (isDouble && left.surnameParts.some((part) => right.surnameParts.includes(part))) {
    return { cost: 2, reason: 'surname_part' };
  }
  if (isTypo(left.surname, right.surname)) return { cost: 2, reason: 'one_typo' };
  // A married woman keeps her telephone. Without the rest of the name it would be the family's.
  return samePhone ? { cost: 3, reason: 'surname_differs' } : undefined;
}

function fitNames(left: Traits<unknown>, right: Traits<unknown>): Fit | undefined {
  if (left.name === '' || right.name === '') return undefined;
  if (left.name === right.name) return { cost: 0 };
  if (left.canonicalName === right.canonicalName) return { cost: 1, reason: 'other_spelling' };
  if (isInitialOf(left.name, right.name)) return { cost: 1, reason: 'initials_fit' };
  if (isKnownFirstName(left.name) && isKnownFirstName(right.name)) return undefined;
  return isTypo(left.name, right.name) ? { cost: 2, reason: 'one_typo' } : undefined;
}

/** Nothing when the two patronymics are of different fathers. */
function fitPatronymics(
  left: Traits<unknown>,
  right: Traits<unknown>,
  nameIsInitial: boolean
): Fit | undefined {
  if (left.patronymic === right.patronymic) return { cost: left.patronymic === '' ? 1 : 0 };
  if (left.patronymic === '' || right.patronymic === '') return { cost: 1, reason: 'patronymic_missing' };
  if (isInitialOf(left.patronymic, right.patronymic)) {
    return { cost: nameIsInitial ? 0 : 1, reason: 'initials_fit' };
  }
  return isTypo(left.patronymic, right.patronymic) ? { cost: 2, reason: 'one_typo' } : undefined;
}

function circumstances(left: Traits<unknown>, right: Traits<unknown>, samePhone: boolean): number {
  const isKnown = left.settlement !== '' && right.settlement !== '';
  const settlement = !isKnown ? 0 : left.settlement === right.settlement ? -1 : 2;
  return settlement + (samePhone ? -2 : 0) + (agesDiffer(left, right) ? 2 : 0);
}

function supports(
  left: Traits<unknown>,
  right: Traits<unknown>,
  samePhone: boolean
): readonly LookAlikeReason[] {
  const reasons: LookAlikeReason[] = [];
  if (samePhone) reasons.push('same_phone');
  if (left.settlement !== '' && left.settlement === right.settlement) reasons.push('same_settlement');
  if (agesDiffer(left, right)) reasons.push('age_differs');
  return reasons;
}

function agesDiffer(left: Traits<unknown>, right: Traits<unknown>): boolean {
  return left.ageBand !== '' && right.ageBand !== '' && left.ageBand !== right.ageBand;
}

/** One slip in a word of five letters or more, but not in its ending: Иванов and Иванова are two people. */
function isTypo(left: string, right: string): boolean {
  const shorter = left.length <= right.length ? left : right;
  const longer = shorter === left ? right : left;
  if (shorter.length < 5 || !isWithinOneTypo(left, right)) return false;
  return !longer.startsWith(shorter) && left.slice(0, -1) !== right.slice(0, -1);
}

function isInitialOf(left: string, right: string): boolean {
  return left.length !== right.length && (left.length === 1 || right.length === 1) && left[0] === right[0];
}

/**
 * Groups that hold every pair `compare` can accept: same surname or part of it, surname one slip away with the same
 * first letter of the name, surname and name swapped, same telephone. Words one slip apart share a form with one
 * letter left out.
 */
function blocksOf(all: readonly Traits<unknown>[]): Iterable<readonly number[]> {
  const blocks = new Map<string, number[]>();
  for (const [index, traits] of all.entries()) {
    for (const key of blockKeys(traits)) {
      const block = blocks.get(key);
      if (block === undefined) blocks.set(key, [index]);
      else block.push(index);
    }
  }
  return blocks.values();
}

function blockKeys(traits: Traits<unknown>): ReadonlySet<string> {
  const { surname, surnameParts, name } = traits;
  const keys = new Set([`surname ${surname}`, ...surnameParts.map((part) => `surname ${part}`)]);
  keys.add(`both ${[surname, name].sort(compareTexts).join(' ')}`);
  if (traits.phone !== '') keys.add(`phone ${traits.phone}`);
  if (surname.length >= 5) {
    for (const initial of [name.charAt(0), traits.canonicalName.charAt(0)]) {
      keys.add(`slip ${initial} ${surname}`);
      for (let left = 0; left < surname.length; left += 1) {
        keys.add(`slip ${initial} ${surname.slice(0, left)}${surname.slice(left + 1)}`);
      }
    }
  }
  return keys;
}

function traitsOf<Person extends Candidate>(person: Person): Traits<Person> {
  const [name, patronymic] = givenNames(person);
  const surnameParts = fold(person.surname)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
  return {
    person,
    surname: surnameParts.join(''),
    surnameParts,
    name,
    canonicalName: canonicalFirstName(name),
    patronymic,
    spelling: [person.surname, person.name, person.patronymic ?? ''].join(' ').normalize('NFC'),
    settlement: person.settlement ?? '',
    phone: phoneDigits(person.phone ?? ''),
    ageBand: person.ageBand ?? ''
  };
}

/** Folded first name and patronymic; «И. С.» written into the first field is taken apart. */
function givenNames(person: Candidate): readonly [string, string] {
  const initials = /^\s*(\p{L}\p{M}*)\.\s*(\p{L}\p{M}*)\.?\s*$/u.exec(person.name);
  const name = initials?.[1] ?? person.name;
  const patronymic =
    (person.patronymic ?? '').trim() === '' ? (initials?.[2] ?? '') : (person.patronymic ?? '');
  return [lettersOf(name), lettersOf(patronymic)];
}

function lettersOf(text: string): string {
  return fold(text).replace(/[^\p{L}]/gu, '');
}

function compareVerdicts(left: Verdict, right: Verdict): number {
  return likenessOrder[left.likeness] - likenessOrder[right.likeness] || left.cost - right.cost;
}

function comparePeople(left: PersonTraits, right: PersonTraits): number {
  return compareTexts(nameSortKey(left), nameSortKey(right)) || compareTexts(left.id, right.id);
}
