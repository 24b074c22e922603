import { describe, expect, it } from 'vitest';
import { createSearchIndex } from '#domain/names/search-keys.ts';
import type { RegisterPerson } from '$lib/features/people/index.ts';
import { findOthers, LineIndex } from './line-index.ts';
import type { SheetRow } from './queries.ts';

const line = (person: string, surname: string, more: Partial<SheetRow> = {}): SheetRow => ({
  id: `s~${person}`,
  person,
  nameless: false,
  name: `${surname} Анна`,
  surname,
  givenNames: 'Анна',
  settlement: '',
  organisation: '',
  organisationId: undefined,
  position: '',
  ageBand: undefined,
  phone: undefined,
  status: 'none',
  at: 0,
  expected: true,
  answer: undefined,
  signature: undefined,
  enteredLater: false,
  consent: undefined,
  consentId: undefined,
  toComplete: false,
  erased: false,
  namesake: false,
  state: 'delivered',
  ...more
});

const person = (id: string, surname: string): RegisterPerson => ({
  id,
  surname,
  name: 'Анна',
  settlement: '',
  settlementId: undefined,
  organisation: '',
  organisationId: undefined,
  phone: undefined,
  ageBand: undefined,
  seq: 1
});

describe('the search of a sheet', () => {
  it('finds every line that fits, in the order of the sheet, however many people of the register fit better', () => {
    const rows = [line('p1', 'Морозова'), line('p2', 'Кузнецова'), line('p3', 'Моисеева')];
    expect(new LineIndex().find('мо', rows).map((row) => row.person)).toEqual(['p1', 'p3']);
  });

  it('finds a line by what it says now, and none that has gone or has no name', () => {
    const index = new LineIndex();
    const rows = [line('p1', 'Морозова'), line('n1', '', { nameless: true, name: '', givenNames: '' })];
    expect(index.take(rows, 1)).toBe(true);
    const renamed = [line('p1', 'Ларионова')];
    expect(index.find('мо', renamed)).toEqual([]);
    expect(index.find('лар', renamed)).toEqual(renamed);
    expect(index.find('лар', [])).toEqual([]);
  });

  it('offers of the register only those without a line, even when the best all have one', () => {
    const all = Array.from({ length: 60 }, (_, place) => person(`p${place}`, 'Морозова'));
    const roster = createSearchIndex(all, (each) => each);
    const rows = roster.search('мо', 40).map((each) => line(each.id, each.surname));
    const others = findOthers((limit) => roster.search('мо', limit), rows);
    expect(others).toEqual(roster.search('мо', 48).slice(40));
  });
});
