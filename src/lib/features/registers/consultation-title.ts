import type { Values } from '#domain/records/registry.ts';
import type { Desk } from '$lib/features/office/index.ts';
import { serviceWord } from '$lib/features/review/index.ts';
import { m } from '$lib/paraglide/messages.js';

/** What a note was about: its topics, or the service. */
export function consultationTitle(desk: Desk, values: Values<'consultation'>): string {
  if (values.kind === 'service')
    return values.service === undefined ? m.office_service() : serviceWord(values.service);
  const topics = (values.topics ?? []).map((topic) => desk.records.get('topic', topic)?.values.title ?? '');
  return topics.filter(Boolean).join(', ') || m.office_consultation();
}

/** Whom it was for, in the nominative. */
export function consultationWho(desk: Desk, values: Values<'consultation'>): string {
  return (
    desk.groupName(values.group) ||
    desk.organisationName(values.organisation) ||
    (values.person === undefined ? '' : desk.personName(values.person))
  );
}
