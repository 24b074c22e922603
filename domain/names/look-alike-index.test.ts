import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LookAlikeIndex, lookAlikes, type PersonTraits } from './look-alikes.ts';

/** Few letters, so that surnames are often equal, parts of each other or one slip apart. */
const word = fc
  .array(fc.constantFrom('а', 'н', 'ё', 'в'), { minLength: 1, maxLength: 7 })
  .map((letters) => letters.join(''));
/** One of two surnames with a letter dropped, doubled or changed, or two swapped, anywhere. */
const slip = fc
  .tuple(fc.constantFrom('Молданова', 'Аврин'), fc.nat({ max: 7 }), fc.constantFrom('', 'н', 'swap', 'more'))
  .map(([whole, place, how]) => {
    const [before, here, after] = [
      whole.slice(0, place),
      whole.slice(place, place + 2),
      whole.slice(place + 2)
    ];
    if (how === 'swap') return `${before}${here.slice(1)}${here.slice(0, 1)}${after}`;
    return `${before}${how === 'more' ? 'ж' + here : how + here.slice(1)}${after}`;
  });
const surname = fc.oneof(
  word,
  { weight: 6, arbitrary: slip },
  fc.tuple(word, word).map((parts) => parts.join('-')),
  fc.constantFrom(
    'Молданова',
    'Молданов',
    'Мoлданова',
    'Молднаова',
    'омлданова',
    'Молдано',
    'Иванова-Петрова'
  )
);
const name = fc.oneof(
  { weight: 5, arbitrary: fc.constant('Мария') },
  word,
  surname,
  fc.constantFrom('Молданова', 'Марья', 'М.', 'И. С.', '')
);
const patronymic = fc.constantFrom(undefined, 'Ивановна', 'Ивановна', 'И.');
const typedName = fc.record({ surname, name, patronymic });
const person = fc.record<PersonTraits>({
  id: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8'),
  surname,
  name,
  patronymic: patronymic,
  settlement: fc.constantFrom(undefined, 's1', 's2'),
  phone: fc.constantFrom(undefined, '+79120000001'),
  ageBand: fc.constantFrom(undefined, '18_35', '55_plus')
});
const step = fc.oneof(
  { weight: 4, arbitrary: person },
  { weight: 1, arbitrary: fc.constantFrom('1', '2', '3') }
);

it('gives what a look at everybody gives, in the same order, whoever has come and gone before', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), typedName, (steps, typed) => {
      const index = new LookAlikeIndex<PersonTraits>();
      const everybody = new Map<string, PersonTraits>();
      for (const one of steps) {
        if (typeof one === 'string') {
          index.remove(one);
          everybody.delete(one);
        } else {
          index.put(one);
          everybody.set(one.id, one);
        }
      }
      expect(index.find(typed)).toEqual(lookAlikes(typed, everybody.values()));
    }),
    { numRuns: 2_000 }
  );
});

it('finds a person whose surname and first name were swapped', () => {
  const index = new LookAlikeIndex<PersonTraits>();
  index.put({ id: '1', surname: 'Мария', name: 'Молданова' });
  expect(index.find({ surname: 'Молданова', name: 'Мария' })).toHaveLength(1);
});
