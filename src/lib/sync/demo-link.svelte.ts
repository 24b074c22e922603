/** The demonstration's switch for the connection of this tab: the transport really fails, or really crawls. */
export type DemoLinkMode = 'on' | 'off' | 'slow';

/** Whose page the switch belongs to: three tabs of one browser are three devices. */
export type DemoDevice = 'field' | 'survey' | 'office';

/** A 2G link: 600 ms round trip, 50 kbit/s each way. */
const roundTripMs = 600;
const bytesPerMs = 50_000 / 8 / 1000;

/** Kept in localStorage, so that a tab that was closed and opened again is still without a connection. */
export class DemoLink {
  #mode = $state.raw<DemoLinkMode>('on');
  readonly #storage: Storage;
  readonly #key: string;

  constructor(storage: Storage, device: DemoDevice) {
    this.#storage = storage;
    this.#key = keyOf(device);
    const kept = storage.getItem(this.#key);
    this.#mode = kept === 'off' || kept === 'slow' ? kept : 'on';
  }

  get mode(): DemoLinkMode {
    return this.#mode;
  }

  set(mode: DemoLinkMode): void {
    this.#mode = mode;
    this.#storage.setItem(this.#key, mode);
  }

  /** A `fetch` that obeys the switch. */
  wrap(send: typeof fetch): typeof fetch {
    return async (input, init) => {
      if (this.#mode === 'off') throw new TypeError('The demonstration has cut the connection');
      if (this.#mode === 'slow') {
        const body = init?.body;
        const bytes =
          body instanceof Uint8Array ? body.byteLength : typeof body === 'string' ? body.length : 0;
        await new Promise((resolve) => setTimeout(resolve, roundTripMs + bytes / bytesPerMs));
      }
      return send(input, init);
    };
  }
}

/** A device that begins anew begins with its connection: nothing of an earlier demonstration cuts it. */
export function forgetDemoLink(storage: Storage, device: DemoDevice): void {
  storage.removeItem(keyOf(device));
}

function keyOf(device: DemoDevice): string {
  return `zimnik.demo-link ${device}`;
}
