import { attendanceParts } from '#domain/records/attendance.ts';
import type { Operation } from '#domain/sync/operation.ts';
import type { TakenReceipt } from '$lib/app/courier.ts';
import type { App } from '$lib/app/open-app.ts';
import { readUnsent } from './queries.ts';

/** Where a person corrects what was not accepted; undefined when no screen shows the record. */
export function fixHref(operation: Operation): string | undefined {
  const first = operation.ch[0];
  switch (first?.e) {
    case 'person':
      return `/field/person/${first.k}?replaces=${operation.n}`;
    case 'attendance':
      return `/field/sheet/${attendanceParts(first.k).session}?replaces=${operation.n}`;
    case 'sheet':
      return `/field/sheet/${first.k}?replaces=${operation.n}`;
    case 'event':
      return `/field/event/${first.k}?replaces=${operation.n}`;
    case 'consultation':
      return `/field/consultation/${first.k}?replaces=${operation.n}`;
    case 'response':
      return typeof first.set['campaign'] === 'string'
        ? `/field/survey/${first.set['campaign']}?correct=${first.k}&replaces=${operation.n}`
        : undefined;
    default:
      return undefined;
  }
}

/** What «Передать файлом» made; undefined = the person changed their mind. */
export type HandedOver =
  | {
      readonly type: 'for_centre';
      /** Photos in the file, and those that found no room in it. */
      readonly photos: number;
      readonly photosLeft: number;
    }
  | { readonly type: 'readable' }
  | undefined;

/**
 * «Передать файлом»: what waits, as a file that only the centre can open, shared or downloaded. A tablet that was never
 * told the centre's key, and one where only refused records are left, make a file that people and programs can read.
 */
export async function handOver(app: App): Promise<HandedOver> {
  const { database, device } = app;
  const day = new Date(app.now()).toISOString().slice(0, 10);
  const isWaiting = (await database.outbox.count()) > 0 || app.sync.files > 0;
  const bundle = isWaiting ? await app.courier.bundle() : undefined;
  if (bundle !== undefined) {
    // A messenger takes a text file where it takes no file of a kind it does not know.
    const file = new File([bundle.text], `zimnik-${device.device}-${day}.zimnik.txt`, { type: 'text/plain' });
    const { photos, photosLeft } = bundle;
    return (await give(file)) ? { type: 'for_centre', photos, photosLeft } : undefined;
  }
  const operations = await readUnsent(database);
  const content = { zimnik: 1, device: device.device, name: device.name, at: app.now(), operations };
  const file = new File([JSON.stringify(content, null, 1)], `zimnik-${device.device}-${day}.json`, {
    type: 'application/json'
  });
  return (await give(file)) ? { type: 'readable' } : undefined;
}

/** «Принять квитанцию»: what the centre took from the file is delivered. */
export async function takeReceipt(app: App, file: File): Promise<TakenReceipt> {
  return file.size > longestReceipt ? { type: 'unreadable' } : app.courier.take(await file.text());
}

/** Bytes; the receipt of 200,000 operations, all of different outcomes, is shorter. */
const longestReceipt = 30_000_000;

/** The system's share sheet where there is one, a download elsewhere. False = the person changed their mind. */
async function give(file: File): Promise<boolean> {
  if (matchMedia('(pointer: coarse)').matches && navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
      return true;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return false;
      console.info('Sharing did not work, the file is downloaded', error);
    }
  }
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return true;
}
