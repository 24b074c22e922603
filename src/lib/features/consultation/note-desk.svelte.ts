import type { ShownRow } from '$lib/storage/write.ts';
import { keepNoteDraft, saveNote, type Recorder } from './commands.ts';
import { emptyNote, noteProblems, type NoteForm, type NoteProblem } from './note-form.ts';
import type { Client, Directory } from './queries.ts';

/** The record that a form was opened from. */
export interface Opened {
  readonly form: NoteForm;
  readonly shown: number | ShownRow;
  readonly replaces: number | undefined;
}

/** One note being filled in: what is on the screen, the draft that survives the tab, and the write that stores it. */
export class NoteDesk {
  readonly #app: Recorder;
  readonly #opened: Opened | undefined;
  #form = $state.raw<NoteForm>(emptyNote('', { date: '' }));
  #tried = $state.raw(false);
  #trouble = $state.raw<'draft' | 'note' | undefined>(undefined);
  #kept = $state.raw(false);
  #keeping: Promise<void> | undefined;
  #again = false;
  #ended = false;
  #onbegun: ((id: string) => void) | undefined;

  /** @param onbegun called once the first draft is kept: from then on an address finds it again */
  constructor(app: Recorder, start: NoteForm, opened: Opened | undefined, onbegun?: (id: string) => void) {
    this.#app = app;
    this.#onbegun = onbegun;
    this.#opened = opened;
    this.#form = start;
  }

  get form(): NoteForm {
    return this.#form;
  }

  /** The form as the record stood when it was opened; undefined for a new note. */
  get opened(): Opened | undefined {
    return this.#opened;
  }

  /** The last change is kept on the device as a draft. */
  get kept(): boolean {
    return this.#kept;
  }

  get trouble(): 'draft' | 'note' | undefined {
    return this.#trouble;
  }

  /** What is missing, once saving was tried. */
  get problems(): readonly NoteProblem[] {
    return this.#tried ? noteProblems(this.#form) : [];
  }

  /** Takes a change and keeps the draft at once; changes made while it is being kept follow in one more go. */
  change(patch: Partial<NoteForm>): void {
    this.#form = { ...this.#form, ...patch };
    this.#kept = false;
    if (this.#keeping !== undefined) this.#again = true;
    else this.#keeping = this.#keep();
  }

  /** Chooses whom the note is for; the settlement follows, members stay to be ticked. */
  choose(client: Client, newName?: string): void {
    const { type, id, settlementId } = client;
    const settlement = this.#form.event === '' || this.#form.settlement === '' ? settlementId : undefined;
    this.change({
      client: { type, id, ...(newName === undefined ? {} : { newName }) },
      ...(settlement === undefined ? {} : { settlement }),
      people: type === 'person' && newName === undefined ? [id] : [],
      joins: []
    });
  }

  togglePerson(person: string, present: boolean, joins = false): void {
    const people = this.#form.people.filter((id) => id !== person);
    const others = this.#form.joins.filter((id) => id !== person);
    this.change({
      people: present ? [...people, person] : people,
      joins: present && joins ? [...others, person] : others
    });
  }

  addNewPerson(person: { readonly surname: string; readonly name: string }, member: boolean): void {
    const { surname, name } = person;
    this.change({ newPeople: [...this.#form.newPeople, { id: this.#app.newId(), surname, name, member }] });
  }

  /** Stores the note. Resolves to true when it is safe on the device. */
  async save(directory: Directory): Promise<boolean> {
    this.#tried = true;
    if (noteProblems(this.#form).length > 0) return false;
    this.#ended = true;
    await this.#keeping;
    try {
      await saveNote(this.#app, this.#form, (topic) => directory.subjects.get(topic), this.#opened);
      return true;
    } catch (error) {
      console.error(error);
      this.#ended = false;
      this.#trouble = 'note';
      return false;
    }
  }

  async #keep(): Promise<void> {
    try {
      do {
        this.#again = false;
        if (this.#ended) break;
        await keepNoteDraft(this.#app, this.#form);
        this.#onbegun?.(this.#form.id);
        this.#onbegun = undefined;
      } while (this.#again);
      this.#kept = true;
      if (this.#trouble === 'draft') this.#trouble = undefined;
    } catch (error) {
      console.error(error);
      this.#trouble = 'draft';
    }
    this.#keeping = undefined;
  }
}
