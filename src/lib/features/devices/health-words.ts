import { formatNumber, type Language } from '#domain/names/format.ts';
import { m } from '$lib/paraglide/messages.js';
import type { DeviceLine } from './requests.ts';

const bytesInMb = 1_000_000;
/** Less than this does not hold a few days of records with signatures. */
const littleSpace = 50 * bytesInMb;

/** What a device said about itself at its last exchange: the charge, and whatever endangers the records on it. */
export function healthWords(
  { health, lost }: Pick<DeviceLine, 'health' | 'lost'>,
  language: Language
): string[] {
  const { battery, free, persisted, wiped } = health ?? {};
  return [
    wiped === true ? m.office_device_wiped() : '',
    lost > 0 ? m.office_device_lost({ count: lost }) : '',
    persisted === false ? m.office_device_not_persisted() : '',
    free !== undefined && free < littleSpace
      ? m.office_device_low_space({ mb: formatNumber(free / bytesInMb, 0, language) })
      : '',
    battery === undefined ? '' : m.office_device_battery({ percent: formatNumber(battery, 0, language) })
  ].filter((words) => words !== '');
}
