import { decideHeld } from './deeds.ts';
import { nextProgram } from './programs.ts';
import type { World } from './world.ts';

/** A healed world needs no more exchanges of each place than this. */
const cyclesWithin = 20;
const wholeAnswer = { batchLength: 1_000_000, maxBytes: 10_000_000 };

/** Everything works again: the network, sign-in, enrolments. Then all places must come to rest. */
export async function heal(world: World): Promise<void> {
  const { trace, server, network, places } = world;
  trace.note('healing');
  network.trouble = 0;
  server.crashAt = undefined;
  server.signedOut.clear();
  for (const place of places) {
    place.crashAt = undefined;
    for (const tab of place.tabs) while (tab.flight !== undefined) await world.stepFlight(place, tab);
  }
  while (network.strays.length > 0) await network.deliverStray(world.random.below(network.strays.length));
  if (world.traits.upgrades) await upgradeAll(world);
  await comeToRest(world);
  for (const place of places) {
    const { device } = await place.state();
    await server.changeDevice(device, (row) => ({ ...row, revokedAt: null }));
  }
  await comeToRest(world);
  const [office] = places;
  if (office !== undefined) await decideHeld(world, office, true);
  await comeToRest(world);
}

/** What a newer version has written, only newer ones settle. */
async function upgradeAll(world: World): Promise<void> {
  await world.upgradeServer();
  for (const place of world.places)
    if (place.program !== nextProgram) await place.changeProgram(nextProgram, world.tabCount());
}

async function comeToRest(world: World): Promise<void> {
  const { places } = world;
  let stood = await Promise.all(places.map(position));
  for (let cycle = 0; cycle < cyclesWithin; cycle++) {
    for (const place of places) {
      const tab = place.tab(world.random.below(place.tabs.length));
      await world.startExchange(place, tab, wholeAnswer);
      while (tab.flight !== undefined) {
        world.pass(400);
        await world.stepFlight(place, tab);
      }
      world.pass(1_000);
    }
    const stands = await Promise.all(places.map(position));
    if (stands.every((place, index) => place === stood[index])) return;
    stood = stands;
  }
  world.trace.fail('comes to rest', `not within ${cyclesWithin} exchanges of each place`);
}

/** Where a place stands: what it waits with, and how far it has received. */
function position(place: World['places'][number]): Promise<string> {
  const { database } = place.tab();
  return database.transaction('r', [database.meta, database.outbox, database.cursors], async () => {
    const [state, waiting, cursors] = await Promise.all([
      database.meta.get('state'),
      database.outbox.count(),
      database.cursors.toArray()
    ]);
    return JSON.stringify([
      state?.epoch,
      state?.head,
      state?.device,
      waiting,
      cursors.map((row) => [row.stream, row.cursor, row.complete])
    ]);
  });
}
