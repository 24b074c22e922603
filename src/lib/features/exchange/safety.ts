import { formatDay, formatTime, plainDateAt } from '#domain/names/format.ts';
import type { App } from '$lib/app/open-app.ts';
import { m } from '$lib/paraglide/messages.js';
import { getLocale } from '$lib/paraglide/runtime.js';
import { placeWords } from '$lib/ui/device-place.ts';
import type { Place } from '$lib/ui/record-state.ts';
import type { Tone } from '$lib/ui/tone.ts';

/** After so many days without an exchange the line says so. */
const longSilenceDays = 3;
const dayMs = 86_400_000;

/** What the safety line is told from. */
export type SafetyFacts = Pick<
  App['sync'],
  'isRead' | 'waiting' | 'files' | 'isCentreFull' | 'attention' | 'runner' | 'progress' | 'state'
>;

/**
 * The one plain sentence about where the data is, once it has been counted.
 * @param deviceNowMs the device's own clock, UTC ms
 */
export function safetyOf(
  facts: SafetyFacts,
  deviceNowMs: number,
  zone: string,
  place: Place
): { readonly tone: Tone; readonly text: string } {
  const { waiting, files, attention, runner, progress, state } = facts;
  if (!facts.isRead || state === undefined) return { tone: 'info', text: m.field_opening() };
  const { exchangedAt } = state;
  if (state.signIn === 'revoked') {
    const isAnythingHere = waiting + files + attention > 0;
    const words = isAnythingHere ? m.error_device_revoked : m.error_device_revoked_delivered;
    return { tone: 'decide', text: words() };
  }
  if (state.signIn !== undefined) return { tone: 'decide', text: m.field_sign_in_again() };
  if (attention > 0) return { tone: 'decide', text: m.sync_not_accepted({ count: attention }) };
  if (runner.type === 'sending' && progress !== undefined && waiting > 0) {
    return { tone: 'info', text: m.sync_sending(progress) };
  }
  const failure = runner.type === 'waiting' ? runner.result.type : undefined;
  if (failure === 'foreign_answer') return { tone: 'waiting', text: m.error_wifi_sign_in() };
  if (failure === 'upgrade') return { tone: 'decide', text: m.error_build_old() };
  const retry = runner.type === 'waiting' ? { time: formatTime(runner.nextAt, zone) } : undefined;
  if (retry !== undefined && failure === 'unavailable')
    return { tone: 'waiting', text: m.sync_centre_trouble(retry) };
  const silentDays = exchangedAt === 0 ? 0 : Math.floor((deviceNowMs - exchangedAt) / dayMs);
  if (silentDays >= longSilenceDays) {
    return { tone: 'waiting', text: m.sync_long_silence({ count: silentDays, place: placeWords(place) }) };
  }
  if (waiting > 0) {
    if (retry !== undefined && failure === 'refused') return { tone: 'waiting', text: m.sync_failed(retry) };
    if (retry !== undefined && failure === 'slow_down') return { tone: 'waiting', text: m.sync_busy(retry) };
    return { tone: 'waiting', text: m.sync_waiting({ count: waiting, place: placeWords(place) }) };
  }
  if (failure === 'no_network')
    return { tone: 'info', text: m.field_no_connection({ place: placeWords(place) }) };
  if (exchangedAt === 0) return { tone: 'info', text: m.field_first_load() };
  if (files > 0) {
    const words = facts.isCentreFull ? m.sync_photos_no_space : m.sync_photos_wait;
    return { tone: 'info', text: words({ count: files }) };
  }
  return { tone: 'done', text: m.sync_all_delivered({ time: momentWords(exchangedAt, deviceNowMs, zone) }) };
}

/** The time of a moment today, with the day when it was another one. */
export function momentWords(atMs: number, nowMs: number, zone: string): string {
  const time = formatTime(atMs, zone);
  const day = plainDateAt(atMs, zone);
  return day === plainDateAt(nowMs, zone) ? time : `${formatDay(day, getLocale())}, ${time}`;
}
