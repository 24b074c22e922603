import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lookAlikePairs, lookAlikes, type Candidate, type PersonTraits } from './look-alikes.ts';

type Extra = Omit<Candidate, 'surname' | 'name' | 'patronymic'>;

const named = (line: string, extra: Extra = {}): Candidate => {
  const [surname = '', name = '', patronymic] = line.split(' ');
  return { surname, name, patronymic, ...extra };
};
/** Likeness and reasons of one person for one candidate, or «none». */
const judge = (candidate: Candidate, person: Candidate): string => {
  const [found] = lookAlikes(candidate, [{ ...person, id: 'known' }]);
  return found === undefined ? 'none' : `${found.likeness}: ${found.reasons.join(', ')}`;
};

describe('look-alikes by name alone', () => {
  it.each([
    ['Ёлкина Фёкла Семёновна', 'Елкина Фекла Семеновна', 'likely: same_name, other_spelling'],
    ['Тарлин Пётр Пётрович', 'Тарлин Пётр Пётрович', 'likely: same_name'],
    ['Молданова Мария', 'Молданова Мария Ивановна', 'possible: patronymic_missing'],
    ['Молданова Мария Петровна', 'Молданова Мария Ивановна', 'namesake: patronymic_differs'],
    ['Тарлин Пётр Иванович', 'Тарлин Пётр Петрович', 'namesake: patronymic_differs'],
    ['Волдин И. С.', 'Волдин Иван Сергеевич', 'possible: initials_fit'],
    ['Волдин И.С.', 'Волдин Иван Сергеевич', 'possible: initials_fit'],
    ['Волдин И. П.', 'Волдин Иван Сергеевич', 'namesake: patronymic_differs'],
    ['Волдин П. С.', 'Волдин Иван Сергеевич', 'none'],
    ['Петрова Анна Сергеевна', 'Иванова-Петрова Анна Сергеевна', 'possible: surname_part'],
    ['Лельхова Наталия Ивановна', 'Лельхова Наталья Ивановна', 'possible: other_spelling'],
    ['Пендахов Олег Ильич', 'Пендахво Олег Ильич', 'possible: one_typo'],
    ['Пендахов Олег Сергевич', 'Пендахов Олег Сергеевич', 'possible: one_typo'],
    ['Пендахов Олег Сергевич', 'Пендаков Олег Сергеевич', 'none'],
    ['Мария Молданова', 'Молданова Мария', 'possible: names_swapped'],
    ['Хӑтанев Ӈара', 'Хатанев Нара', 'possible: same_name, other_spelling']
  ])('%s and %s: %s', (left, right, expected) => {
    expect(judge(named(left), named(right))).toBe(expected);
  });

  it.each([
    ['Иванов Женя Петрович', 'Иванова Женя Петрович'],
    ['Молданова Мария Ивановна', 'Молданова Марина Ивановна'],
    ['Тарлин Валерий Петрович', 'Тарлина Валерия Петровна'],
    ['Тарлин Александр Ильич', 'Тарлин Александра Ильич'],
    ['Ким Ян', 'Кин Ян']
  ])('%s and %s are different people', (left, right) => {
    expect(judge(named(left), named(right))).toBe('none');
  });
});

