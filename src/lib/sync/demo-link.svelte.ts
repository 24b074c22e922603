/** The demonstration's switch for the connection of this tab: the transport really fails, or really crawls. */
export type DemoLinkMode = 'on' | 'off' | 'slow';

const key = 'zimnik.demo-link';
/** A 2G link: 600 ms round trip, 50 kbit/s each way. */
const roundTripMs = 600;
const bytesPerMs = 50_000 / 8 / 1000;

/** Kept in sessionStorage, so that a reload of the tab stays without a connection. */
export class DemoLink {
  #mode = $state.raw<DemoLinkMode>('on');
  readonly #storage: Storage;

  constructor(storage: Storage) {
    this.#storage = storage;
    const kept = storage.getItem(key);
    this.#mode = kept === 'off' || kept === 'slow' ? kept : 'on';
  }

  get mode(): DemoLinkMode {
    return this.#mode;
  }

  set(mode: DemoLinkMode): void {
    this.#mode = mode;
    this.#storage.setItem(key, mode);
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
