import type { mount as mountComponent } from 'svelte';
import type { SurveyPageData } from '#domain/survey/page-data.ts';
import { isNewerThan } from '$lib/storage/program.ts';
import { isStorageFull } from '$lib/storage/storage-full.ts';
import { openSurveyDevice } from './survey-device.ts';
import { SurveySession } from './survey-session.svelte.ts';
import SurveyPage from './SurveyPage.svelte';
import StorageTrouble from './StorageTrouble.svelte';

/** Opens the phone's storage and puts the questionnaire in place of the page that the server rendered. */
export async function startSurveyPage(
  mount: typeof mountComponent,
  target: HTMLElement,
  data: SurveyPageData
): Promise<void> {
  const sessions: SurveySession[] = [];
  // Without these parts the questionnaire of a demonstration is like any other.
  const demo = data.centre.demo ? await import('./demonstration.ts').catch(() => undefined) : undefined;
  const demoLink = demo === undefined ? undefined : new demo.DemoLink(localStorage, 'survey');
  const send: typeof fetch = (input, init) => fetch(input, init);
  try {
    const device = await openSurveyDevice({
      link: data.link,
      fetch: demoLink?.wrap(send) ?? send,
      onExchanged: (result) => sessions.forEach((session) => void session.refreshSent(result))
    });
    if (isNewerThan(device.database.program, await device.database.meta.get('state'))) {
      // What waits is sent; an answer that could not be kept is not asked for.
      void device.runner.now();
      target.replaceChildren();
      document.documentElement.dataset['survey'] = 'ready';
      mount(StorageTrouble, { target, props: { phone: data.campaign.phone, trouble: 'newer' } });
      return;
    }
    const session = new SurveySession(data, device);
    sessions.push(session);
    await session.load();
    target.replaceChildren();
    history.replaceState({ screen: 'start', depth: 0 }, '');
    mount(SurveyPage, { target, props: { session } });
    if (demo !== undefined && demoLink !== undefined)
      mount(demo.Demonstration, { target, props: { session, demoLink, database: device.database } });
    // The boot guard in the page waits for this word.
    document.documentElement.dataset['survey'] = 'ready';
    addEventListener('popstate', (event) => session.restore(event.state));
    addEventListener('online', () => void session.sendNow());
    addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void session.sendNow();
    });
    await session.sendNow();
  } catch (error) {
    console.error(error);
    target.replaceChildren();
    document.documentElement.dataset['survey'] = 'ready';
    const trouble = isStorageFull(error) ? 'full' : 'unusable';
    mount(StorageTrouble, { target, props: { phone: data.campaign.phone, trouble } });
  }
}
