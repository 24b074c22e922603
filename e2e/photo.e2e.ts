import type { Page } from '@playwright/test';
import { expect, screens, test } from './fixtures.ts';
import { openNetwork } from './network.ts';
import { enrolTablet, openTodaysSheet, safetyLine, sendNow } from './page-models/field-notebook.ts';
import { openOffice } from './page-models/office.ts';
import { markFirst } from './page-models/sheet.ts';
import { pngPicture, withExif } from './pictures.ts';

test.setTimeout(300_000);

async function openPhotos(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Меню листа' }).click();
  await page.getByRole('button', { name: 'Фото листа' }).click();
}

/** Chooses a file as a person does, by the system's own chooser. */
async function choose(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Выбрать фото' }).click();
  await (await chooser).setFiles(file);
}

/** What the device keeps of files. */
function kept(page: Page): Promise<{ sha256: string; state: string; size: number; head: string }[]> {
  return page.evaluate(async () => {
    const [name] = (await indexedDB.databases()).map((one) => one.name ?? '').filter((one) => one !== '');
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      const asked = indexedDB.open(name ?? '');
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error ?? new Error('not opened'));
    });
    const rows = await new Promise<{ sha256: string; state: string; bytes: ArrayBuffer }[]>((resolve) => {
      const asked = database.transaction('attachments').objectStore('attachments').getAll();
      asked.onsuccess = () =>
        resolve(asked.result as { sha256: string; state: string; bytes: ArrayBuffer }[]);
    });
    database.close();
    return rows.map(({ sha256, state, bytes }) => ({
      sha256,
      state,
      size: bytes.byteLength,
      head: String.fromCharCode(...new Uint8Array(bytes.slice(0, 2_000)))
    }));
  });
}

test('a photo of the paper sheet, taken without a network, goes on at the byte where the link broke and opens at the desk', async ({
  openDevice,
  server
}) => {
  const network = await openNetwork(server.url);
  const field = await (await openDevice(screens.tablet)).newPage();
  await enrolTablet(field, network.url, server.links());
  await openTodaysSheet(field);
  const session = new URL(field.url()).pathname.split('/').at(-1) ?? '';
  network.cut(true);
  await markFirst(field);
  await openPhotos(field);
  await choose(field, { name: 'sheet.png', mimeType: 'image/png', buffer: pngPicture(2_400, 1_800) });
  await expect(field.getByText('Фото ещё не переданы. Передано 0 из 1')).toBeVisible();
  const [photo] = await kept(field);
  if (photo === undefined) throw new Error('The photo was not kept');
  expect(photo.size).toBeGreaterThan(100_000);
  expect(photo.size).toBeLessThan(1_400_000);

  // Without a network it is there after the tab was closed, small and large.
  await field.reload();
  await openPhotos(field);
  await field.getByRole('button', { name: /Фото 1/ }).click();
  const large = field.getByRole('dialog', { name: 'Фото', exact: true }).getByRole('img');
  await expect
    .poll(() => large.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]))
    .toEqual([1_600, 1_200]);
  await field.goto(`${network.url}/field/sheet/${session}`);

  const offsets: string[] = [];
  field.on('request', (request) => {
    if (request.method() === 'PATCH') offsets.push(request.headers()['upload-offset'] ?? '');
  });
  const office = await (await openDevice(screens.desk)).newPage();
  await openOffice(office, server.url, server.links());
  const broken = network.interrupt(`PATCH /api/uploads/${photo.sha256}`, 'half_sent', async () => {
    // The record is there and its photo is not: the desk says so.
    await office.goto(`${server.url}/office/sheets/${session}`);
    await expect(office.getByText('1 из 1 фото ещё на планшете')).toBeVisible();
  });
  network.cut(false);
  await sendNow(field);
  await broken;
  expect(offsets.slice(0, 2)).toEqual(['0', '16000']);
  expect(await kept(field)).toMatchObject([{ state: 'delivered' }]);

  // Without being asked, the desk sees that it has arrived.
  await expect(office.getByText('Фото: 1', { exact: true })).toBeVisible();
  await office.getByRole('button', { name: /Фото 1/ }).click();
  const seen = office.getByRole('dialog', { name: 'Фото', exact: true }).getByRole('img');
  await expect
    .poll(() => seen.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]))
    .toEqual([1_600, 1_200]);
  await network.close();
});

test('a photo stands upright without the place where it was taken; what is no photo adds nothing; a removed one comes back', async ({
  page,
  server
}) => {
  await page.setViewportSize(screens.phone.viewport);
  const network = await openNetwork(server.url);
  await enrolTablet(page, network.url, server.links());
  await openTodaysSheet(page);
  network.cut(true);
  await openPhotos(page);
  const jpeg = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(400, 200);
    const context = canvas.getContext('2d');
    context?.fillRect(0, 0, 200, 200);
    const made = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    return [...new Uint8Array(await made.arrayBuffer())];
  });
  await choose(page, { name: 'a.jpg', mimeType: 'image/jpeg', buffer: withExif(Buffer.from(jpeg)) });
  await expect(page.getByText('Передано 0 из 1')).toBeVisible();
  await page.getByRole('button', { name: /Фото 1/ }).click();
  const large = page.getByRole('dialog', { name: 'Фото', exact: true }).getByRole('img');
  await expect
    .poll(() => large.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]))
    .toEqual([200, 400]);
  const [photo] = await kept(page);
  expect(photo?.head).not.toContain('Exif');

  await page.getByRole('button', { name: 'Убрать фото' }).click();
  await expect(page.getByText('Фото убрано')).toBeVisible();
  expect(await kept(page)).toMatchObject([{ state: 'removed' }]);
  await page.getByRole('button', { name: 'Вернуть как было' }).click();
  await expect(page.getByRole('button', { name: /Фото 1/ })).toBeVisible();
  expect(await kept(page)).toMatchObject([{ state: 'to_upload' }]);

  await choose(page, { name: 'b.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture') });
  await expect(page.getByText(/Это не фото, или файл повреждён/)).toBeVisible();
  await choose(page, { name: 'c.heic', mimeType: 'image/heic', buffer: Buffer.from('ftypheic') });
  await expect(page.getByText(/не открывает фото формата HEIC/)).toBeVisible();
  expect(await kept(page)).toHaveLength(1);
  await page.goto(`${network.url}/field`);
  network.cut(false);
  await sendNow(page);
  await expect(safetyLine(page)).toHaveText(/^Всё доставлено/);
  await network.close();
});
