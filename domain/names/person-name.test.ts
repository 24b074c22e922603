import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  capitaliseName,
  comparePersonNames,
  firstNameAndInitial,
  fullName,
  parsePersonName,
  shortName,
  textSortKey
} from './person-name.ts';

const anna = { surname: 'Иванова-Петрова', name: 'Анна-Мария', patronymic: 'Сергеевна' };

describe('names on the screen', () => {
  it('shows a full and a short form', () => {
    expect(fullName(anna)).toBe('Иванова-Петрова Анна-Мария Сергеевна');
    expect(shortName(anna)).toBe('Иванова-Петрова\u00a0А.-М.\u00a0С.');
    expect(firstNameAndInitial({ surname: 'Иванова', name: 'Анна' })).toBe('Анна\u00a0И.');
  });

  it('leaves no trace of an absent patronymic', () => {
    expect(fullName({ surname: 'Ким', name: 'Ян' })).toBe('Ким Ян');
    expect(shortName({ surname: 'Ким', name: 'Ян', patronymic: null })).toBe('Ким\u00a0Я.');
  });

  it('keeps the marks of a letter and takes one letter of a patronymic of two words', () => {
    expect(shortName({ surname: 'Сэ̄рипова', name: 'Ю̄ван' })).toBe('Сэ̄рипова\u00a0Ю̄.');
    expect(shortName({ surname: 'Оглы-Заде', name: 'Рашид', patronymic: 'Али оглы' })).toBe(
      'Оглы-Заде\u00a0Р.\u00a0А.'
    );
  });
});

describe('the order of names', () => {
  const sorted = (texts: string[]) =>
    [...texts].sort((left, right) => (textSortKey(left) < textSortKey(right) ? -1 : 1));

  it('puts ё with е', () => {
    expect(sorted(['Жук', 'Ёлкин', 'Яр', 'Ежов', 'Абакумов'])).toEqual([
      ...['Абакумов', 'Ежов', 'Ёлкин', 'Жук', 'Яр']
    ]);
  });

  it('puts й after и, Ӈ after Н, Ԓ after Л, Ӑ after А', () => {
    const expected = ['Ая', 'Ӑа', 'Бык', 'Иванов', 'Йонг', 'Ля', 'Ԓор', 'Мир', 'Ня', 'Ӈара', 'Оз'];
    expect(sorted([...expected].reverse())).toEqual(expected);
  });

  it('orders numbers by value and a shorter surname first', () => {
    expect(sorted(['Школа № 10', 'Школа № 2'])).toEqual(['Школа № 2', 'Школа № 10']);
    const people = [anna, { surname: 'Иванова', name: 'Яна' }, { surname: 'Иванова', name: 'Анна' }];
    expect(people.sort(comparePersonNames).map((person) => person.name)).toEqual([
      'Анна',
      'Яна',
      'Анна-Мария'
    ]);
  });

  it('agrees with the Russian collator on Russian words', () => {
    const collator = new Intl.Collator('ru');
    const word = fc.string({ unit: fc.constantFrom(...'абеёжийнэя'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(word, word, (left, right) => {
        const [leftKey, rightKey] = [textSortKey(left), textSortKey(right)];
        fc.pre(leftKey !== rightKey);
        expect(leftKey < rightKey).toBe(collator.compare(left, right) < 0);
      })
    );
  });

  it('sees no quotes, so that plain words, which take a shorter way, stand where they would without it', () => {
    const text = fc.string({ unit: fc.constantFrom(...'аёЁйЖ- Ӈ'), maxLength: 7 });
    fc.assert(
      fc.property(text, (plain) => {
        expect(textSortKey(`«${plain}»`)).toBe(textSortKey(plain));
      })
    );
  });

  it('is total: two different names are never equal', () => {
    expect(comparePersonNames({ surname: 'Ёжов', name: 'Ян' }, { surname: 'Ежов', name: 'Ян' })).not.toBe(0);
  });
});

describe('a name typed in one line', () => {
  it.each([
    ['Иванова Анна Петровна', ['Иванова', 'Анна', 'Петровна']],
    ['  Ким   Ян ', ['Ким', 'Ян', undefined]],
    ['Иванова - Петрова Анна', ['Иванова-Петрова', 'Анна', undefined]],
    ['Волдин И.С.', ['Волдин', 'И.', 'С.']],
    ['И. С. Волдин', ['Волдин', 'И.', 'С.']],
    ['Оглы-Заде Рашид Али оглы', ['Оглы-Заде', 'Рашид', 'Али оглы']],
    ['де ла Крус Мария', ['де ла Крус', 'Мария', undefined]],
    ['Сэ̄рипова Ӈара', ['Сэ̄рипова', 'Ӈара', undefined]]
  ])('reads «%s»', (text, [surname, name, patronymic]) => {
    expect(parsePersonName(text)).toEqual({
      ok: true,
      value: { surname, name, ...(patronymic === undefined ? {} : { patronymic }) }
    });
  });

  it('says what is missing or does not belong there', () => {
    expect(parsePersonName(' ')).toEqual({ ok: false, error: { type: 'empty' } });
    expect(parsePersonName('Иванова')).toEqual({
      ok: false,
      error: { type: 'name_missing', surname: 'Иванова' }
    });
    expect(parsePersonName('Иванова Анна, 45')).toEqual({
      ok: false,
      error: { type: 'unexpected_characters', characters: ',45' }
    });
  });

  it('reads back what it shows', () => {
    const word = fc
      .string({ unit: fc.constantFrom(...'абвӈёйя'), minLength: 1, maxLength: 6 })
      .filter((text) => !['да'].includes(text))
      .map(capitaliseName);
    fc.assert(
      fc.property(word, word, word, (surname, name, patronymic) => {
        const person = { surname, name, patronymic };
        expect(parsePersonName(fullName(person))).toEqual({ ok: true, value: person });
      })
    );
  });

  it('capitalises while typing and changes no other letter', () => {
    expect(capitaliseName('иванова-петрова анна и. МакДональд')).toBe('Иванова-Петрова Анна И. МакДональд');
  });
});
