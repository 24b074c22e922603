import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDate,
  formatDateTime,
  formatDay,
  formatLongDate,
  formatMoney,
  formatNumber,
  formatPercent,
  formatPeriod,
  formatTime,
  formatWeekday,
  plainDateAt
} from './format.ts';

describe('numbers', () => {
  it('groups by three with a space that does not break and a decimal comma', () => {
    expect(formatNumber(1805915)).toBe('1\u00a0805\u00a0915');
    expect(formatNumber(1000)).toBe('1\u00a0000');
    expect(formatNumber(55.4)).toBe('55,4');
    expect(formatNumber(-3)).toBe('−3');
    expect(formatNumber(-0.01)).toBe('0');
    expect(formatNumber(1805915.25, 2, 'en')).toBe('1,805,915.25');
  });

  it('shows a dash for what is no number', () => {
    expect(formatNumber(0 / 0)).toBe('—');
    expect(formatPercent(1 / 0)).toBe('—');
  });

  it('shows shares as per cent', () => {
    expect(formatPercent(0.554)).toBe('55,4\u00a0%');
    expect(formatPercent(0.9)).toBe('90\u00a0%');
    expect(formatPercent(0.07)).toBe('7\u00a0%');
    expect(formatPercent(0.554, 0, 'en')).toBe('55%');
  });

  it('agrees with the Russian number format of the browser', () => {
    const intl = new Intl.NumberFormat('ru', { maximumFractionDigits: 0 });
    fc.assert(
      fc.property(fc.nat(), (value) => {
        expect(formatNumber(value)).toBe(intl.format(value));
      })
    );
  });

  it('shows the grant and the co-financing as their exact sum', () => {
    expect(formatMoney(99971500 + 80620000)).toBe('1\u00a0805\u00a0915\u00a0₽');
    expect(formatMoney(50)).toBe('0,50\u00a0₽');
    expect(formatMoney(-123456)).toBe('−1\u00a0234,56\u00a0₽');
    expect(formatMoney(123405, 'en')).toBe('1,234.05\u00a0₽');
  });
});

describe('dates', () => {
  it('shows a plain date', () => {
    expect(formatDate('2026-11-23')).toBe('23.11.2026');
    expect(formatDate('2026-11-23', 'en')).toBe('23\u00a0Nov\u00a02026');
    expect(formatDay('2026-11-23')).toBe('23\u00a0ноября');
    expect(formatLongDate('2022-06-01')).toBe('1\u00a0июня\u00a02022\u00a0г.');
    expect(formatWeekday('2022-06-01')).toBe('ср, 1\u00a0июня');
    expect(formatPeriod('2022-06-01', '2023-05-31')).toBe('01.06.2022\u00a0— 31.05.2023');
    expect(formatPeriod('2022-06-01', '2022-06-01')).toBe('01.06.2022');
  });

  it('shows what is no date as it is', () => {
    expect(formatDate('2026-13-01')).toBe('2026-13-01');
    expect(formatDay('')).toBe('');
  });
});

describe('moments', () => {
  const lastEvening = Date.UTC(2023, 4, 31, 18, 30);

  it('keeps the last evening of the project inside the project', () => {
    expect(plainDateAt(lastEvening, 'Asia/Yekaterinburg')).toBe('2023-05-31');
    expect(formatTime(lastEvening, 'Asia/Yekaterinburg')).toBe('23:30');
    expect(formatDateTime(lastEvening, 300)).toBe('31.05.2023, 23:30');
    expect(plainDateAt(lastEvening, 'Asia/Tokyo')).toBe('2023-06-01');
  });

  it('shows midnight as 00:00', () => {
    expect(formatTime(Date.UTC(2023, 0, 1, 19), 'Asia/Yekaterinburg')).toBe('00:00');
  });

  it('gives the same from its own table of zones as the calendar of the browser', () => {
    const zones =
      'Europe/Kaliningrad Europe/Moscow Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Krasnoyarsk Asia/Irkutsk Asia/Yakutsk Asia/Vladivostok Asia/Magadan Asia/Kamchatka'.split(
        ' '
      );
    const from = Date.UTC(2020, 11, 30);
    for (const zone of zones) {
      const calendar = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'short'
      });
      fc.assert(
        fc.property(fc.integer({ min: from, max: Date.UTC(2030, 0, 1) }), (at) => {
          expect(`${plainDateAt(at, zone)} ${formatTime(at, zone)}`).toBe(calendar.format(at));
        })
      );
    }
  });

  it('gives the same by offset and by name of the zone', () => {
    const moment = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2060, 0, 1) });
    fc.assert(
      fc.property(moment, (atMs) => {
        expect(formatDateTime(atMs, 300)).toBe(formatDateTime(atMs, 'Asia/Yekaterinburg'));
      })
    );
  });
});
