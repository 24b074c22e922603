import type { App } from '$lib/app/open-app.ts';
import type { RequestError } from '$lib/features/office/index.ts';
import { deviceNames } from './device-names.ts';
import { fetchDevices, type DeviceLine } from './requests.ts';

const silentAfterMs = 3 * 86_400_000;

/** The list of devices, asked from the centre: it is the one part of the desk that is not a record. */
export class DeviceList {
  #devices = $state.raw<readonly DeviceLine[]>();
  #error = $state.raw<RequestError>();
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
    void this.refresh();
  }

  /** Undefined until the first answer. */
  get devices(): readonly DeviceLine[] | undefined {
    return this.#devices;
  }

  get error(): RequestError | undefined {
    return this.#error;
  }

  /** Tablets that were not heard of for more than three days. */
  get silent(): readonly DeviceLine[] {
    return (this.#devices ?? []).filter((device) => isSilent(device, this.#app.now()));
  }

  async refresh(): Promise<void> {
    const answer = await fetchDevices(this.#app.fetch);
    if (answer.ok) this.#devices = answer.value.devices;
    this.#error = answer.ok ? undefined : answer.error;
  }
}

/** Names of devices by their ids; empty without a connection. */
export class DeviceNames {
  readonly #list: DeviceList;

  constructor(app: App) {
    this.#list = new DeviceList(app);
  }

  get names(): ReadonlyMap<string, string> {
    return deviceNames(this.#list.devices ?? []);
  }
}

/** A field tablet that was not heard of for more than three days. */
export function isSilent(device: DeviceLine, nowMs: number): boolean {
  if (device.role !== 'field' || device.revokedAt !== null || device.lastExchangeAt === null) return false;
  return nowMs - device.lastExchangeAt > silentAfterMs;
}
