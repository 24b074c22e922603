import { photoType } from '#domain/records/photo.ts';
import type { Values } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';
import { readAll, readUnder } from '$lib/storage/read.ts';
import type { ChangeOf } from '$lib/storage/write.ts';
import type { PreparedPhoto } from './prepare.ts';
import type { Photo } from './queries.ts';

/** What photos belong to. */
export interface PhotoSubject {
  readonly of: NonNullable<Values<'photo'>['of']>;
  /** Id of the session, the event or the note. */
  readonly target: string;
  /** Of a confidential note. */
  readonly confidential?: boolean;
}

type Writer = Pick<App, 'database' | 'device' | 'write' | 'newId' | 'now'>;

/** Stores a photo: its record and its bytes in one transaction. */
export async function addPhoto(app: Writer, subject: PhotoSubject, photo: PreparedPhoto): Promise<void> {
  const { sha256, bytes, thumbnail } = photo;
  const set = {
    of: subject.of,
    target: subject.target,
    file: sha256,
    takenAt: app.now(),
    author: app.device.user,
    ...(subject.confidential === true ? { confidential: true } : {})
  };
  await app.write([{ type: 'photo', id: app.newId(), set }], {
    attachments: [{ sha256, mime: photoType, bytes, thumbnail, state: 'to_upload' }]
  });
}

/** Takes a photo away; what has not been delivered is not sent any more. */
export async function removePhoto(app: Writer, photo: Photo): Promise<void> {
  await app.write([{ type: 'photo', id: photo.id, set: { deletedAt: app.now() } }]);
  await setSending(app, photo, 'to_upload', 'removed');
}

/** Puts a removed photo back. */
export async function restorePhoto(app: Writer, photo: Photo): Promise<void> {
  await app.write([{ type: 'photo', id: photo.id, set: { deletedAt: null } }]);
  await setSending(app, photo, 'removed', 'to_upload');
}

/** Changes how the bytes go, unless another photo needs the same ones. */
async function setSending(
  { database }: Writer,
  { id, values: { file = '' } }: Photo,
  from: 'to_upload' | 'removed',
  to: 'to_upload' | 'removed'
): Promise<void> {
  const others = await readAll(database, 'photo');
  if (others.some((other) => other.id !== id && other.values.file === file)) return;
  await database.writing([database.attachments], async () => {
    const row = await database.attachments.get(file);
    if (row?.state === from) await database.attachments.update(file, { state: to });
  });
}

/** The changes that keep photos of a note as confidential as the note. */
export async function photosFollowing(
  { database }: Pick<App, 'database'>,
  note: string,
  confidential: boolean
): Promise<readonly ChangeOf<'photo'>[]> {
  const photos = await readUnder(database, 'photo', note);
  return photos
    .filter(({ values }) => (values.confidential === true) !== confidential)
    .map(({ id }) => ({ type: 'photo', id, set: { confidential: confidential ? true : null } }));
}
