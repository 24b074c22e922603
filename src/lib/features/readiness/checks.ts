import { opensOffline } from '$lib/app/keep-offline.ts';

/** One line of «Проверить перед выездом»; `undefined` = this browser does not tell. */
export interface Readiness {
  readonly opensOffline: boolean;
  readonly persisted: boolean | undefined;
  /** Megabytes. */
  readonly freeMb: number | undefined;
  /** Percent. */
  readonly battery: number | undefined;
}

/** Less than this is little for weeks in the field, megabytes. */
export const wantedFreeMb = 500;
/** Percent: frost halves what is left. */
export const wantedBattery = 80;

/** What the browser says of itself now. */
export async function checkBrowser(health: {
  readonly persisted?: boolean | undefined;
  readonly free?: number | undefined;
  readonly battery?: number | undefined;
}): Promise<Readiness> {
  return {
    opensOffline: await opensOffline(),
    persisted: health.persisted,
    freeMb: health.free === undefined ? undefined : Math.floor(health.free / 1_000_000),
    battery: health.battery
  };
}
