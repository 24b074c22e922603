import { beforeEach, describe, expect, it } from 'vitest';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { readDraft, readDrafts } from '$lib/storage/drafts.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { open } from '$lib/storage/sealing.ts';
import { readAll, readRecord } from '$lib/storage/read.ts';
import { write } from '$lib/storage/write.ts';
import {
  correctService,
  keepNoteDraft,
  noteDraftId,
  saveNote,
  saveService,
  setFollowUpDone,
  setNoteDeleted,
  type Recorder
} from './commands.ts';
import { clientSearch } from './client-search.ts';
import { NoteDesk } from './note-desk.svelte.ts';
import { emptyNote, noteFormOf, parseNoteForm, type NoteForm } from './note-form.ts';
import { openDesk } from './open-desk.ts';
import { clientName, readDirectory, readFollowUps, readMyNotes, readNote } from './queries.ts';

/** 24 November 2026, 23:30 in Yekaterinburg: still the 24th there, already past 18:00 UTC. */
const now = Date.UTC(2026, 10, 24, 18, 30);
let serial = 0;
let app: Recorder;

const environment = {
  now: () => now,
  mono: () => 1,
  page: 'test',
  randomBytes: (length: number) => new Uint8Array(length)
};
const subjectOf = () => undefined;

beforeEach(async () => {
  const database = new DeviceDatabase(`consultation-${serial++}`);
  const device = await ensureIdentity(database, {
    device: 'd1',
    secret: 's',
    role: 'field',
    user: 'u7',
    name: 'Планшет № 1'
  });
  let id = 0;
  app = {
    database,
    device,
    now: () => now,
    newId: () => `new${++id}`,
    write: (changes, extra = {}) => write(database, environment, { ...extra, by: 'u7', changes })
  };
  await app.write([
    { type: 'centre', id: 'centre', set: { name: 'Центр', timeZone: 'Asia/Yekaterinburg' } },
    { type: 'settlement', id: 's1', set: { name: 'Малый Атлым' } },
    { type: 'group', id: 'g1', set: { name: 'Наш двор', settlement: 's1' } },
    { type: 'person', id: 'p1', set: { surname: 'Ёлкина', name: 'Фёкла', settlement: 's1' } },
    { type: 'person', id: 'p2', set: { surname: 'Тарлин', name: 'Пётр' } },
    { type: 'membership', id: 'g1~p1', set: { active: true } },
    { type: 'topic', id: 't1', set: { title: 'Регистрация НКО', subject: 'registration', order: 1 } },
    { type: 'topic', id: 't11', set: { title: 'устав', parent: 't1', order: 1 } },
    {
      type: 'project',
      id: 'pr1',
      set: { title: 'Проект', from: '2026-01-01', to: '2026-12-31', state: 'running' }
    }
  ]);
});

const note = (patch: Partial<NoteForm> = {}): NoteForm => ({
  ...emptyNote('c1', { date: '2026-11-24', project: 'pr1' }),
  client: { type: 'group', id: 'g1' },
  people: ['p1'],
  topics: ['t11'],
  ...patch
});

async function lastChanges(): Promise<
  readonly { e: string; k: string; set: Record<string, unknown>; base: number }[]
> {
  const last = await app.database.outbox.orderBy('n').last();
  return last === undefined
    ? []
    : open(last.body).ch.map((change) => ({ ...change, set: { ...change.set } }));
}

