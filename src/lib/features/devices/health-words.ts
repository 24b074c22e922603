import { formatNumber, type Language } from '#domain/names/format.ts';
import { m } from '$lib/paraglide/messages.js';
import type { DeviceLine } from './requests.ts';

const bytesInMb = 1_000_000;
/** Less than this does not hold a few days of records with signatures. */
const littleSpace = 50 * bytesInMb;

/** Whether a device runs another version than the reader; what names no version (the demonstration's devices) is not compared. */
function isOther(build: string | null, ownBuild: string): build is string {
  return build !== null && /^\d/.test(build) && build !== ownBuild;
}

/** A clock that is off by less, minutes, harms nothing. */
const slackMinutes = 2;

/**
 * What a device said about itself at its last exchange: the charge, and whatever endangers the records on it or makes them odd.
 * @param ownBuild the version of the program that the reader has open
 */
export function healthWords(
  { health, lost, clockOffMs, build }: Pick<DeviceLine, 'health' | 'lost' | 'clockOffMs' | 'build'>,
  language: Language,
  ownBuild: string
): string[] {
  const { battery, free, persisted, wiped, reloads } = health ?? {};
  const offMinutes = Math.round((clockOffMs ?? 0) / 60_000);
  const minutes = formatNumber(Math.abs(offMinutes), 0, language);
  return [
    wiped === true ? m.office_device_wiped() : '',
    lost > 0 ? m.office_device_lost({ count: lost }) : '',
    offMinutes > slackMinutes ? m.office_device_clock_behind({ minutes }) : '',
    offMinutes < -slackMinutes ? m.office_device_clock_ahead({ minutes }) : '',
    isOther(build, ownBuild) ? m.office_device_build({ build }) : '',
    reloads === undefined ? '' : m.office_device_reloaded({ count: reloads }),
    persisted === false ? m.office_device_not_persisted() : '',
    free !== undefined && free < littleSpace
      ? m.office_device_low_space({ mb: formatNumber(free / bytesInMb, 0, language) })
      : '',
    battery === undefined ? '' : m.office_device_battery({ percent: formatNumber(battery, 0, language) })
  ].filter((words) => words !== '');
}
