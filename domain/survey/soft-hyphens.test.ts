import { expect, it } from 'vitest';
import { softHyphens } from './soft-hyphens.ts';

const shown = (text: string): string => softHyphens(text).replaceAll('\u00ad', '·');

it.each([
  ['Зарегистрированную НКО', 'Заре·гистри·рован·ную НКО'],
  ['Муниципальное учреждение', 'Муни·ципаль·ное учреждение'],
  ['сопровождение', 'сопро·вож·дение'],
  ['Консультирование', 'Кон·суль·тиро·вание'],
  ['ДЕМОНСТРАЦИОННЫЙ', 'ДЕМОНСТРА·ЦИОН·НЫЙ']
])('a long word may be parted between syllables: %s', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

it('short words, names of ordinary length and other letters stay whole', () => {
  const text = 'Обучение и помощь: Ёлкина Фёкла, 1228699000089, representatives';
  expect(softHyphens(text)).toBe(text);
});
