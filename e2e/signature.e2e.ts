import { attendanceId } from '#domain/records/attendance.ts';
import { expect, screens, test } from './fixtures.ts';
import { openNetwork } from './network.ts';
import { openOfficeSession } from './office-session.ts';
import { enrolTablet, openTodaysSheet, sendNow } from './page-models/field-notebook.ts';
import { markFirst, openMenu, personOf } from './page-models/sheet.ts';

test.use({ ...screens.tablet });
test.setTimeout(300_000);

test('a signature drawn without a network is strokes of at most 8 kB that the coordinator can open afterwards', async ({
  page,
  server
}) => {
  const network = await openNetwork(server.url);
  await enrolTablet(page, network.url, server.links());
  await openTodaysSheet(page);
  const session = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  network.cut(true);
  const name = await markFirst(page);
  const mark = attendanceId(session, await personOf(page, name));

  await openMenu(page, name);
  await page.getByRole('dialog').getByRole('button', { name: 'На экране' }).click();
  const pad = page.getByRole('img', { name: 'Поле для подписи пальцем' });
  const box = await pad.boundingBox();
  if (box === null) throw new Error('The pad is not on the screen');
  for (const height of [0.3, 0.6]) {
    await page.mouse.move(box.x + 20, box.y + box.height * height);
    await page.mouse.down();
    for (let step = 1; step <= 40; step += 1) {
      const wave = Math.sin(step / 3) * 25;
      await page.mouse.move(box.x + 20 + step * 8, box.y + box.height * height + wave);
    }
    await page.mouse.up();
  }
  await expect(pad.locator('polyline')).toHaveCount(2);
  await page.getByRole('button', { name: 'Сохранить подпись' }).click();
  await expect(page.getByText('подпись на экране')).toBeVisible();
  await page.reload();
  await expect(page.getByText('подпись на экране')).toBeVisible();

  network.cut(false);
  await sendNow(page);
  const office = await openOfficeSession(server);
  const told = await office.history('attendance', mark);
  const ink = String(told.find((entry) => entry.set['signature'] === 'screen')?.set['signatureInk']);
  expect(ink).toMatch(/^[0-9a-f]{64}$/);
  await expect.poll(async () => (await office.attachment(ink)).status).toBe(200);
  const { text } = await office.attachment(ink);
  expect(text).toMatch(/^<svg [^>]*><path d="M\d+ \d+l/);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_000);
  await office.close();
  await network.close();
});
