import { formatTime } from '#domain/names/format.ts';
import type { App } from '$lib/app/open-app.ts';
import { m } from '$lib/paraglide/messages.js';
import type { Tone } from '$lib/ui/tone.ts';

/** What the safety line is told from. */
type SafetyFacts = Pick<
  App['sync'],
  'isRead' | 'waiting' | 'files' | 'isCentreFull' | 'attention' | 'runner' | 'progress' | 'state'
>;

/** The one sentence about where the work of this desk is now, once it has been counted. */
export function safetySentence(
  sync: SafetyFacts,
  zone: string
): { readonly tone: Tone; readonly text: string } {
  const { progress, runner, state } = sync;
  if (!sync.isRead || state === undefined) return { tone: 'info', text: m.office_loading() };
  if (sync.attention > 0) return { tone: 'decide', text: m.sync_not_accepted({ count: sync.attention }) };
  if (state.signIn !== undefined) return { tone: 'waiting', text: m.office_signed_out() };
  if (progress !== undefined) return { tone: 'info', text: m.sync_sending(progress) };
  // Nothing has failed: it is on its way, and a bar that flashes at every decision would say otherwise.
  if (sync.waiting > 0 && runner.type !== 'waiting')
    return { tone: 'info', text: m.sync_sending({ done: 0, total: sync.waiting }) };
  if (sync.waiting > 0)
    return {
      tone: 'waiting',
      text: m.sync_waiting({ count: sync.waiting, place: m.place_computer() })
    };
  const at = state.exchangedAt;
  if (at === 0)
    return { tone: 'info', text: runner.type === 'sending' ? m.office_sync_first() : m.office_sync_never() };
  const time = formatTime(at, zone);
  if (runner.type === 'waiting' && runner.result.type === 'unavailable')
    return { tone: 'waiting', text: m.sync_centre_trouble({ time: formatTime(runner.nextAt, zone) }) };
  const failure = runner.type === 'waiting' ? runner.result.type : undefined;
  if (failure === 'foreign_answer') return { tone: 'waiting', text: m.error_wifi_sign_in() };
  if (failure === 'upgrade') return { tone: 'decide', text: m.error_build_old() };
  if (failure === 'no_network') return { tone: 'waiting', text: m.office_sync_offline({ time }) };
  if (sync.files > 0) {
    const words = sync.isCentreFull ? m.sync_photos_no_space : m.sync_photos_wait;
    return { tone: 'info', text: words({ count: sync.files }) };
  }
  // A server that asks for a pause has everything that was done here all the same.
  return { tone: 'done', text: m.sync_all_delivered({ time }) };
}
