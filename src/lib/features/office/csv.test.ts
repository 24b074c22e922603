import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('a table begins with the mark of UTF-8 and has semicolons and CRLF', () => {
  expect(
    toCsv([
      ['Имя', 'Село'],
      ['Алачёва', 'Шеркалы']
    ])
  ).toBe('\uFEFFИмя;Село\r\nАлачёва;Шеркалы\r\n');
});

test('quotes, semicolons and line ends stay inside their cell', () => {
  expect(toCsv([['ТОС "Берег"; село', 'две\nстроки']])).toBe('\uFEFF"ТОС ""Берег""; село";"две\nстроки"\r\n');
});

test('a text that a spreadsheet would run as a formula is kept as text', () => {
  expect(toCsv([['=1+1', '@cmd', '-cmd']])).toBe("\uFEFF'=1+1;'@cmd;'-cmd\r\n");
});

test('telephones and negative numbers stay as they are', () => {
  expect(toCsv([['+7 (912) 345-67-89', '-5']])).toBe('\uFEFF+7 (912) 345-67-89;-5\r\n');
});
