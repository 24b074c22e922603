import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { gzipSync } from 'node:zlib';
import type { Role } from '#domain/records/definition.ts';
import type { SyncRequest, SyncResponse } from '#domain/sync/protocol.ts';
import './clone.ts';
import { DeviceDatabase, type DeviceState } from '$lib/storage/database.ts';
import type { DeviceEnvironment } from '$lib/storage/environment.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { presentProgram, type Program } from '$lib/storage/program.ts';
import { exchange, type ExchangeLimits, type ExchangeResult } from '$lib/sync/exchange.ts';
import { createPackedTransport } from '$lib/sync/packing.ts';
import { isAnswerFor, requestAfter } from '$lib/sync/next-page.ts';
import { createHttpPost, type Credentials, type RawAnswer, type Transport } from '$lib/sync/transport.ts';
import type { DeviceClock } from './device-clock.ts';
import { Disk } from './disk.ts';
import { rowOf, rowsOf } from './inside.ts';
import type { Flight, Network } from './network.ts';
import type { Random } from './random.ts';
import { CrashError, isCrash } from './trace.ts';

/** One open page over a place's database. */
export interface Tab {
  readonly index: number;
  readonly database: DeviceDatabase;
  readonly environment: DeviceEnvironment;
  /** The exchange that waits for the network. */
  flight: Flight | undefined;
  /** The place's role when the server answered that exchange. */
  answeredAs: Principal['role'] | undefined;
  running: Promise<ExchangeResult | 'crashed'> | undefined;
  /** Told when a request goes on its way. */
  opened: () => void;
  /** Kept from one exchange to the next where the place asks ahead. */
  transport: Transport | undefined;
  /** The exchange waits for an answer: what goes on its way now is its own request. */
  isAsking: boolean;
  /** The request for the next page, sent while one was being stored. */
  ahead: AskedAhead | undefined;
  /** What it asked last. */
  request: SyncRequest | undefined;
}

interface AskedAhead {
  readonly asked: SyncRequest;
  flight: Flight | undefined;
  answeredAs: Principal['role'] | undefined;
  /** Whoever takes it goes on at once: its answer is here, or will never come. */
  isSettled: boolean;
}

export interface Principal {
  readonly role: Extract<Role, 'field' | 'coordinator'>;
  readonly user: string;
}

/** One browser profile with one local database: what survives a crash is the profile, what does not are its tabs. */
export class Place {
  readonly name: string;
  readonly principal: Principal;
  readonly clock: DeviceClock;
  readonly #network: Network;
  readonly #random: Random;
  #profile = new IDBFactory();
  readonly #disk = new Disk();
  #pages = 0;
  tabs: Tab[] = [];
  /** The version of the app that its tabs run. */
  program: Program = presentProgram;
  /** What the server lets it do now; the browser goes on as it was enrolled. */
  role: Principal['role'];
  /** What the server let it do when it gave the answer that came last: a restore may have put a role back since. */
  toldRole: Principal['role'];
  /** The program crashes when it next passes this point. */
  crashAt: string | undefined;
  /** Numbers below it were written before this profile was copied from another one. */
  readonly copiedUpTo: number;
  /** Whether this place's build speaks the compact form; an older one sends and gets plain JSON. */
  readonly packs: boolean;
  /** Whether it asks for the next page while one is stored. */
  readonly asksAhead: boolean;
  readonly #early: Random;

  constructor(
    name: string,
    principal: Principal,
    clock: DeviceClock,
    network: Network,
    random: Random,
    copiedUpTo = 0
  ) {
    this.name = name;
    this.principal = principal;
    this.role = principal.role;
    this.toldRole = principal.role;
    this.clock = clock;
    this.#network = network;
    this.#random = random;
    this.copiedUpTo = copiedUpTo;
    this.packs = random.branch(77).chance(0.7);
    this.#early = random.branch(79);
    this.asksAhead = this.packs && this.#early.chance(0.5);
  }

  async open(tabs: number): Promise<void> {
    for (let index = 0; index < tabs; index++) {
      const database = await this.#openDatabase();
      // Every page counts from its own opening.
      const openedAt = this.clock.uptime() - index * 3_600_000;
      const environment: DeviceEnvironment = {
        now: () => this.clock.wall(),
        mono: () => this.clock.uptime() - openedAt,
        page: `page${(this.#pages += 1)}`,
        randomBytes: this.#random.bytes,
        fault: (point) => {
          if (this.crashAt !== point) return;
          this.crashAt = undefined;
          throw new CrashError(point);
        }
      };
      this.tabs.push({
        index,
        database,
        environment,
        flight: undefined,
        answeredAs: undefined,
        running: undefined,
        opened: () => undefined,
        transport: undefined,
        isAsking: false,
        ahead: undefined,
        request: undefined
      });
    }
  }

