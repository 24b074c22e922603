import type { FaultPoint } from '#server/sync/sync-deps.ts';
import { forgetRetained } from '$lib/storage/retention.ts';
import { presentProgram } from '$lib/storage/program.ts';
import type { ExchangeLimits } from '$lib/sync/exchange.ts';
import { Courier } from './courier.ts';
import * as deeds from './deeds.ts';
import type { Place } from './place.ts';
import { nextProgram } from './programs.ts';
import { weighted } from './random.ts';
import type { World } from './world.ts';

type Action = () => Promise<unknown>;

const dayMs = 86_400_000;
/** Everything that waits in one request, everything that is there in one answer. */
export const wholeAnswer: ExchangeLimits = { batchLength: 1_000_000, maxBytes: 10_000_000 };
const clientFaults = [
  'write.before_commit',
  'exchange.answer_arrived',
  'apply.before_pages',
  'apply.cursor_saved',
  'apply.before_commit'
];
const serverFaults: readonly FaultPoint[] = [
  'push.begin',
  'push.before_commit',
  'push.after_commit',
  'pull.begin',
  'pull.end'
];

/** Draws what happens next. */
export function createActions(world: World): () => Promise<void> {
  const { random, traits, server, trace, places } = world;
  const forms: deeds.OpenForm[] = [];
  const courier = new Courier(world);
  const twice = random.branch(83);
  let clones = 0;
  /** Of two copies that both leave the old identity, each would bring what was unsent when they were made. */
  const mostClones = 1;

  const anywhere = (): Place => random.pick(places);
  const inField = (): Place => random.pick(places.filter(({ principal }) => principal.role === 'field'));
  const office = (): Place => places[0] ?? anywhere();
  const flying = () =>
    places
      .flatMap((place) => place.tabs.map((tab) => ({ place, tab })))
      .filter(({ tab }) => tab.flight !== undefined);

  async function exchange(): Promise<void> {
    const ahead = places
      .flatMap((place) => place.tabs.map((tab) => ({ place, tab })))
      .find(({ tab }) => tab.ahead?.flight !== undefined && tab.running === undefined);
    if (ahead !== undefined) {
      await world.startExchange(ahead.place, ahead.tab, drawLimits());
      return;
    }
    const place = anywhere();
    // Who gave a file away mostly has no network.
    if (courier.carriesFor(place) && random.chance(0.8)) return;
    const tab = place.tab(random.below(place.tabs.length));
    await world.startExchange(place, tab, drawLimits());
  }

  /** Both tabs hear at once that the network is back; the server has answered one of them, which does not know yet. */
  async function exchangeTwice(): Promise<void> {
    const place = anywhere();
    if (twice.chance(0.5)) await backUp();
    for (let index = 0; index < world.tabCount(); index++)
      await world.startExchange(place, place.tab(index), drawLimits());
    await world.stepFlight(place, place.tab(random.below(place.tabs.length)));
  }

  /** A place asked twice and the server has answered only once: what happens now comes between its own answers. */
  function isHalfAnswered({ tabs }: Place): boolean {
    const flights = tabs.flatMap(({ flight }) => flight ?? []);
    return flights.length > 1 && flights.some(({ answer }) => answer !== undefined);
  }

  function drawLimits(): ExchangeLimits {
    return {
      batchLength: random.pick([300, 2_000, 100_000]),
      maxBytes: random.pick([1_000, 1_000, 1_000, 4_000, 1_000_000])
    };
  }

  async function stepFlight(): Promise<void> {
    const all = flying();
    if (all.length === 0) return exchange();
    const { place, tab } = random.pick(all);
    await world.stepFlight(place, tab);
    // Nobody waits for the network before going on.
    if (random.chance(0.15)) await deeds.goOn(world, place);
  }

  /** Nothing troubles the network for a minute: the records of a place go, then its files, which wait for them. */
  async function goodLink(): Promise<void> {
    const place = anywhere();
    const { network } = world;
    const { trouble } = network;
    network.trouble = 0;
    trace.note(`${place.name} has a good link`);
    for (let round = 0; round < 3; round++) {
      const tab = place.tab(random.below(place.tabs.length));
      await world.startExchange(place, tab, wholeAnswer);
      while (tab.flight !== undefined) {
        world.pass(400);
        await world.stepFlight(place, tab);
      }
    }
    await world.photos.send(place, 0);
    network.trouble = trouble;
  }

  async function saveForm(): Promise<void> {
    const [form] = forms.splice(random.below(forms.length), 1);
    const place = places.find(({ name }) => name === form?.place);
    if (form !== undefined && place !== undefined) await deeds.saveForm(world, place, form);
  }

  async function moveClock(): Promise<void> {
    const place = anywhere();
    const { clock } = place;
    const move = random.below(5);
    trace.note(`${place.name} clock ${move}`);
    if (move === 0) clock.step(-dayMs);
    else if (move === 1) clock.step(2 * 365 * dayMs);
    else if (move === 2) clock.setTo(1_000);
    else if (move === 3) clock.setTo(world.now);
    else clock.sleep(3_600_000);
    if (move === 4) world.pass(3_600_000);
    return Promise.resolve();
  }

  async function crashPlace(): Promise<void> {
    const place = anywhere();
    if (random.chance(0.6)) {
      place.crashAt = random.pick(clientFaults);
      return;
    }
    const dies = traits.powerLoss && random.chance(0.5);
    trace.note(`${place.name} ${dies ? 'loses its power' : 'crashes'}`);
    if (dies) await place.losePower(world.tabCount());
    else await place.crash(world.tabCount());
    world.oracles.check(place);
  }

  async function crashServer(): Promise<void> {
    if (random.chance(0.7))
      server.crashAt = random.pick(traits.erasures ? [...serverFaults, 'push.erased'] : serverFaults);
    else await server.restart();
  }

  async function backUp(): Promise<void> {
    trace.note('backup');
    await server.backUp();
  }

  async function restore(): Promise<void> {
    // What devices may have forgotten is in every copy that is put back.
    const fresh = server.backups.filter(({ at }) => at > world.now - 13 * dayMs);
    const drawn = fresh.length === 0 ? server.backups.at(-1) : random.pick(fresh);
    // Of a place's two answers one is from before the cut, one from after it: only a copy that lacks nothing else hides that.
    const backup = places.some(isHalfAnswered) ? server.backups.at(-1) : drawn;
    if (backup === undefined) return;
    // Files leave no row in the log: that a copy lacks nothing else, nobody notices.
    const announced = random.chance(0.5) || traits.photos;
    trace.note(`restore to ${backup.seq}${announced ? '' : ', nobody is told'}`);
    world.restored = true;
    await server.restore(backup, announced);
    // Roles are in the copy that was put back too.
    for (const place of places) {
      const role = (await server.device(place.state().device))?.role;
      if (role === 'coordinator' || role === 'field') place.role = role;
    }
  }

  async function clone(): Promise<void> {
    const place = inField();
    if (clones >= mostClones) return;
    clones += 1;
    const copy = await place.copy(`${place.name}-copy${clones}`);
    trace.note(`${copy.name} is a copy of ${place.name}`);
    world.model.copyPlace(place.name, copy.name);
    if (world.oracles.forgetful.has(place.name)) world.oracles.forgetful.add(copy.name);
    places.push(copy);
  }

  async function revoke(): Promise<void> {
    const { device } = inField().state();
    const back = random.chance(0.6);
    trace.note(`${device} ${back ? 'is enrolled again' : 'is revoked'}`);
    await server.changeDevice(device, (row) => ({ ...row, revokedAt: back ? null : world.now }));
  }

  async function changeRole(): Promise<void> {
    const place = places.find(({ name }) => name === 'office2');
    if (place === undefined) return;
    place.role = place.role === 'field' ? 'coordinator' : 'field';
    trace.note(`${place.principal.user} becomes ${place.role}`);
    await server.changeRole(place.principal.user, place.role);
  }

  async function changeProgram(): Promise<void> {
    if (random.chance(0.2)) return world.upgradeServer();
    const place = anywhere();
    const next = place.program === nextProgram ? presentProgram : nextProgram;
    trace.note(`${place.name} runs ${next === nextProgram ? 'the next version' : 'the older version again'}`);
    await place.changeProgram(next, world.tabCount());
    world.oracles.check(place);
  }

  async function signInOrOut(): Promise<void> {
    if (!server.signedOut.delete('c1')) server.signedOut.add('c1');
    return Promise.resolve();
  }

  async function passDays(): Promise<void> {
    if (traits.swift && (world.network.strays.length > 0 || flying().length > 0)) return;
    world.pass(random.pick([1, 8, 20]) * dayMs);
    for (const place of places) {
      if (place.isReadOnly()) continue;
      const { operations: gone } = await forgetRetained(place.tab().database);
      if (gone === 0) continue;
      trace.note(`${place.name} forgets ${gone}`);
      world.oracles.forgetful.add(place.name);
    }
  }

  const on = (flag: boolean, weight: number): number => (flag ? weight : 0);

  return async () => {
    const strays = world.network.strays.length;
    const inTheAir = strays > 0 || flying().length > 0;
    // An answer on its way belongs to the history that is cut.
    const restoring = places.some(isHalfAnswered) ? 10 : flying().length > 1 ? 3 : 1;
    world.pass(random.next() * (traits.swift && inTheAir ? 300 : random.pick([200, 20_000, 900_000])));
    const action = weighted<Action>(random, [
      [14, () => act(world, anywhere())],
      [3, () => deeds.actTogether(world, anywhere())],
      [3, () => deeds.goOn(world, anywhere())],
      [4, () => deeds.meet(world, anywhere())],
      [3, () => Promise.resolve(forms.push(deeds.openForm(world, anywhere())))],
      [on(forms.length > 0, 4), saveForm],
      [on(traits.deletions, 3), () => deeds.deleteOrUndelete(world, anywhere())],
      [2, () => deeds.remark(world, anywhere())],
      [on(traits.mistakes, 3), () => deeds.mistake(world, anywhere())],
      [on(traits.mistakes || traits.revocations, 2), () => deeds.correct(world, anywhere())],
      [3, () => deeds.decideConflict(world, office())],
      [on(traits.revocations, 2), () => deeds.decideHeld(world, office(), false)],
      [12, exchange],
      [28, stepFlight],
      [on(traits.restores && traits.twoTabs, 4), exchangeTwice],
      [on(strays > 0, 4), () => world.network.deliverStray(random.below(strays))],
      [on(traits.clockTrouble, 3), moveClock],
      [on(traits.crashes || traits.powerLoss, 3), crashPlace],
      [on(traits.crashes, 2), crashServer],
      [on(traits.restores || traits.longTime, 2), backUp],
      [on(traits.restores, restoring), restore],
      [on(traits.clones, 2), clone],
      [on(traits.revocations, 3), revoke],
      [on(traits.signOuts, 2), signInOrOut],
      [on(traits.secondOffice, 2), changeRole],
      [on(traits.merges, 3), () => deeds.merge(world, office())],
      [on(traits.upgrades, 3), changeProgram],
      [on(traits.longTime, 2), passDays],
      [on(traits.courier, 4), () => courier.makeFile(inField())],
      [on(courier.files > 0, 5), () => courier.bringFile()],
      [on(courier.receipts > 0, 5), () => courier.takeReceipt()],
      [on(traits.erasures, 3), () => deeds.erase(world, office())],
      [on(traits.photos, 9), () => world.photos.take(anywhere())],
      [on(traits.photos, 16), () => world.photos.send(anywhere(), traits.networkTrouble)],
      [on(traits.photos, 1), () => world.photos.sendUnnamed(anywhere())],
      [on(traits.photos, 1), () => world.photos.checkKept()],
      [on(traits.goodLinks, 9), goodLink]
    ]);
    await action();
  };
}

async function act(world: World, place: Place): Promise<void> {
  await world.act(place, [deeds.drawDeed(world, place)]);
}
