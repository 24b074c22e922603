import type { Values } from '#domain/records/registry.ts';
import type { AttachmentRow, DeviceDatabase } from '$lib/storage/database.ts';
import { readUnder } from '$lib/storage/read.ts';

/** Where the bytes of a photo are, as this device knows: `elsewhere` = another device took it. */
export type PhotoPlace = 'here' | 'delivered' | 'refused' | 'elsewhere';

export interface Photo {
  readonly id: string;
  readonly values: Values<'photo'>;
  readonly place: PhotoPlace;
  /** What this device can show of it without a network. */
  readonly thumbnail: ArrayBuffer | undefined;
}

/** The photos of a sheet, an event or a note, oldest first. */
export async function readPhotos(database: DeviceDatabase, target: string): Promise<readonly Photo[]> {
  const rows = await readUnder(database, 'photo', target);
  const files = await database.attachments.bulkGet(rows.map((row) => row.values.file ?? ''));
  return rows
    .map(({ id, values }, index): Photo => {
      const file = files[index];
      return { id, values, place: placeOf(file), thumbnail: file?.thumbnail };
    })
    .sort((one, two) => (one.values.takenAt ?? 0) - (two.values.takenAt ?? 0) || (one.id < two.id ? -1 : 1));
}

/** The whole picture, if its bytes are on this device. */
export async function readPicture(
  database: DeviceDatabase,
  sha256: string
): Promise<ArrayBuffer | undefined> {
  const row = await database.attachments.get(sha256);
  return row === undefined || row.bytes.byteLength === 0 ? undefined : row.bytes;
}

function placeOf(file: AttachmentRow | undefined): PhotoPlace {
  switch (file?.state) {
    case 'waiting':
    case 'to_upload':
    case 'removed':
      return 'here';
    case 'delivered':
    case 'refused':
      return file.state;
    case undefined:
      return 'elsewhere';
  }
}
