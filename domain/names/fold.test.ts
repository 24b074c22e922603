import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from './fold.ts';

describe('fold', () => {
  it.each([
    ['Семёнов', 'семенов'],
    ['СЕМЕНОВ', 'семенов'],
    ['Сергей', 'сергей'],
    ['Сергей'.normalize('NFD'), 'сергей'],
    ['Cофинансирование', 'софинансирование'],
    ['Хӑнты ясӑӈ', 'ханты ясан'],
    ['Хӑнты ясӑӈ'.normalize('NFD'), 'ханты ясан'],
    ['Лӯима̄ сэ̄рипос', 'луима сэрипос'],
    ['Шерка́лы', 'шеркалы'],
    ['Ԓор', 'лор'],
    ['Ԯор', 'лор'],
    ['Ӆор', 'лор'],
    ['Хəнты', 'хэнты'],
    ['«СО НКО  «Берег»»', 'со нко берег'],
    ['Иванова – Петрова', 'иванова - петрова'],
    ['Ё̄лкина', 'елкина'],
    ['Нижние\u00a0Нарыкары\u200b', 'нижние нарыкары']
  ])('folds «%s» to «%s»', (text, key) => {
    expect(fold(text)).toBe(key);
  });

  it('keeps a purely Latin word Latin', () => {
    expect(fold('Impuls MAX')).toBe('impuls max');
  });

  it('sees no quotes, so that plain words, which take a shorter way, become what they would without it', () => {
    const text = fc.string({ unit: fc.constantFrom(...'аёЁйЖ-'), maxLength: 7 });
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(fold(`«${left} ${right}»`)).toBe(fold(`${left} ${right}`));
      })
    );
  });

  it('changes nothing the second time', () => {
    const cyrillic = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...'аеёийуАЁЙӈԓԯәӑӯöāCэ -«\u0301\u0304\u0306\u0308\u00ad\u00a0'),
        fc.string({ unit: 'grapheme', maxLength: 2 })
      )
    });
    fc.assert(
      fc.property(cyrillic, (text) => {
        expect(fold(fold(text))).toBe(fold(text));
      })
    );
  });

  it('does not depend on the normalisation form of the text', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'абвгдеёжзийклмнӑӯӱўЙЁ -') });
    fc.assert(
      fc.property(letters, (text) => {
        expect(fold(text.normalize('NFD'))).toBe(fold(text.normalize('NFC')));
      })
    );
  });
});
