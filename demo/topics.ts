import type { Values } from '#domain/records/registry.ts';
import { topicSections } from '#domain/start/start-records.ts';

type Subject = NonNullable<Values<'topic'>['subject']>;

export type TopicSection =
  | 'registration'
  | 'changes'
  | 'reporting'
  | 'design'
  | 'grants'
  | 'fundraising'
  | 'management'
  | 'accounting'
  | 'registers'
  | 'publicity'
  | 'personal-data'
  | 'self-government'
  | 'material';

/** A topic of a section by its place, from 0; going round at the section's end. */
export function topicId(section: TopicSection, place: number): string {
  return `t-${section}-${(place % topicsOf(section).length) + 1}`;
}

export function topicSubject(section: TopicSection): Subject {
  return topicSections.find(([key]) => key === section)?.[2] ?? 'other';
}

function topicsOf(section: TopicSection): readonly string[] {
  return (topicSections.find(([key]) => key === section)?.[3] ?? '').split(' · ');
}
