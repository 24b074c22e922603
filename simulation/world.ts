import { canonicalJson } from '#domain/sync/canonical-json.ts';
import { recordKey } from '$lib/storage/database.ts';
import { open } from '$lib/storage/sealing.ts';
import { NewerDatabaseError } from '$lib/storage/program.ts';
import { write, type AnyChange, type NewAttachment, type ShownRow } from '$lib/storage/write.ts';
import { keepCourierKeys } from '$lib/sync/courier-keys.ts';
import type { ExchangeLimits } from '$lib/sync/exchange.ts';
import { DeviceClock } from './device-clock.ts';
import { isErasedKey } from './erased.ts';
import { rowOf, rowsOf } from './inside.ts';
import type { KeptDatabase } from './kept-database.ts';
import { Model, tokenField, writeKey, type Write, type WrittenChange } from './model.ts';
import { Network } from './network.ts';
import { Photos } from './photos.ts';
import { Place, type Tab } from './place.ts';
import { createRandom, type Random } from './random.ts';
import { ServerNode } from './server-node.ts';
import { StepOracles } from './step-oracles.ts';
import { newField, nextProgram, nextSchema } from './programs.ts';
import { isCrash, type Trace } from './trace.ts';
import { drawTraits, type Traits } from './traits.ts';

/** One change that a person makes; `form` is what a form showed when it was opened earlier. */
export interface Deed {
  readonly e: string;
  readonly k: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly form?: { readonly shown: number | ShownRow; readonly fields: Readonly<Record<string, unknown>> };
}

export interface DeedOptions {
  readonly replaces?: number;
  readonly decides?: readonly string[];
  readonly attachments?: readonly NewAttachment[];
}

const worldStart = 1_764_000_000_000;

/** The simulated world of one schedule. */
export class World {
  readonly seed: number;
  readonly random: Random;
  readonly traits: Traits;
  readonly trace: Trace;
  readonly model = new Model();
  readonly server: ServerNode;
  readonly network: Network;
  readonly oracles: StepOracles;
  readonly places: Place[] = [];
  readonly photos = new Photos(this);
  now = worldStart;
  restored = false;
  serverIsNew = false;
  newFromTheStart = false;
  #tokens = 0;

  private constructor(seed: number, traits: Traits, trace: Trace, server: ServerNode) {
    this.seed = seed;
    this.random = createRandom(seed);
    this.traits = traits;
    this.trace = trace;
    this.server = server;
    this.network = new Network(createRandom(seed).branch(2), server, trace, () => this.now);
    this.network.trouble = traits.networkTrouble;
    this.oracles = new StepOracles(trace, this.model, (key) => isErasedKey(this, key));
  }

  static async begin(seed: number, database: KeptDatabase, trace: Trace): Promise<World> {
    const traits = drawTraits(createRandom(seed).branch(3));
    const clock = { now: worldStart };
    const server = await ServerNode.start(seed, database, trace, () => clock.now);
    const world = new World(seed, traits, trace, server);
    Object.defineProperty(clock, 'now', { get: () => world.now });
    await world.#settle();
    return world;
  }