describe('look-alikes and their circumstances', () => {
  const phone = '+79123456789';

  it('a telephone in common speaks for one person, also after a marriage', () => {
    const before = named('Иванова Анна Сергеевна', { phone });
    const after = named('Лельхова Анна Сергеевна', { phone: '8 912 345-67-89' });
    expect(judge(before, after)).toBe('possible: surname_differs, same_phone');
    expect(judge(named('Молданова Мария', { phone }), named('Молданова Мария Ивановна', { phone }))).toBe(
      'likely: patronymic_missing, same_phone'
    );
  });

  it('a family shares a telephone and stays several people', () => {
    expect(judge(named('Тарлин Пётр Иванович', { phone }), named('Тарлин Олег Иванович', { phone }))).toBe(
      'none'
    );
    expect(judge(named('Тарлин Пётр Иванович', { phone }), named('Тарлин Пётр Петрович', { phone }))).toBe(
      'namesake: patronymic_differs, same_phone'
    );
  });

  it('the settlement strengthens or weakens a likeness', () => {
    const andra = { settlement: 'andra' };
    const other = { settlement: 'priobye' };
    expect(judge(named('Тарлин Пётр', andra), named('Тарлин Пётр Ильич', other))).toBe('none');
    expect(judge(named('Тарлин Пётр', andra), named('Тарлин Пётр Ильич', andra))).toBe(
      'possible: patronymic_missing, same_settlement'
    );
    expect(judge(named('Тарлин Пётр Ильич', andra), named('Тарлин Пётр Ильич', other))).toBe(
      'possible: same_name'
    );
  });

  it('full namesakes of different age are offered with a warning', () => {
    const senior = named('Пендахов Александр Александрович', { settlement: 'andra', ageBand: '55_plus' });
    const junior = named('Пендахов Александр Александрович', { settlement: 'andra', ageBand: '14_17' });
    expect(judge(senior, junior)).toBe('possible: same_name, same_settlement, age_differs');
  });
});

describe('lists of look-alikes', () => {
  const people = [
    { id: 'father', surname: 'Тарлин', name: 'Пётр', patronymic: 'Ильич' },
    { id: 'son', surname: 'Тарлин', name: 'Пётр', patronymic: 'Петрович' },
    { id: 'short', surname: 'Тарлин', name: 'П.', patronymic: 'П.' },
    { id: 'again', surname: 'Тарлин', name: 'Петр', patronymic: 'Петрович' }
  ];

  it('are ranked, without the candidate itself', () => {
    const ids = lookAlikes({ ...people[1], surname: 'Тарлин', name: 'Пётр' }, people).map(
      (each) => each.person.id
    );
    expect(ids).toEqual(['again', 'short', 'father']);
  });

  it('of a register hold no namesakes', () => {
    const pairs = lookAlikePairs(people).map((pair) => [pair.left.id, pair.right.id].sort().join('+'));
    expect(pairs).toEqual(['again+son', 'again+short', 'short+son']);
  });

  it('hold exactly the pairs that comparing everybody with everybody gives', () => {
    const person = fc.record({
      surname: fc.constantFrom(
        'Тарлин',
        'Тарлн',
        'Тралин',
        'Тарлин-Ким',
        'Ким',
        'Пётр',
        'Лельхов',
        'Тарлина'
      ),
      name: fc.constantFrom(
        'Пётр',
        'П.',
        'Наталья',
        'Наталия',
        'Осип',
        'Иосиф',
        'И.',
        'Тарлин',
        'Маирна',
        'Марина'
      ),
      patronymic: fc.constantFrom('', 'Ильич', 'И.', 'Петрович', 'Петрвич'),
      phone: fc.constantFrom('', '+79123456789', '21234'),
      settlement: fc.constantFrom('', 'andra', 'priobye')
    });
    fc.assert(
      fc.property(fc.array(person, { maxLength: 14 }), (drawn) => {
        const register: PersonTraits[] = drawn.map((each, position) => ({ id: `p${position}`, ...each }));
        const everybody = register.flatMap((left) =>
          lookAlikes(left, register)
            .filter((found) => found.likeness !== 'namesake')
            .map((found) => `${left.id} ${found.person.id} ${found.likeness}`)
        );
        const blocked = lookAlikePairs(register).flatMap(({ left, right, likeness }) => [
          `${left.id} ${right.id} ${likeness}`,
          `${right.id} ${left.id} ${likeness}`
        ]);
        expect(blocked.sort()).toEqual(everybody.sort());
      }),
      { numRuns: 300 }
    );
  });
});
