// The message compiler makes the plural rules of a language anew for every word with a number in it: on a slow tablet a tap
// would wait milliseconds for them.
const made = 'new Intl.PluralRules(locale, options).select(Number(input))';
const kept = `const rules = new Map();
/** No message of ours gives options: the language alone tells the rules. */
function rulesOf(locale) {
  const known = rules.get(locale) ?? new Intl.PluralRules(locale);
  rules.set(locale, known);
  return known;
}
`;

/** @returns {import('vite').Plugin} */
export function pluralRulesOnce() {
  return {
    name: 'plural-rules-once',
    transform(code, id) {
      if (!id.endsWith('/src/lib/paraglide/registry.js')) return undefined;
      if (!code.includes(made))
        throw new Error('The message compiler makes plural rules in another way now.');
      return { code: kept + code.replace(made, 'rulesOf(locale).select(Number(input))'), map: null };
    }
  };
}
