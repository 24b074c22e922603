import { readCentre, todayIn } from '$lib/features/centre/index.ts';
import { readDraft } from '$lib/storage/drafts.ts';
import { readAll, readUnder, shownOf } from '$lib/storage/read.ts';
import { noteDraftId, type Recorder } from './commands.ts';
import { emptyNote, noteFormOf, parseNoteForm } from './note-form.ts';
import { NoteDesk } from './note-desk.svelte.ts';
import { projectOn, readNote, readNoteEvent } from './queries.ts';

/**
 * Opens the form: a new note with the day, place and project of its event; else the draft; else the record. Undefined
 * when the id is neither.
 */
export async function openDesk(
  app: Recorder,
  target: { readonly id: string | undefined; readonly event: string | undefined },
  onbegun?: (id: string) => void
): Promise<NoteDesk | undefined> {
  const { id } = target;
  if (id === undefined) return new NoteDesk(app, await newForm(app, target.event), undefined, onbegun);
  const [draft, note] = await Promise.all([
    readDraft(app.database, noteDraftId(id)),
    readNote(app.database, id)
  ]);
  const drafted = parseNoteForm(draft?.content);
  if (note === undefined) return drafted === undefined ? undefined : new NoteDesk(app, drafted, undefined);
  const form = noteFormOf(note.row, note.words);
  return new NoteDesk(app, drafted ?? form, { form, shown: shownOf(note.row), replaces: note.refused });
}

async function newForm(app: Recorder, event: string | undefined) {
  const [centre, projects, found] = await Promise.all([
    readCentre(app.database),
    readAll(app.database, 'project'),
    event === undefined ? undefined : readNoteEvent(app.database, event)
  ]);
  const today = todayIn(centre.zone, app.now());
  if (found === undefined)
    return emptyNote(app.newId(), { date: today, project: projectOn(projects, today) });
  const { from = today, to = from, settlement, project } = found.values;
  // Written in the evening or a week later, a note keeps the day of its event; while it runs, today.
  const days = (await readUnder(app.database, 'session', found.id)).map((row) => row.values.date ?? from);
  const date = from <= today && today <= to ? today : (days.sort().at(-1) ?? from);
  return emptyNote(app.newId(), {
    date,
    event: found.id,
    ...(settlement === undefined ? {} : { settlement }),
    project: project ?? projectOn(projects, date)
  });
}
