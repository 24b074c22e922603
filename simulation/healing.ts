import { wholeAnswer } from './actions.ts';
import { decideHeld } from './deeds.ts';
import { rowsOf } from './inside.ts';
import type { Place, Tab } from './place.ts';
import { nextProgram } from './programs.ts';
import type { World } from './world.ts';

/** A healed world needs no more exchanges of each place than this. */
const cyclesWithin = 20;

/** Everything works again: the network, sign-in, enrolments. Then all places must come to rest. */
export async function heal(world: World): Promise<void> {
  const { trace, server, network, places } = world;
  trace.note('healing');
  network.trouble = 0;
  server.crashAt = undefined;
  server.signedOut.clear();
  for (const place of places) {
    place.crashAt = undefined;
    for (const tab of place.tabs) {
      while (tab.flight !== undefined) await world.stepFlight(place, tab);
      // What was asked ahead while there was trouble may have failed: the next exchange hears of it, and only that.
      if (tab.ahead !== undefined) await exchangeWhole(world, place, tab);
    }
  }
  while (network.strays.length > 0) await network.deliverStray(world.random.below(network.strays.length));
  if (world.traits.upgrades) await upgradeAll(world);
  await comeToRest(world);
  let isRevoked = false;
  for (const place of places) {
    const { device } = place.state();
    await server.changeDevice(device, (row) => {
      isRevoked ||= row.revokedAt !== null;
      return { ...row, revokedAt: null };
    });
  }
  if (isRevoked) await comeToRest(world);
  const before = world.model.writes.length;
  const [office] = places;
  if (office !== undefined) await decideHeld(world, office, true);
  if (world.model.writes.length > before) await comeToRest(world);
  if (world.traits.photos) await world.photos.settle();
}

/** What a newer version has written, only newer ones settle. */
async function upgradeAll(world: World): Promise<void> {
  await world.upgradeServer();
  for (const place of world.places)
    if (place.program !== nextProgram) await place.changeProgram(nextProgram, world.tabCount());
}

/** Places exchange in turn until an exchange of each of them in a row has changed nothing. */
async function comeToRest(world: World): Promise<void> {
  const { places } = world;
  let resting = 0;
  for (let cycle = 0; cycle < cyclesWithin; cycle++) {
    for (const place of places) {
      const stood = position(place);
      const tab = place.tab(world.random.below(place.tabs.length));
      await exchangeWhole(world, place, tab);
      world.pass(1_000);
      resting = position(place) === stood ? resting + 1 : 0;
      if (resting === places.length) return;
    }
  }
  world.trace.fail('comes to rest', `not within ${cyclesWithin} exchanges of each place`);
}

async function exchangeWhole(world: World, place: Place, tab: Tab): Promise<void> {
  await world.startExchange(place, tab, wholeAnswer);
  while (tab.flight !== undefined) {
    world.pass(400);
    await world.stepFlight(place, tab);
  }
}

/** Where a place stands: what it waits with, and how far it has received. */
function position(place: Place): string {
  const { outbox, cursors } = place.tab().database;
  const { epoch, head, device } = place.state();
  return JSON.stringify([
    epoch,
    head,
    device,
    rowsOf(outbox).length,
    rowsOf(cursors).map((row) => [row.stream, row.cursor, row.complete])
  ]);
}
