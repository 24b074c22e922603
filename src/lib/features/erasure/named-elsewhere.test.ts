import { expect, it } from 'vitest';
import { createRecordSet } from '#domain/records/record-set.ts';
import type { RecordRow, RecordType } from '#domain/records/registry.ts';
import { namedElsewhere } from './named-elsewhere.ts';
import { categoryWords } from './words.ts';

const row = <Type extends RecordType>(type: Type, id: string, values: RecordRow<Type>['values']) => ({
  type,
  id,
  seq: 1,
  by: 'u1',
  at: 1,
  values
});

it('finds the surname in every case form and the telephone, and leaves out what goes anyway', () => {
  const records = createRecordSet([
    row('contact', 'x1', { name: 'Мария', phone: '8 912 000-00-01' }),
    row('contact', 'x2', { name: 'Другая', phone: '+79120000009' }),
    row('remark', 'r1', { text: 'Нет подписи Молдановой', target: 's1' }),
    row('remark', 'r2', { text: 'Молданова просила', target: 'k1' }),
    row('consultation', 'k1', { request: 'Молданова спрашивает' }),
    row('consultation', 'k2', { advice: 'Позвонить Молданову', result: 'готово' }),
    row('consultation', 'k3', { advice: 'Молоко' })
  ]);
  const cards = [{ surname: 'Молданова', phone: '+79120000001' }];
  const found = namedElsewhere(records, cards, new Set(['k1']));
  expect(found.map(({ type, id }) => `${type}/${id}`)).toEqual([
    'contact/x1',
    'consultation/k2',
    'remark/r1'
  ]);
});

it('names each kind of data once', () => {
  expect(categoryWords('person', ['name', 'surname', 'phone', 'nickname'])).toHaveLength(3);
});