describe('a consultation note', () => {
  it('becomes one operation with a new member, and ends its draft', async () => {
    const form = note({
      newPeople: [{ id: 'p9', surname: 'волдин', name: 'игорь', member: true }],
      settlement: 's1'
    });
    await keepNoteDraft(app, form);
    const before = await app.database.outbox.count();
    await saveNote(app, form, () => 'registration');
    expect(await app.database.outbox.count()).toBe(before + 1);
    expect((await readRecord(app.database, 'consultation', 'c1'))?.values).toEqual({
      kind: 'consultation',
      author: 'u7',
      group: 'g1',
      people: ['p1', 'p9'],
      project: 'pr1',
      settlement: 's1',
      date: '2026-11-24',
      topics: ['t11'],
      subjects: ['registration']
    });
    expect((await readRecord(app.database, 'membership', 'g1~p9'))?.values.active).toBe(true);
    expect((await readRecord(app.database, 'person', 'p9'))?.values.surname).toBe('Волдин');
    expect(await readDraft(app.database, noteDraftId('c1'))).toBeUndefined();
  });

  it('never carries confidential words', async () => {
    await saveNote(app, note({ confidential: true, request: 'долг', advice: 'юрист' }), subjectOf);
    const changes = await lastChanges();
    expect(changes.find((change) => change.e === 'consultation')?.set).not.toHaveProperty('request');
    expect(JSON.stringify(changes.find((change) => change.e === 'consultation'))).not.toContain('юрист');
    expect((await readRecord(app.database, 'confidential_text', 'c1'))?.values).toEqual({
      author: 'u7',
      request: 'долг',
      advice: 'юрист'
    });
  });

  it('takes its words out of the record when it becomes confidential later', async () => {
    await saveNote(app, note({ request: 'долг' }), subjectOf);
    const form = noteFormOf((await readNote(app.database, 'c1'))!.row, undefined);
    await saveNote(app, { ...form, confidential: true }, subjectOf, { form, shown: 0 });
    const stored = await readNote(app.database, 'c1');
    expect(stored?.row.values.request).toBeUndefined();
    expect(stored?.words?.values.request).toBe('долг');
    expect(noteFormOf(stored!.row, stored!.words).request).toBe('долг');
  });

  it('writes only what a correction changed, on the row that was shown', async () => {
    await saveNote(app, note({ result: 'Решено сразу' }), subjectOf);
    // Delivered and settled: an own operation still on its way would lower the base.
    await app.database.outbox.clear();
    const form = noteFormOf((await readNote(app.database, 'c1'))!.row, undefined);
    await saveNote(app, { ...form, result: '', minutes: 30 }, subjectOf, { form, shown: 5 });
    expect(await lastChanges()).toEqual([
      { e: 'consultation', k: 'c1', set: { result: null, minutes: 30 }, base: 5 }
    ]);
  });

  it('writes everything again in place of what was not accepted', async () => {
    await saveNote(app, note(), subjectOf);
    const form = noteFormOf((await readNote(app.database, 'c1'))!.row, undefined);
    await saveNote(app, { ...form, minutes: 15 }, subjectOf, { form, shown: 0, replaces: 2 });
    const [change] = await lastChanges();
    expect(change?.set).toMatchObject({ kind: 'consultation', author: 'u7', group: 'g1', minutes: 15 });
  });

  it('puts more people than an operation carries before itself', async () => {
    const newPeople = Array.from({ length: 15 }, (_, index) => ({
      id: `n${index}`,
      surname: `Новый${index}`,
      name: 'Иван',
      member: true
    }));
    await saveNote(app, note({ newPeople }), subjectOf);
    expect((await readAll(app.database, 'membership')).length).toBe(16);
    const sizes = (await app.database.outbox.toArray()).map((row) => open(row.body).ch.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(20);
    expect((await readRecord(app.database, 'consultation', 'c1'))?.values.people?.length).toBe(16);
  });

  it('records a group that is met for the first time', async () => {
    await saveNote(
      app,
      note({ client: { type: 'group', id: 'g9', newName: 'Берег' }, settlement: 's1' }),
      subjectOf
    );
    expect((await readRecord(app.database, 'group', 'g9'))?.values).toEqual({
      name: 'Берег',
      settlement: 's1'
    });
  });
});

describe('the form', () => {
  it('keeps every change as a draft that opens again', async () => {
    const begun: string[] = [];
    const desk = new NoteDesk(app, note(), undefined, (id) => begun.push(id));
    desk.change({ request: 'у' });
    desk.change({ request: 'ус' });
    desk.change({ request: 'устав' });
    await expect.poll(() => desk.kept).toBe(true);
    const [draft] = await readDrafts(app.database, 'consultation');
    expect(parseNoteForm(draft?.content)?.request).toBe('устав');
    expect(begun).toEqual(['c1']);
    expect((await openDesk(app, { id: 'c1', event: undefined }))?.form.request).toBe('устав');
  });

  it('takes day, place and project from its event', async () => {
    await app.write([
      {
        type: 'event',
        id: 'e1',
        set: { title: 'Школа', from: '2026-11-20', to: '2026-11-21', settlement: 's1', project: 'pr1' }
      },
      { type: 'session', id: 'x1', set: { event: 'e1', date: '2026-11-20' } },
      { type: 'session', id: 'x2', set: { event: 'e1', date: '2026-11-21' } }
    ]);
    const desk = await openDesk(app, { id: undefined, event: 'e1' });
    expect(desk?.form).toMatchObject({ date: '2026-11-21', settlement: 's1', project: 'pr1', event: 'e1' });
  });

  it('begins without an event on the day of the centre, not of the device', async () => {
    const desk = await openDesk(app, { id: undefined, event: undefined });
    expect(desk?.form).toMatchObject({ date: '2026-11-24', project: 'pr1', settlement: '' });
  });

  it('is not stored without a client and a topic', async () => {
    const desk = new NoteDesk(app, emptyNote('c1', { date: '2026-11-24' }), undefined);
    const stored = await desk.save(await readDirectory(app.database, now));
    expect(stored).toBe(false);
    expect(desk.problems).toEqual(['client', 'topics']);
    expect(await readNote(app.database, 'c1')).toBeUndefined();
  });

  it('finds groups and people without regard to case and ё', async () => {
    const { clients } = await readDirectory(app.database, now);
    const index = clientSearch(clients);
    expect(index.search('елкина', 5).map((client) => client.id)).toEqual(['p1']);
    expect(index.search('двор', 5).map((client) => client.id)).toEqual(['g1']);
  });

  it('lends a topic the subject of its section', async () => {
    const directory = await readDirectory(app.database, now);
    expect(directory.subjects.get('t11')).toBe('registration');
    expect(directory.topics.map((topic) => topic.children.map((child) => child.title))).toEqual([['устав']]);
  });
});

describe('the journal', () => {
  it('shows own notes with the state of each', async () => {
    await saveNote(app, note(), subjectOf);
    await app.write([{ type: 'consultation', id: 'other', set: { author: 'u8', date: '2026-11-01' } }]);
    expect((await readMyNotes(app.database, 'u7')).map(({ row, state }) => [row.id, state])).toEqual([
      ['c1', 'here']
    ]);
    await app.database.outbox.clear();
    expect((await readNote(app.database, 'c1'))?.state).toBe('delivered');
    await app.write([
      {
        type: 'remark',
        id: 'r1',
        set: { to: 'u7', targetType: 'consultation', target: 'c1', text: 'Уточните дату' }
      },
      { type: 'review', id: 'consultation~c1', set: { state: 'returned', upTo: 1 } }
    ]);
    const returned = await readNote(app.database, 'c1');
    expect([returned?.state, returned?.remark?.values.text]).toEqual(['returned', 'Уточните дату']);
    await app.write([
      { type: 'remark', id: 'r1', set: { done: true } },
      { type: 'review', id: 'consultation~c1', set: { state: 'accepted', upTo: 1 } }
    ]);
    expect((await readNote(app.database, 'c1'))?.state).toBe('accepted');
  });

  it('lists promised steps by their day until they are done', async () => {
    await saveNote(app, note({ followUp: 'устав', followUpDate: '2026-11-27' }), subjectOf);
    await saveNote(app, note({ id: 'c2', followUp: 'письмо', followUpDate: '2026-11-20' }), subjectOf);
    const steps = await readFollowUps(app.database, 'u7', now);
    expect(steps.map(({ text, client, overdue }) => [text, client, overdue])).toEqual([
      ['письмо', 'Наш двор', true],
      ['устав', 'Наш двор', false]
    ]);
    await setFollowUpDone(app, 'c2', true);
    expect((await readFollowUps(app.database, 'u7', now)).map(({ id }) => id)).toEqual(['c1']);
  });

  it('names in a promised step whom the note was for, else who was first there', async () => {
    await app.write([
      { type: 'organisation', id: 'o1', set: { name: 'Центр «Росток»', shortName: '«Росток»' } }
    ]);
    const promise = { author: 'u7', followUp: 'письмо' };
    await app.write([
      { type: 'consultation', id: 'c1', set: { ...promise, person: 'p1', followUpDate: '2026-11-25' } },
      { type: 'consultation', id: 'c2', set: { ...promise, organisation: 'o1', followUpDate: '2026-11-26' } },
      {
        type: 'consultation',
        id: 'c3',
        set: { ...promise, people: ['p2', 'p1'], followUpDate: '2026-11-27' }
      },
      { type: 'consultation', id: 'c4', set: promise }
    ]);
    const steps = await readFollowUps(app.database, 'u7', now);
    expect(steps.map(({ client }) => client)).toEqual(['Ёлкина Фёкла', '«Росток»', 'Тарлин Пётр', '']);
  });

  it('counts a service of a nameless visitor', async () => {
    const id = await saveService(app, {
      service: 'printing',
      client: undefined,
      nameless: true,
      settlement: 's1',
      date: '2026-11-24',
      project: 'pr1'
    });
    const stored = await readRecord(app.database, 'consultation', id);
    expect(stored?.values).toMatchObject({
      kind: 'service',
      service: 'printing',
      nameless: 1,
      settlement: 's1'
    });
    expect(clientName(stored!, await readDirectory(app.database, now))).toBe('');
  });

  it('corrects a service by what differs, and takes it back and again', async () => {
    const id = await saveService(app, {
      service: 'printing',
      client: { type: 'group', id: 'g1' },
      nameless: false,
      settlement: 's1',
      date: '2026-11-24',
      project: 'pr1'
    });
    const stored = (await readNote(app.database, id))!.row;
    const now = { service: 'projector', settlement: '', date: '2026-11-24' } as const;
    await correctService(app, stored, now, undefined);
    const [change] = await lastChanges();
    expect(change?.set).toEqual({ service: 'projector', settlement: null });
    await setNoteDeleted(app, id, true);
    expect(await readMyNotes(app.database, 'u7')).toEqual([]);
    await setNoteDeleted(app, id, false);
    expect((await readMyNotes(app.database, 'u7')).map(({ row }) => row.values.service)).toEqual([
      'projector'
    ]);
  });
});