  async #settle(): Promise<void> {
    const { traits, random } = this;
    await this.#addPlace('office', { role: 'coordinator', user: 'c1' });
    if (traits.secondOffice) await this.#addPlace('office2', { role: 'coordinator', user: 'c2' });
    if (traits.upgrades && random.chance(0.5)) await this.upgradeServer();
    for (let index = 1; index <= traits.fieldPlaces; index++) {
      const user = traits.sharedUser && index === 2 ? 'u1' : `u${index}`;
      await this.#addPlace(`tablet${index}`, { role: 'field', user });
    }
    if (traits.restores || random.chance(0.2)) await this.server.backUp();
  }

  async #addPlace(name: string, principal: Place['principal']): Promise<void> {
    const { random, traits } = this;
    const offset = traits.clockTrouble ? random.pick([0, -86_400_000, 4_000_000, -300_000]) : 0;
    const drift = traits.clockTrouble ? random.pick([1, 1.0001, 0.9999]) : 1;
    const clock = new DeviceClock(() => this.now, offset, drift);
    const chance = createRandom(this.seed).branch(10 + this.places.length);
    const place = new Place(name, principal, clock, this.network, chance);
    await place.open(this.tabCount());
    const secret = `secret-of-${name}-0123456789`;
    await place.enrol(secret);
    if (traits.courier) await keepCourierKeys(place.tab().database, (url) => this.server.ask(url));
    await this.server.enrol(name, secret, principal.role, principal.user);
    this.places.push(place);
  }

  /** The server's next version comes into force; before any write it knows every operation in the new shape. */
  async upgradeServer(): Promise<void> {
    if (this.serverIsNew) return;
    this.serverIsNew = true;
    this.newFromTheStart = this.model.writes.length === 0;
    this.trace.note('the server is upgraded');
    await this.server.upgrade(nextSchema);
  }

  tabCount(): number {
    return this.traits.twoTabs ? 2 : 1;
  }

  /** A value that nobody else writes. */
  token(): string {
    this.#tokens += 1;
    // Long texts fill pages, so that what is acknowledged is received only later.
    return this.random.chance(0.25) ? `v${this.#tokens} ${'много слов '.repeat(90)}` : `v${this.#tokens}`;
  }

  /** A number that is given once. */
  serial(): number {
    this.#tokens += 1;
    return this.#tokens;
  }

  /** An instant that nobody else writes. */
  instant(): number {
    return worldStart + this.serial();
  }

  pass(ms: number): void {
    this.now += Math.round(ms);
  }

  /** What the screen of a place shows of a record. */
  shown(
    place: Place,
    e: string,
    k: string
  ): {
    readonly seq: number;
    readonly era?: number;
    readonly fields: Readonly<Record<string, unknown>>;
  } {
    const row = rowOf(place.tab().database.records, [e, k]);
    const era = row?.era === undefined ? {} : { era: row.era };
    return { seq: row?.seq ?? 0, ...era, fields: row === undefined ? {} : open(row.body).f };
  }

  /** A person does something at a place; true when the screen then said that it is saved. */
  async act(place: Place, given: readonly Deed[], options: DeedOptions = {}): Promise<Write | undefined> {
    const deeds = given.map((deed) => inShapeOf(place, deed));
    const changes: WrittenChange[] = [];
    for (const deed of deeds) {
      const fields = deed.form?.fields ?? this.shown(place, deed.e, deed.k).fields;
      const names = Object.keys(deed.set).map(tokenField);
      const seen = Object.fromEntries(
        names.filter((name) => name in fields).map((name) => [name, fields[name]])
      );
      changes.push({ e: deed.e, k: deed.k, set: deed.set, seen });
    }
    const tab = place.tab(this.random.below(place.tabs.length));
    const by = place.principal.user;
    const request = deeds.map(({ e, k, set, form }) => ({
      type: e,
      id: k,
      set,
      ...(form === undefined ? {} : { shown: form.shown })
    }));
    const { replaces, decides = [], attachments = [] } = options;
    try {
      const { n } = await write(tab.database, tab.environment, {
        by,
        changes: request as readonly AnyChange[],
        attachments,
        ...(replaces === undefined ? {} : { replaces })
      });
      return this.#told(place, tab, n, changes, decides);
    } catch (error) {
      if (error instanceof NewerDatabaseError) {
        this.trace.note(`${place.name} is too old to write`);
        this.oracles.check(place);
        return undefined;
      }
      if (!isCrash(error)) throw error;
      this.trace.note(`${place.name} crashes while it writes`);
      await place.crash(this.tabCount());
      return undefined;
    }
  }

  #told(
    place: Place,
    tab: Tab,
    n: number,
    changes: readonly WrittenChange[],
    decides: readonly string[]
  ): Write | undefined {
    const row = rowOf(tab.database.outbox, n);
    if (row === undefined) {
      this.trace.fail('no loss', `${place.name} #${n} was told to be saved and is not in the outbox`);
      return undefined;
    }
    const operation = open(row.body);
    const asked = canonicalJson(setsOf(changes));
    const kept = canonicalJson(setsOf(operation.ch));
    if (asked !== kept) this.trace.fail('only what was touched', `${place.name} #${n}: ${kept} for ${asked}`);
    this.trace.note(
      `${place.name} #${n} writes ${asked} base ${operation.ch.map(({ base }) => base).join()}`
    );
    const written = this.model.add({
      place: place.name,
      n,
      by: operation.by,
      key: writeKey(n, operation.w, operation.ch),
      changes,
      decides,
      at: this.now
    });
    this.oracles.check(place);
    return written;
  }

  async startExchange(place: Place, tab: Tab, limits: ExchangeLimits): Promise<void> {
    if (tab.running !== undefined) return;
    await place.start(tab, limits);
    this.trace.note(`${place.name}/${tab.index} exchanges (${tab.flight?.outcome ?? 'at once'})`);
    if (tab.flight === undefined) await this.#finish(place, tab);
  }

  /** Moves the exchange of a tab on by one event. */
  async stepFlight(place: Place, tab: Tab): Promise<void> {
    const { flight } = tab;
    if (flight === undefined) return;
    if (flight.answer === undefined) tab.answeredAs = place.role;
    if (!(await this.network.step(flight))) return;
    // An exchange may ask again in a plainer form.
    if (tab.flight === flight) await this.#finish(place, tab);
  }

  async #finish(place: Place, tab: Tab): Promise<void> {
    const cut = tab.flight?.outcome === 'request_cut';
    const again = place.nextFlight(tab);
    tab.flight = undefined;
    const result = await Promise.race([tab.running, again]);
    if (result === 'asks again') return;
    tab.running = undefined;
    await place.moveAhead(tab);
    place.toldRole = tab.answeredAs ?? place.toldRole;
    if (result === 'crashed') {
      this.trace.note(`${place.name}/${tab.index} crashes`);
      await place.crash(this.tabCount());
    } else if (result !== undefined) {
      this.trace.note(`${place.name}/${tab.index} ${canonicalJson(result)}`);
      if (!cut) this.oracles.checkResult(place, result);
    }
    this.oracles.check(place);
    await this.checkAcknowledged(place);
  }

  /** What a place counts as delivered is in the server's log (I30), unless its next exchange tells it of a restore. */
  async checkAcknowledged(place: Place): Promise<void> {
    const { device, epoch, head } = place.state();
    const last = rowsOf(place.tab().database.retained).at(-1);
    if (last === undefined || !(await this.server.isPresentHistory(epoch, head))) return;
    const judged = (await this.server.device(device))?.lastN ?? 0;
    if (last.n > judged)
      this.trace.fail('acknowledged means kept', `${place.name} #${last.n}, the server has ${judged}`);
  }

  async stop(): Promise<void> {
    for (const place of this.places) for (const tab of place.tabs) tab.database.close();
    await this.server.stop();
  }
}

/** The next version of the app writes a field more. */
function inShapeOf(place: Place, deed: Deed): Deed {
  if (place.program !== nextProgram || deed.e !== 'person' || !('phone' in deed.set)) return deed;
  return { ...deed, set: { ...deed.set, [newField]: deed.set['phone'] } };
}

/** What changes set, record by record: one record's fields travel apart where different states of them were seen. */
function setsOf(changes: readonly Pick<WrittenChange, 'e' | 'k' | 'set'>[]): readonly unknown[] {
  const sets = new Map<string, readonly [e: string, k: string, set: Readonly<Record<string, unknown>>]>();
  for (const { e, k, set } of changes) {
    const key = recordKey(e, k);
    sets.set(key, [e, k, { ...sets.get(key)?.[2], ...set }]);
  }
  return [...sets.values()];
}
