import { expect, test } from 'vitest';
import { fromTyped, readForm, toTyped, typedOf, type FormField } from './form-fields.ts';

const fields: readonly FormField[] = [
  { key: 'title', label: 'Название', kind: 'line', required: true },
  { key: 'grant', label: 'Грант', kind: 'money' },
  { key: 'tasks', label: 'Задачи', kind: 'lines' },
  { key: 'target', label: 'Цель', kind: 'count' },
  { key: 'phone', label: 'Телефон', kind: 'phone' }
];

test('money is typed in roubles as people write it and kept in kopecks', () => {
  expect(fromTyped('money', '1 805 915,50 ₽')).toEqual({ ok: true, value: 180_591_550 });
  expect(fromTyped('money', '1805915.5')).toEqual({ ok: true, value: 180_591_550 });
  expect(fromTyped('money', '499')).toEqual({ ok: true, value: 49_900 });
  expect(fromTyped('money', 'около миллиона').ok).toBe(false);
  expect(toTyped('money', 180_591_550)).toBe('1805915,50');
});

test('what a form shows is read back as the same value', () => {
  const values = { title: 'Проект', grant: 49_905, tasks: ['Раз', 'Два'], target: 70, phone: '+79123456789' };
  for (const { key, kind } of fields) {
    const value = values[key as keyof typeof values];
    expect(fromTyped(kind, toTyped(kind, value))).toEqual({ ok: true, value });
  }
});

test('only what a person changed is written, and an emptied field is emptied', () => {
  const before = typedOf(fields, { title: 'Проект', grant: 100, tasks: ['Раз'], phone: '+79123456789' });
  const typed = { ...before, tasks: ' Раз\n\nДва ', grant: '', phone: '8 912 345-67-80' };
  const { set, problems } = readForm(fields, before, typed);
  expect(problems.size).toBe(0);
  expect(set).toEqual({ tasks: ['Раз', 'Два'], grant: null, phone: '+79123456780' });
  expect(readForm(fields, before, { ...before }).set).toEqual({});
});

test('a missing title and a number that is none are told by field, and nothing else is lost', () => {
  const before = typedOf(fields, { title: 'Проект' });
  const { set, problems } = readForm(fields, before, {
    ...before,
    title: ' ',
    target: 'много',
    phone: '2-12-34'
  });
  expect([...problems]).toEqual([
    ['title', { type: 'missing' }],
    ['target', { type: 'no_number' }]
  ]);
  expect(set).toMatchObject({ phone: '21234' });
});
