import type { RecordRow } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';
import { photosFollowing } from '$lib/features/photos/index.ts';
import { saveDraft } from '$lib/storage/drafts.ts';
import type { AnyChange, ShownRow } from '$lib/storage/write.ts';
import { shownOf } from '$lib/storage/read.ts';
import { noteChanges, type NoteContext, type Service } from './note-changes.ts';
import type { ClientType, NoteForm } from './note-form.ts';

export type Recorder = Pick<App, 'write' | 'newId' | 'now' | 'device' | 'database'>;

/** Drafts of notes are of this kind; the id is `consultation/` and the record's id. */
export const noteDraftKind = 'consultation';

/** An operation carries at most this many changes. */
const changesInOne = 20;

export function noteDraftId(id: string): string {
  return `consultation/${id}`;
}

/** Keeps a half-filled note as it is now. */
export async function keepNoteDraft(app: Recorder, form: NoteForm): Promise<void> {
  await saveDraft(app.database, {
    id: noteDraftId(form.id),
    kind: noteDraftKind,
    updatedAt: app.now(),
    content: form
  });
}

/**
 * Stores a note with its confidential words, new people and memberships in one operation, and ends its draft. More
 * people than fit into one operation go before it: the note never names somebody who is not recorded. Saving again
 * after a failure writes the same ids.
 */
export async function saveNote(
  app: Recorder,
  form: NoteForm,
  subjectOf: NoteContext['subjectOf'],
  opened?: {
    readonly form: NoteForm;
    /** Seq of the row when the form was opened. */
    readonly shown: number | ShownRow;
    /** The operation of this device that was not accepted: everything is written again in its place. */
    readonly replaces?: number | undefined;
  }
): Promise<void> {
  const context: NoteContext = { author: app.device.user, subjectOf };
  const before = opened === undefined || opened.replaces !== undefined ? undefined : opened;
  const changes = [
    ...noteChanges(form, context, before),
    ...(await photosFollowing(app, form.id, form.confidential))
  ];
  const replaces = opened?.replaces === undefined ? {} : { replaces: opened.replaces };
  const endsDrafts = [noteDraftId(form.id)];
  const surplus = Math.max(0, changes.length - changesInOne);
  const people = surplus === 0 ? [] : changes.slice(-surplus);
  for (let from = 0; from < people.length; from += changesInOne) {
    await app.write(people.slice(from, from + changesInOne));
  }
  const own = changes.slice(0, changes.length - surplus);
  if (own.length === 0) await app.database.drafts.bulkDelete(endsDrafts);
  else await app.write(own, { endsDrafts, ...replaces });
}

/** A ten-second service. */
export interface ServiceForm {
  readonly service: Service;
  readonly client: { readonly type: ClientType; readonly id: string } | undefined;
  /** Nobody was named: counted without a name. */
  readonly nameless: boolean;
  readonly settlement: string;
  readonly date: string;
  readonly project: string;
}

/** «Услуга за десять секунд»: who, what, where; one write. Returns its id. */
export async function saveService(app: Recorder, form: ServiceForm): Promise<string> {
  const id = app.newId();
  const { client } = form;
  const whom =
    client === undefined
      ? {}
      : client.type === 'person'
        ? { person: client.id, people: [client.id] }
        : client.type === 'group'
          ? { group: client.id }
          : { organisation: client.id };
  const change: AnyChange = {
    type: 'consultation',
    id,
    set: {
      kind: 'service',
      service: form.service,
      date: form.date,
      author: app.device.user,
      ...whom,
      ...(form.nameless ? { nameless: 1 } : {}),
      ...(form.settlement === '' ? {} : { settlement: form.settlement }),
      ...(form.project === '' ? {} : { project: form.project }),
      ...(form.service === 'phone_reference' ? { channel: 'phone' as const } : {})
    }
  };
  await app.write([change]);
  return id;
}

/** What may be corrected in a recorded service. */
export type ServiceCorrection = Pick<ServiceForm, 'service' | 'settlement' | 'date'>;

/**
 * Corrects a recorded service: writes what differs from the row that was shown. In place of an operation that was not
 * accepted the whole service is written again.
 */
export async function correctService(
  app: Recorder,
  row: RecordRow<'consultation'>,
  now: ServiceCorrection,
  replaces: number | undefined
): Promise<void> {
  const { service, settlement = '', date } = row.values;
  const changed = {
    ...(now.service === service ? {} : { service: now.service }),
    ...(now.date === date ? {} : { date: now.date }),
    ...(now.settlement === settlement ? {} : { settlement: now.settlement === '' ? null : now.settlement })
  };
  if (replaces !== undefined) {
    await app.write([{ type: 'consultation', id: row.id, set: { ...row.values, ...changed } }], { replaces });
  } else if (Object.keys(changed).length > 0) {
    await app.write([{ type: 'consultation', id: row.id, set: changed, shown: shownOf(row) }]);
  }
}

/** Takes a note out of the journal, and puts it back: the undo of a slip. */
export async function setNoteDeleted(app: Recorder, id: string, deleted: boolean): Promise<void> {
  await app.write([{ type: 'consultation', id, set: { deletedAt: deleted ? app.now() : null } }]);
}

/** «Сделать до»: the next step is done, or not done after all. */
export async function setFollowUpDone(app: Recorder, id: string, done: boolean): Promise<void> {
  await app.write([{ type: 'consultation', id, set: { followUpDone: done } }]);
}

/** Answers the coordinator's remark and ends the task. */
export async function answerNoteRemark(app: Recorder, remark: string, answer: string): Promise<void> {
  await app.write([
    {
      type: 'remark',
      id: remark,
      set: { done: true, ...(answer.trim() === '' ? {} : { answer: answer.trim() }) }
    }
  ]);
}
