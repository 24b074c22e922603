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
  let session: SurveySession | undefined;
  // Without these parts the questionnaire of a demonstration is like any other.
  const demo = data.centre.demo ? await import('./demonstration.ts').catch(() => undefined) : undefined;
  const demoLink = demo === undefined ? undefined : new demo.DemoLink(localStorage, 'survey');
  const send: typeof fetch = (input, init) => fetch(input, init);
  try {
    const device = await openSurveyDevice({
      link: data.link,
      fetch: demoLink?.wrap(send) ?? send,
      onExchanged: (result) => void session?.refreshSent(result)
    });
    if (isNewerThan(device.database.program, await device.database.meta.get('state'))) {
      // What waits is sent; an answer that could not be kept is not asked for.
      void device.runner.now();
      return giveUp('newer');
    }
    const opened = new SurveySession(data, device);
    session = opened;
    await opened.load();
    target.replaceChildren();
    history.replaceState({ screen: 'start', depth: 0 }, '');
    mount(SurveyPage, { target, props: { session: opened } });
    if (demo !== undefined && demoLink !== undefined)
      mount(demo.Demonstration, { target, props: { session: opened, demoLink, database: device.database } });
    ready();
    addEventListener('popstate', (event) => opened.restore(event.state));
    addEventListener('online', () => void opened.sendNow());
    addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') void opened.sendNow();
    });
    await opened.sendNow();
  } catch (error) {
    console.error(error);
    giveUp(isStorageFull(error) ? 'full' : 'unusable');
  }

  function giveUp(trouble: 'newer' | 'full' | 'unusable'): void {
    target.replaceChildren();
    ready();
    mount(StorageTrouble, { target, props: { phone: data.campaign.phone, trouble } });
  }

  /** The boot guard in the page waits for this word. */
  function ready(): void {
    document.documentElement.dataset['survey'] = 'ready';
  }
}
