import { forgetDemoLink, type DemoDevice } from './demo-link.svelte.ts';

/** What the demonstration says of itself. */
interface DemoFacts {
  /** Another value: somebody started the demonstration over. */
  readonly run: string;
  readonly links: Readonly<Record<DemoDevice, string>>;
}

const channelName = 'zimnik.demo';
const lookMs = 10_000;

/** Watches for «Начать заново», pressed in this or in another tab or browser. */
export interface DemoRestart {
  /** Puts the demonstration back to its beginning. False: there was no connection, or it is no demonstration. */
  readonly restart: () => Promise<boolean>;
  readonly stop: () => void;
}

interface Watched {
  readonly device: DemoDevice;
  /** The local database of this tab: its records belong to the demonstration that is gone. */
  readonly database: string;
  /** The switch of the connection stands on «off»: only other tabs of this browser are listened to. */
  readonly isCut: () => boolean;
  /** Says what happens and lets go of the database. */
  readonly onrestart: () => void;
}

export function watchDemoRestart(watched: Watched): DemoRestart {
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(channelName);
  const key = `zimnik.demo-run ${watched.device}`;
  let gone = false;

  async function look(): Promise<void> {
    const facts = await readFacts().catch(() => undefined);
    if (facts === undefined || gone) return;
    const known = localStorage.getItem(key);
    localStorage.setItem(key, facts.run);
    if (known !== null && known !== facts.run) await follow(facts);
  }

  async function follow({ links }: DemoFacts): Promise<void> {
    gone = true;
    watched.onrestart();
    forgetDemoLink(localStorage, watched.device);
    localStorage.removeItem('zimnik.demo-step');
    localStorage.removeItem('zimnik.enrolled');
    await new Promise<void>((done) => {
      const removal = indexedDB.deleteDatabase(watched.database);
      removal.onsuccess = removal.onerror = removal.onblocked = () => done();
    });
    location.assign(links[watched.device]);
  }

  const timer = setInterval(() => {
    if (!watched.isCut() && document.visibilityState === 'visible') void look();
  }, lookMs);
  if (channel !== undefined) channel.onmessage = () => void look();
  if (!watched.isCut()) void look();

  return {
    restart: async () => {
      const facts = await readFacts().catch(() => undefined);
      if (facts === undefined) return false;
      const token = new URLSearchParams(facts.links.office.split('?')[1]).get('demo');
      const answer = await fetch('/api/demo/restart', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token })
      }).catch(() => undefined);
      if (answer?.ok !== true) return false;
      if (localStorage.getItem(key) === null) localStorage.setItem(key, facts.run);
      channel?.postMessage('restart');
      await look();
      return true;
    },
    stop: () => {
      clearInterval(timer);
      channel?.close();
    }
  };
}

async function readFacts(): Promise<DemoFacts | undefined> {
  const answer = (await (await fetch('/api/demo')).json()) as Partial<DemoFacts>;
  return answer.run === undefined || answer.links === undefined
    ? undefined
    : { run: answer.run, links: answer.links };
}
