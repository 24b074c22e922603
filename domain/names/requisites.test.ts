import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkInn, checkKpp, checkOgrn } from './requisites.ts';

describe('ИНН', () => {
  it.each([
    ...['7707083893', '8699000010', '8699000028', '8699000035', '8699000042', '8699000050', '8699000067'],
    ...['8699000074', '8699000081', '500100732259', '869900000144', '869900000218']
  ])('accepts %s', (inn) => {
    expect(checkInn(inn)).toEqual({ ok: true, value: inn });
  });

  it('ignores spaces and dashes of a pasted number', () => {
    expect(checkInn(' 86\u00a09900–0010\u200b')).toEqual({ ok: true, value: '8699000010' });
  });

  it.each([
    ['8699000011', 'check_digit'],
    ['500100732258', 'check_digit'],
    ['500100732269', 'check_digit'],
    ['0000000000', 'region_00'],
    ['000000000000', 'region_00'],
    ['869900001', 'wrong_length'],
    ['', 'wrong_length'],
    ['86990000l0', 'unexpected_characters']
  ])('warns about «%s»: %s', (inn, type) => {
    expect(checkInn(inn)).toMatchObject({ ok: false, error: { type } });
  });

  it('notices every single mistyped digit of a number whose remainder is not ten', () => {
    const slip = fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(slip, ([position, shift]) => {
        const right = '7707083893';
        const wrongDigit = (Number(right.charAt(position)) + shift) % 10;
        const wrong = right.slice(0, position) + String(wrongDigit) + right.slice(position + 1);
        const remainder10 = weightedRemainder(wrong) === 10;
        if (!remainder10) expect(checkInn(wrong).ok).toBe(false);
      })
    );
  });
});

describe('ОГРН', () => {
  it.each([
    ...['1037739010891', '1027700132195', '1228699900000', '1228699900010', '1228699900021', '1228699900087'],
    ...['304500116000157', '322869900000020', '322869900000019']
  ])('accepts %s', (ogrn) => {
    expect(checkOgrn(ogrn)).toEqual({ ok: true, value: ogrn });
  });

  it.each([
    ['1228699900011', 'check_digit'],
    ['0000000000000', 'wrong_first_digit'],
    ['322869900000021', 'check_digit'],
    ['122869990001', 'wrong_length'],
    ['2228699900010', 'wrong_first_digit'],
    ['1220099900010', 'region_00']
  ])('warns about «%s»: %s', (ogrn, type) => {
    expect(checkOgrn(ogrn)).toMatchObject({ ok: false, error: { type } });
  });
});

describe('КПП', () => {
  it('knows its form, Latin capitals included', () => {
    expect(checkKpp('869901001')).toEqual({ ok: true, value: '869901001' });
    expect(checkKpp('8699az001')).toEqual({ ok: true, value: '8699AZ001' });
    expect(checkKpp('86990100')).toMatchObject({ ok: false, error: { type: 'wrong_length' } });
    expect(checkKpp('86990100А')).toMatchObject({ ok: false, error: { type: 'unexpected_characters' } });
  });
});

function weightedRemainder(inn: string): number {
  const weights = [2, 4, 10, 3, 5, 9, 4, 6, 8];
  return weights.reduce((sum, weight, position) => sum + weight * Number(inn.charAt(position)), 0) % 11;
}
