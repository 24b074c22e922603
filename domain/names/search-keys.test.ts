import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSearchIndex, type SearchFields } from './search-keys.ts';
import { searchKey } from './search-words.ts';

const people: readonly SearchFields[] = [
  { id: '1', surname: 'Ёлкина', name: 'Фёкла', patronymic: 'Семёновна', settlement: 'Шеркалы' },
  { id: '2', surname: 'Иванова-Петрова', name: 'Анна-Мария', patronymic: 'Сергеевна', phone: '+79123456789' },
  { id: '3', surname: 'Иванов', name: 'Пётр', patronymic: 'Иванович', organisation: 'Импульс-86' },
  { id: '4', surname: 'Иванов', name: 'Иван', patronymic: null, phone: '21234', settlement: 'Приобье' },
  { id: '5', surname: 'Сэ̄рипова', name: 'Ӈара', organisation: 'ОО «Родник традиций «Ясӑӈ»»' },
  { id: '6', surname: 'Петров', name: 'Аннамария', organisation: 'Impuls' },
  { id: '7', surname: 'Жуков', name: 'Семён', organisation: 'Союз СО НКО' },
  { id: '8', surname: 'Пахомов', name: 'Ян', settlement: 'Ԓорвәж' }
];
const index = createSearchIndex(people, (person) => person);
const found = (query: string) => index.search(query, 10).map((person) => person.id);

describe('search for a person', () => {
  it.each([
    ['елкина', ['1']],
    ['ФЕКЛА ЁЛКИНА', ['1']],
    ['сем елк', ['1']],
    ['шерк', ['1']],
    ['иванова петрова', ['2']],
    ['иванова-петрова', ['2']],
    ['ивановапетрова', ['2']],
    ['анна-мария', ['2', '6']],
    ['ясан', ['5']],
    ['серипова', []],
    ['сэрипова', ['5']],
    ['нара', ['5']],
    ['лор', ['8']],
    ['ӆорвеж', ['8']],
    ['лорвэж', ['8']],
    ['лорваж', ['8']],
    ['789', ['2']],
    ['345-67-89', ['2']],
    ['345 67 89 анна', ['2']],
    ['8 912 345-67-89', ['2']],
    ['9123456789', ['2']],
    ['2-12-34', ['4']],
    ['89', []],
    ['86', ['3']],
    ['сонко', ['7']],
    ['со нко', ['7']],
    ['Bdfyjd Bdfy', ['4', '3']],
    [';erjd', ['7']],
    ['Gf[jvjd', ['8']],
    ['`krbyf', ['1']],
    ['Шьзгды', ['6']],
    ['никого', []],
    ['…', []]
  ])('«%s» finds %j', (query, ids) => {
    expect(found(query)).toEqual(ids);
  });

  it('puts the exact surname first, then its beginning, then the other fields', () => {
    expect(found('иванов')).toEqual(['4', '3', '2']);
    expect(found('петров')).toEqual(['6', '2']);
    expect(found('анна')).toEqual(['2', '6']);
  });

  it('uses one word of the row for one word of the query', () => {
    expect(found('петров петров')).toEqual([]);
  });

  it('gives the first rows by name for an empty query, and never more than asked', () => {
    expect(index.search(' ', 3).map((person) => person.id)).toEqual(['1', '7', '4']);
    expect(index.search('и', 1)).toHaveLength(1);
    expect(index.search('и', 0)).toEqual([]);
  });
});

