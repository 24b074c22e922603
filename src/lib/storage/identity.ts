import type { DeviceDatabase, DeviceState } from './database.ts';

export interface Identity {
  readonly device: string;
  readonly secret: string;
  readonly role: DeviceState['role'];
  readonly user: string;
  readonly name: string;
  readonly link?: string;
}

/** Gives a new local database its identity; a database that has one keeps it. Returns the state in force. */
export async function ensureIdentity(database: DeviceDatabase, identity: Identity): Promise<DeviceState> {
  const known = await database.meta.get('state');
  if (known !== undefined) return known;
  return database.writing([], async (present) => {
    if (present !== undefined) return present;
    const state: DeviceState = {
      key: 'state',
      ...identity,
      nextN: 1,
      ...(database.program.minWriter > 1 ? { minWriter: database.program.minWriter } : {}),
      clock: 0,
      lastWall: 0,
      lastMono: 0,
      epoch: null,
      head: null,
      exchangedAt: 0,
      offset: 0,
      durable: 0,
      journal: []
    };
    await database.meta.add(state);
    return state;
  });
}