  async #openDatabase(): Promise<DeviceDatabase> {
    const database = new DeviceDatabase('zimnik', { indexedDB: this.#profile, IDBKeyRange }, this.program);
    await database.open();
    this.#disk.watch(database.backendDB());
    return database;
  }

  async enrol(secret: string): Promise<void> {
    const { role, user } = this.principal;
    await ensureIdentity(this.tab().database, { device: this.name, secret, role, user, name: this.name });
  }

  tab(index = 0): Tab {
    const tab = this.tabs[index] ?? this.tabs[0];
    if (tab === undefined) throw new Error(`${this.name} has no open tab`);
    return tab;
  }

  state(): DeviceState {
    const state = rowOf(this.tab().database.meta, 'state');
    if (state === undefined) throw new Error(`${this.name} is not enrolled`);
    return state;
  }

  /** Resolves when the tab's next request is on its way. */
  nextFlight(tab: Tab): Promise<'asks again'> {
    return new Promise((resolve) => (tab.opened = () => resolve('asks again')));
  }

  /** Starts an exchange and returns when its request is on its way (or when it ended without one). */
  async start(tab: Tab, limits: ExchangeLimits): Promise<void> {
    const opened = this.nextFlight(tab);
    tab.transport ??= this.#transportOf(tab);
    const { transport } = tab;
    if (!this.asksAhead) tab.transport = undefined;
    // Only who has more pages to come asks for them.
    const sizes = this.asksAhead ? { ...limits, maxBytes: 1_000 } : limits;
    tab.running = exchange(tab.database, tab.environment, transport, { build: 'sim', limits: sizes }).catch(
      (error: unknown) => {
        if (isCrash(error)) return 'crashed';
        throw error;
      }
    );
    await Promise.race([opened, tab.running]);
  }

  #transportOf(tab: Tab): Transport {
    const fetchHere = this.#network.fetchOf(
      this.name,
      (flight) => {
        if (!tab.isAsking && tab.ahead !== undefined) {
          tab.ahead.flight = flight;
          return;
        }
        tab.flight = flight;
        tab.opened();
      },
      () => (this.principal.role === 'coordinator' ? this.principal.user : undefined)
    );
    const post = createHttpPost({
      fetch: fetchHere,
      url: 'http://server/api/sync',
      timeoutMs: 600_000,
      gzip: (text) => Promise.resolve(this.#random.chance(0.2) ? new Uint8Array(gzipSync(text)) : undefined)
    });
    if (!this.packs) return post;
    const packed = createPackedTransport(post, tab.database, tab.environment.mono);
    if (!this.asksAhead) return (request, credentials) => packed(request, credentials);
    const transport = async (request: SyncRequest, credentials: Credentials): Promise<RawAnswer> => {
      tab.isAsking = true;
      tab.request = request;
      const { ahead } = tab;
      tab.ahead = undefined;
      if (ahead?.flight !== undefined && isAnswerFor(ahead.asked, request)) {
        tab.answeredAs = ahead.answeredAs;
        if (!ahead.isSettled) {
          tab.flight = ahead.flight;
          tab.opened();
        }
      } else if (ahead?.flight !== undefined) this.#network.strays.push(ahead.flight);
      try {
        return await packed(request, credentials);
      } finally {
        tab.isAsking = false;
      }
    };
    return Object.assign(transport, {
      askAhead: (answer: SyncResponse): void => {
        const asked = tab.request === undefined ? undefined : requestAfter(tab.request, answer, 0);
        tab.ahead =
          asked === undefined
            ? undefined
            : { asked, flight: undefined, answeredAs: undefined, isSettled: false };
        packed.askAhead?.(answer);
      }
    });
  }

  /** What was asked ahead may have its answer before the page before it is stored, or long after. */
  async moveAhead(tab: Tab): Promise<void> {
    const { ahead } = tab;
    if (ahead?.flight === undefined || !this.#early.chance(0.5)) return;
    ahead.answeredAs = this.role;
    ahead.isSettled = await this.#network.step(ahead.flight);
  }

  /** All programs of this profile end at once; what was committed stays. */
  async crash(tabs: number): Promise<void> {
    await this.#end();
    await this.open(tabs);
  }

  /** The battery is dead: only what has reached the disk stays. */
  async losePower(tabs: number): Promise<void> {
    const flushed = this.#disk.cutPower();
    await this.#end();
    if (flushed !== undefined) {
      this.#profile = new IDBFactory();
      const database = await this.#openDatabase();
      for (const table of database.tables) await table.bulkAdd([...(flushed.get(table.name) ?? [])]);
      database.close();
      this.#disk.cutPower();
    }
    await this.open(tabs);
  }

  /** Another version of the app comes into force: a newer one, or the older one again. */
  async changeProgram(program: Program, tabs: number): Promise<void> {
    await this.#end();
    this.program = program;
    await this.open(tabs);
  }

  /** Whether a newer version has written here: told from what it left, not by the product's own rule. */
  isTooOldFor(state: { readonly minWriter?: number } | undefined): boolean {
    return state?.minWriter !== undefined && state.minWriter > this.program.writer;
  }

  isReadOnly(): boolean {
    return this.isTooOldFor(this.state());
  }

  async #end(): Promise<void> {
    const gone = this.tabs;
    this.tabs = [];
    this.crashAt = undefined;
    for (const tab of gone) {
      tab.database.close();
      for (const flight of [tab.flight, tab.ahead?.flight]) flight?.reject(new TypeError('network'));
      await tab.running?.catch(() => undefined);
    }
  }

  /** A copy of the profile as a careless helper makes it: the same identity on a second device. */
  async copy(name: string): Promise<Place> {
    const { nextN } = this.state();
    const copy = new Place(name, this.principal, this.clock.copy(), this.#network, this.#random, nextN);
    copy.program = this.program;
    await copy.open(1);
    const source = this.tab().database;
    for (const table of source.tables) {
      await copy
        .tab()
        .database.table(table.name)
        .bulkAdd([...rowsOf(table)]);
    }
    return copy;
  }
}
