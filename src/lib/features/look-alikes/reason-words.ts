import type { LookAlikeReason } from '#domain/names/look-alikes.ts';
import { m } from '$lib/paraglide/messages.js';

const words: Record<LookAlikeReason, () => string> = {
  same_name: m.office_alike_same_name,
  other_spelling: m.office_alike_other_spelling,
  initials_fit: m.office_alike_initials_fit,
  patronymic_missing: m.office_alike_patronymic_missing,
  patronymic_differs: m.office_alike_patronymic_differs,
  surname_part: m.office_alike_surname_part,
  surname_differs: m.office_alike_surname_differs,
  names_swapped: m.office_alike_names_swapped,
  one_typo: m.office_alike_one_typo,
  same_phone: m.office_alike_same_phone,
  same_settlement: m.office_alike_same_settlement,
  age_differs: m.office_alike_age_differs
};

/** What two cards have in common, or not. */
export function reasonWord(reason: LookAlikeReason): string {
  return words[reason]();
}
