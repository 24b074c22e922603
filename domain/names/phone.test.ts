import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPhone, parsePhone, phoneDigits, readablePhone } from './phone.ts';

describe('a telephone number', () => {
  it.each([
    ['8 912 345-67-89', '+79123456789'],
    ['+7 (912) 345 67 89', '+79123456789'],
    ['9123456789', '+79123456789'],
    ['79123456789', '+79123456789'],
    ['8 (34678) 2–12–34', '+73467821234'],
    ['8 800 200 00 00', '+78002000000'],
    ['+375 29 123-45-67', '+375291234567'],
    ['2-12-34', '21234'],
    ['21-23-45', '212345']
  ])('«%s» is stored as %s', (typed, stored) => {
    expect(parsePhone(typed)).toEqual({ ok: true, value: stored });
  });

  it('gives a local number the code of its settlement only when the lengths fit', () => {
    expect(parsePhone('2-12-34', '34678')).toEqual({ ok: true, value: '+73467821234' });
    expect(parsePhone('21-23-45', '3467')).toEqual({ ok: true, value: '+73467212345' });
    expect(parsePhone('21-23-45', '34678')).toEqual({ ok: true, value: '212345' });
  });

  it.each([
    ['', 'empty'],
    ['нет', 'unexpected_characters'],
    ['2-12', 'too_short'],
    ['891234567', 'too_short'],
    ['8912345678', 'too_short'],
    ['7912345678', 'too_short'],
    ['+7 912 345 67', 'too_short'],
    ['8912345678901', 'too_long'],
    ['59123456789', 'too_long'],
    ['0123456789', 'unknown_code']
  ])('«%s» is refused: %s', (typed, type) => {
    expect(parsePhone(typed)).toMatchObject({ ok: false, error: { type } });
  });

  it('is shown the Russian way, with spaces that do not break', () => {
    expect(formatPhone('+79123456789')).toBe('+7\u00a0(912)\u00a0345-67-89');
    expect(formatPhone('+73467821234', '34678')).toBe('+7\u00a0(34678)\u00a02-12-34');
    expect(formatPhone('21234')).toBe('2-12-34');
    expect(formatPhone('212345')).toBe('21-23-45');
    expect(formatPhone('+375291234567')).toBe('+375291234567');
    expect(formatPhone('спросить у Анны')).toBe('спросить у Анны');
    expect(readablePhone('8 912 3456789')).toBe('+7\u00a0(912)\u00a0345-67-89');
    expect(readablePhone('спросить у Анны')).toBe('спросить у Анны');
  });

  it('survives being shown and typed again', () => {
    const national = fc.tuple(fc.constantFrom('3', '4', '9'), fc.stringMatching(/^\d{9}$/));
    fc.assert(
      fc.property(national, fc.constantFrom('', '34678'), ([first, rest], areaCode) => {
        const stored = `+7${first}${rest}`;
        expect(parsePhone(formatPhone(stored, areaCode))).toEqual({ ok: true, value: stored });
        expect(phoneDigits(`8${first}${rest}`)).toBe(phoneDigits(stored));
        expect(phoneDigits(first + rest)).toBe(phoneDigits(stored));
      })
    );
  });
});
