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
  for (let cycle = 0; cycle < cyclesWithin; cycle++) {
    let moved = false;
    for (const place of world.places) {
      const before = await position(place);
      const tab = place.tab(world.random.below(place.tabs.length));
      await world.startExchange(place, tab, wholeAnswer);
      while (tab.flight !== undefined) {
        world.pass(400);
        await world.stepFlight(place, tab);
      }
      world.pass(1_000);
      if ((await position(place)) !== before) moved = true;
    }
    if (!moved) return;
  }
  world.trace.fail('comes to rest', `not within ${cyclesWithin} exchanges of each place`);
}

async function position(place: World['places'][number]): Promise<string> {
  const { database } = place.tab();
  const { epoch, head, device } = await place.state();
  const waiting = await database.outbox.count();
  const cursors = await database.cursors.toArray();
  return JSON.stringify([
    epoch,
    head,
    device,
    waiting,
    cursors.map((row) => [row.stream, row.cursor, row.complete])
  ]);
}
