import { expect, screens, test } from './fixtures.ts';
import { openNetwork } from './network.ts';
import {
  enrolTablet,
  expectDelivered,
  openTodaysSheet,
  safetyLine,
  sendNow
} from './page-models/field-notebook.ts';
import { markFirst } from './page-models/sheet.ts';

test('a frozen tab that holds the exchange does not keep the others waiting, and wakes without harm', async ({
  openDevice,
  server
}) => {
  const network = await openNetwork(server.url);
  const context = await openDevice(screens.tablet);
  const frozen = await context.newPage();
  const troubles: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' && message.text().includes('exchange met a bug'))
      troubles.push(message.text());
  });
  await enrolTablet(frozen, network.url, server.links());
  await openTodaysSheet(frozen);

  // The request hangs on the way, its tab holds the lock, and then the system freezes it.
  let answer: () => void = () => undefined;
  const held = network.interrupt(
    'POST /api/sync',
    'sent',
    () => new Promise((resolve) => (answer = resolve))
  );
  network.reset();
  await markFirst(frozen);
  await expect.poll(() => network.requests()).toContain('POST /api/sync');
  const lifecycle = await context.newCDPSession(frozen);
  await lifecycle.send('Page.setWebLifecycleState', { state: 'frozen' });

  const other = await context.newPage();
  await other.clock.install();
  await other.goto(frozen.url());
  // It asks for its turn once its screen is there; only then does its patience begin to run.
  await expect(safetyLine(other)).toHaveText(/^Отправляем/);
  await other.clock.runFor(61_000);
  await expectDelivered(other);

  await lifecycle.send('Page.setWebLifecycleState', { state: 'active' });
  answer();
  await held;
  await markFirst(frozen);
  await sendNow(frozen);
  await expectDelivered(other);
  expect(troubles).toEqual([]);
  await network.close();
});
