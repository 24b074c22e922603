import { unreachable } from '#domain/result.ts';
import type { Values } from '#domain/records/registry.ts';
import { m } from '$lib/paraglide/messages.js';

/** The words of an age group; empty when it is not known. */
export function ageBandWord(band: Values<'person'>['ageBand']): string {
  switch (band) {
    case undefined:
      return '';
    case 'under_14':
      return m.field_age_under_14();
    case '14_17':
      return '14–17';
    case '18_35':
      return '18–35';
    case '36_54':
      return '36–54';
    case '55_plus':
      return '55+';
    default:
      return unreachable(band);
  }
}
