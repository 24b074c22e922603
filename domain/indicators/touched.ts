import { attendanceParts } from '#domain/records/attendance.ts';
import type { RecordType } from '#domain/records/registry.ts';
import type { CountingIndex, OccasionKey } from './occasions.ts';

/** Which row has changed. */
export interface RecordKey {
  readonly type: RecordType;
  readonly id: string;
}

/** Rows of these say something of many occasions, or of what counts at all. */
const farReaching: ReadonlySet<RecordType> = new Set([
  'project',
  'indicator',
  'organisation',
  'group',
  'event',
  'alias',
  'membership',
  'topic',
  'remark'
]);

/**
 * The occasions that these rows belong to; undefined = more may depend on them. A card of a person that nothing speaks of yet
 * (a newcomer, written down together with the first mark) is nobody's occasion.
 */
export function occasionsOf(
  changed: readonly RecordKey[],
  index: CountingIndex
): readonly OccasionKey[] | undefined {
  const keys = new Map<string, OccasionKey>();
  const people = new Set<string>();
  for (const { type, id } of changed) {
    if (farReaching.has(type)) return undefined;
    if (type === 'person') people.add(id);
    const key = occasionOf(type, id);
    if (key !== undefined) keys.set(key.id, key);
  }
  return people.size > 0 && areSpokenOf(people, index) ? undefined : [...keys.values()];
}

function occasionOf(type: RecordType, id: string): OccasionKey | undefined {
  switch (type) {
    case 'attendance':
      return { type: 'attendance', id: attendanceParts(id).session };
    case 'session':
    case 'sheet':
      return { type: 'attendance', id };
    case 'consultation':
      return { type: 'consultation', id };
    case 'review': {
      const [reviewed, target = ''] = [id.slice(0, id.indexOf('~')), id.slice(id.indexOf('~') + 1)];
      if (reviewed === 'sheet') return { type: 'attendance', id: target };
      return reviewed === 'consultation' ? { type: 'consultation', id: target } : undefined;
    }
    default:
      return undefined;
  }
}

function areSpokenOf(people: ReadonlySet<string>, { occasions, identities }: CountingIndex): boolean {
  const isKnown = (person: string | undefined): boolean => person !== undefined && people.has(person);
  return (
    [...people].some((id) => identities.cardsOf(id).length > 1) ||
    occasions.some(({ evidence }) => evidence.some(({ person }) => isKnown(person)))
  );
}
