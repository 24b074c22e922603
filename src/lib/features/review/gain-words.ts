import type { Gain } from '#domain/indicators/gain.ts';
import type { Desk } from '$lib/features/office/index.ts';
import { m } from '$lib/paraglide/messages.js';

/** «Даст: Люди +3 · Соц. проектирование +3». */
export function gainWords(desk: Desk, gains: readonly Gain[]): string {
  const parts = gains.map(({ indicator, value }) => {
    const values = desk.records.get('indicator', indicator)?.values ?? {};
    return `${values.shortTitle ?? values.title ?? ''} +${value}`;
  });
  return m.office_gives({ what: parts.join(' · ') });
}
