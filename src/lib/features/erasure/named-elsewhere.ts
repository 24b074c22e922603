import { textSortKey } from '#domain/names/person-name.ts';
import type { RecordSet } from '#domain/records/record-set.ts';
import type { RecordType, Values } from '#domain/records/registry.ts';

/** A record whose words name somebody, though nothing in it says that they are about this person. */
export interface Mention {
  readonly type: RecordType;
  readonly id: string;
  /** The words, as they stand. */
  readonly text: string;
}

const shortestStem = 4;
/** Russian endings: «Молданова», «Молдановой». */
const endingLength = 2;

/**
 * Words of other records in which the surname or the telephone stands, for a person to look at: a namesake may be
 * meant. `belongs` = consultations that are erased with the person anyway.
 */
export function namedElsewhere(
  records: RecordSet,
  cards: readonly Values<'person'>[],
  belongs: ReadonlySet<string>
): readonly Mention[] {
  const stems = cards.flatMap(({ surname }) => stemOf(surname ?? ''));
  const phones = new Set(cards.flatMap(({ phone }) => (phone === undefined ? [] : [digitsOf(phone)])));
  const isNamed = (text: string): boolean => {
    const key = textSortKey(text);
    return stems.some((stem) => key.includes(stem));
  };
  const found: Mention[] = [];
  const look = (
    type: RecordType,
    id: string,
    parts: readonly (string | undefined)[],
    phone?: string
  ): void => {
    const text = parts.filter((part) => part !== undefined && part !== '').join(' · ');
    if (text === '' || belongs.has(id)) return;
    if (isNamed(text) || (phone !== undefined && phones.has(digitsOf(phone)))) found.push({ type, id, text });
  };
  for (const { id, values } of records.all('contact').values())
    look('contact', id, [values.name, values.phone, values.question], values.phone);
  for (const { id, values } of records.all('consultation').values())
    look('consultation', id, [values.request, values.advice, values.result, values.followUp]);
  for (const { id, values } of records.all('confidential_text').values())
    look('confidential_text', id, [values.request, values.advice]);
  for (const { id, values } of records.all('remark').values()) {
    if (!belongs.has(values.target ?? '')) look('remark', id, [values.text, values.answer]);
  }
  return found;
}

function stemOf(surname: string): readonly string[] {
  const key = textSortKey(surname);
  return key === '' ? [] : [key.slice(0, Math.max(shortestStem, key.length - endingLength))];
}

/** The number without its country's beginning. */
function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '').slice(-10);
}
