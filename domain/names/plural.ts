export type PluralCategory = 'one' | 'few' | 'many' | 'other';

/** Forms of a counted Russian noun: 1 анкета, 2 анкеты, 5 анкет; 1,5 анкеты (`few` serves when `other` is absent). */
export type PluralForms = {
  readonly one: string;
  readonly few: string;
  readonly many: string;
  readonly other?: string;
};

/** Russian plural category by the CLDR rules; every fraction is `other`. The sign does not matter. */
export function pluralCategory(count: number): PluralCategory {
  if (!Number.isInteger(count)) return 'other';
  const lastDigit = Math.abs(count) % 10;
  const lastTwo = Math.abs(count) % 100;
  if (lastTwo >= 11 && lastTwo <= 14) return 'many';
  if (lastDigit === 1) return 'one';
  return lastDigit >= 2 && lastDigit <= 4 ? 'few' : 'many';
}

/** The form of a noun that stands after the count. */
export function pluralForm(count: number, forms: PluralForms): string {
  const category = pluralCategory(count);
  return category === 'other' ? (forms.other ?? forms.few) : forms[category];
}
