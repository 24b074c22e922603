import type { PersonName } from '#domain/names/person-name.ts';
import type { App } from '$lib/app/open-app.ts';
import { recordKey, type DeviceDatabase } from '$lib/storage/database.ts';
import { followRows } from '$lib/storage/follow-rows.ts';
import type { Live } from '$lib/storage/live-query.ts';
import { readInSlices } from '$lib/storage/read.ts';
import { Everybody } from './everybody.ts';
import { readPlaces, type RegisterPerson } from './queries.ts';

/** People, and what stands beside their names. */
const followedTypes: readonly unknown[] = ['person', 'settlement', 'organisation', 'group'];

/**
 * Everybody on this device, for search and look-alikes. Ten thousand cards take a slow tablet seconds, so they are read
 * once somebody wants them, in slices between which taps are answered; from then on only cards that change.
 */
export class Register {
  readonly #database: DeviceDatabase;
  #live = $state.raw<Live<Everybody>>({ state: 'loading' });
  #stop: (() => void) | undefined;

  constructor(database: DeviceDatabase) {
    this.#database = database;
  }

  /** Begins to read, unless it has begun. */
  want(): void {
    if (this.#stop !== undefined && this.#live.state !== 'failed') return;
    this.stop();
    this.#live = { state: 'loading' };
    this.#stop = this.#follow();
  }

  /** Follows no longer what changes. */
  stop(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Everybody is here; until then nobody can be said to be missing. */
  get ready(): boolean {
    return this.#everybody !== undefined;
  }

  get people(): readonly RegisterPerson[] {
    return this.#everybody?.people ?? [];
  }

  search(query: string, limit: number): readonly RegisterPerson[] {
    return this.#everybody?.search(query, limit) ?? [];
  }

  /** Who may be somebody of this name, the likeliest first. */
  alike(name: PersonName): readonly RegisterPerson[] {
    return this.#everybody?.alike(name) ?? [];
  }

  /** Throws the storage's error, for the top screen to show. */
  get #everybody(): Everybody | undefined {
    if (this.#live.state === 'failed') throw this.#live.error;
    return this.#live.state === 'ready' ? this.#live.value : undefined;
  }

  #follow(): () => void {
    const database = this.#database;
    return followRows({
      table: database.records,
      covers: (key): key is [string, string] => Array.isArray(key) && followedTypes.includes(key[0]),
      written: ({ records }, [type, id]) => records.get(recordKey(type, id)),
      readAll: async () => {
        const everybody = new Everybody(await readPlaces(database));
        await readInSlices(database, 'person', (rows) => {
          for (const row of rows) everybody.put(row.k, row);
        });
        this.#live = { state: 'ready', value: everybody };
      },
      take: (changes) => {
        const live = this.#live;
        // A place that has another name now stands beside many people.
        if (live.state !== 'ready' || changes.some(({ key: [type] }) => type !== 'person')) return 'read_all';
        for (const { key, row } of changes) live.value.put(key[1], row);
        // Another object, so that its readers look again.
        this.#live = { ...live };
        return 'taken';
      },
      onError: (error) => (this.#live = { state: 'failed', error })
    });
  }
}

const registers = new WeakMap<DeviceDatabase, Register>();

/** The register of an opened app: read once, however often its screens come and go. */
export function registerOf({ database, closing }: Pick<App, 'database' | 'closing'>): Register {
  const known = registers.get(database);
  if (known !== undefined) return known;
  const register = new Register(database);
  registers.set(database, register);
  closing.addEventListener('abort', () => register.stop());
  return register;
}
