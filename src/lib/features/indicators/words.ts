import { formatDate } from '#domain/names/format.ts';
import type { Evidence } from '#domain/indicators/occasions.ts';
import type { IndicatorUnit } from '#domain/indicators/rule.ts';
import type { ExcludedReason } from '#domain/indicators/tally.ts';
import type { Desk } from '$lib/features/office/index.ts';
import { m } from '$lib/paraglide/messages.js';

/** «70 человек» after «из»: the genitive. */
export function ofTarget(unit: IndicatorUnit, count: number): string {
  switch (unit) {
    case 'people':
      return m.office_of_people({ count });
    case 'organisations':
      return m.office_of_organisations({ count });
    case 'groups':
      return m.office_of_groups({ count });
    case 'events':
      return m.office_of_events({ count });
  }
}

/** Name of what an indicator counts. */
export function entityName(desk: Desk, unit: IndicatorUnit, id: string): string {
  switch (unit) {
    case 'people':
      return desk.personName(id);
    case 'organisations':
      return desk.records.get('organisation', id)?.values.name ?? m.office_not_found();
    case 'groups':
      return desk.groupName(id);
    case 'events':
      return desk.records.get('event', id)?.values.title ?? m.office_not_found();
  }
}

/** Where the card of what an indicator counts is shown. */
export function entityHref(unit: IndicatorUnit, id: string): string {
  if (unit === 'people') return `/office/people/${id}`;
  if (unit === 'organisations') return `/office/organisations/${id}`;
  return unit === 'events' ? `/office/events/${id}` : `/office/groups/${id}`;
}

const reasons: Record<ExcludedReason, () => string> = {
  returned: m.office_excluded_returned,
  not_counted: m.office_excluded_not_counted,
  out_of_period: m.office_excluded_out_of_period,
  event_cancelled: m.office_excluded_event_cancelled,
  event_not_held: m.office_excluded_event_not_held,
  no_sheet: m.office_excluded_no_sheet,
  municipal: m.office_excluded_municipal,
  not_ngo: m.office_excluded_not_ngo,
  no_day: m.office_excluded_no_day,
  incomplete: m.office_excluded_incomplete,
  group_too_small: m.office_excluded_group_too_small
};

/** Why something that was found does not count. */
export function excludedWord(reason: ExcludedReason): string {
  return reasons[reason]();
}

/** What a row that speaks for somebody is: «Школа…, 15.01.2027». */
export function evidenceWords(desk: Desk, evidence: Evidence): string {
  const event =
    evidence.event === undefined ? undefined : desk.records.get('event', evidence.event)?.values.title;
  const what = evidence.type === 'consultation' ? m.office_consultation() : (event ?? m.office_sheet());
  return [what, formatDate(evidence.day, desk.language)].filter(Boolean).join(', ');
}

export function evidenceHref(evidence: Evidence): string {
  return evidence.type === 'consultation'
    ? `/office/consultations/${evidence.occasion}`
    : `/office/sheets/${evidence.occasion}`;
}

/** «Наш двор» of «Инициативная группа «Наш двор»», for sentences that put the quotes themselves. */
export function bareName(name: string): string {
  return /«([^«»]+)»$/.exec(name)?.[1] ?? name;
}