describe('the index', () => {
  it('follows changes of single rows', () => {
    const roster = createSearchIndex(people, (person) => person);
    roster.put({ id: '4', surname: 'Волдин', name: 'Иван' });
    roster.put({ id: '9', surname: 'Ким', name: 'Ян' });
    roster.remove('1');
    expect(roster.search('волдин', 5).map((person) => person.id)).toEqual(['4']);
    expect(roster.search('иванов', 5).map((person) => person.id)).toEqual(['3', '2']);
    expect(roster.search('елкина', 5)).toEqual([]);
    expect(roster.size).toBe(8);
  });

  it('returns the row as it was put last, when only its mark has changed', () => {
    const fields = (row: { mark: string }) => ({ id: '1', surname: 'Ким', name: 'Ян', mark: row.mark });
    const roster = createSearchIndex([{ mark: 'absent' }], fields);
    roster.put({ mark: 'present' });
    expect(roster.search('ким', 5)).toEqual([{ mark: 'present' }]);
  });

  it('finds everybody by any beginnings of their names in any order, in whatever order the rows came', () => {
    const word = fc.string({ unit: fc.constantFrom(...'аеёӈйя'), minLength: 1, maxLength: 5 });
    const person = fc.record({ surname: word, name: word, patronymic: word });
    fc.assert(
      fc.property(fc.array(person, { minLength: 1, maxLength: 12 }), fc.nat(4), (names, cut) => {
        const rows = names.map((name, position) => ({ id: `p${position}`, ...name }));
        const forwards = createSearchIndex(rows, (row) => row);
        const backwards = createSearchIndex([...rows].reverse(), (row) => row);
        for (const row of rows) {
          const parts = [row.patronymic, row.surname, row.name].map((part) => part.slice(0, cut + 1));
          const result = forwards.search(parts.join(' ').toUpperCase(), rows.length);
          expect(result.map((each) => each.id)).toContain(row.id);
          expect(backwards.search(parts.join(' '), rows.length)).toEqual(result);
        }
      })
    );
  });

  it('that has followed changes finds what a new one finds', () => {
    const word = fc.constantFrom('Ива', 'Иванова', 'Ива-Нова', 'ӘЙ', 'ай', 'СО НКО', '');
    const person = fc.record({ id: fc.nat(4).map(String), surname: word, name: word, settlement: word });
    const query = fc.constantFrom('и', 'ива', 'ива нова', 'иванова', 'а', 'е й', 'сонко', 'ай ива');
    fc.assert(
      fc.property(
        fc.array(fc.record({ person, goes: fc.boolean() }), { maxLength: 14 }),
        query,
        (steps, text) => {
          const followed = createSearchIndex<SearchFields>([], (row) => row);
          const rows = new Map<string, SearchFields>();
          for (const step of steps) {
            followed.put(step.person);
            rows.set(step.person.id, step.person);
            if (!step.goes) continue;
            followed.remove(step.person.id);
            rows.delete(step.person.id);
          }
          const fresh = createSearchIndex(rows.values(), (row) => row);
          expect(followed.search(text, 10)).toEqual(fresh.search(text, 10));
          expect(followed.search(text, 2)).toEqual(fresh.search(text, 2));
        }
      )
    );
  });
});

describe('what is found', () => {
  const word = fc.string({ unit: fc.constantFrom(...'аеий'), minLength: 1, maxLength: 3 });
  const person = fc.record({ surname: word, name: word, organisation: word, settlement: word });
  const query = fc.array(fc.string({ unit: fc.constantFrom(...'аеий'), minLength: 1, maxLength: 2 }), {
    minLength: 1,
    maxLength: 2
  });

  it('is what a look at every row finds, and a shorter list is the beginning of a longer one', () => {
    fc.assert(
      fc.property(
        fc.array(person, { maxLength: 40 }),
        query,
        fc.integer({ min: 1, max: 6 }),
        (all, terms, limit) => {
          const rows = all.map((fields, position) => ({ id: `p${position}`, ...fields }));
          const text = terms.join(' ');
          const roster = createSearchIndex(rows, (row) => row);
          const everybody = roster.search(text, rows.length + 1);
          const alone = rows.filter(
            (row) => createSearchIndex([row], (each) => each).search(text, 1).length > 0
          );
          expect(new Set(everybody)).toEqual(new Set(alone));
          expect(roster.search(text, limit)).toEqual(everybody.slice(0, limit));
          // Digits are looked for in every row: the slow way must agree with the quick one.
          const dialled = createSearchIndex(
            rows.map((row) => ({ ...row, phone: '+79001112233' })),
            (row) => row
          );
          const ids = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);
          expect(ids(dialled.search(`${text} 2233`, rows.length + 1))).toEqual(ids(everybody));
        }
      )
    );
  });
});

describe('searchKey', () => {
  it('reads signs as spaces', () => {
    expect(searchKey('МОО «Клуб «Северный берег»» (с. Перегрёбное)')).toBe(
      'моо клуб северный берег с перегребное'
    );
  });
});
