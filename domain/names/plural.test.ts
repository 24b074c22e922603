import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pluralCategory, pluralForm } from './plural.ts';

describe('Russian plurals', () => {
  it.each([
    [0, 'many'],
    [1, 'one'],
    [2, 'few'],
    [5, 'many'],
    [11, 'many'],
    [12, 'many'],
    [14, 'many'],
    [21, 'one'],
    [22, 'few'],
    [25, 'many'],
    [101, 'one'],
    [111, 'many'],
    [112, 'many'],
    [1.5, 'other'],
    [1000, 'many']
  ] as const)('puts %d into «%s»', (count, category) => {
    expect(pluralCategory(count)).toBe(category);
  });

  it('agrees with the plural rules of the browser for every whole number', () => {
    const rules = new Intl.PluralRules('ru');
    fc.assert(
      fc.property(fc.integer(), (count) => {
        expect(pluralCategory(count)).toBe(rules.select(count));
      })
    );
  });

  it('counts participants the way people say it', () => {
    const forms = { one: 'участник', few: 'участника', many: 'участников' };
    const said = [1, 2, 5, 21, 111, 1.5].map((count) => pluralForm(count, forms));
    expect(said).toEqual(['участник', 'участника', 'участников', 'участник', 'участников', 'участника']);
  });
});
