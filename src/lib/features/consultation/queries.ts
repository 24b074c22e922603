import { reviewId } from '#domain/records/review.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import { compareTexts, fullName } from '#domain/names/person-name.ts';
import { readCentre, todayIn, type Centre } from '$lib/features/centre/index.ts';
import {
  placesOf,
  readPlaces,
  readRegister,
  registerPeople,
  type Places,
  type RegisterPerson
} from '$lib/features/people/index.ts';
import { recordKey, type DeviceDatabase } from '$lib/storage/database.ts';
import { readDrafts } from '$lib/storage/drafts.ts';
import { readAll, readMany, readRecord, readUnder, readWaitingKeys } from '$lib/storage/read.ts';
import type { RecordState } from '$lib/ui/record-state.ts';
import { noteDraftKind } from './commands.ts';
import { clientOf, parseNoteForm, type ClientType, type NoteForm, type Subject } from './note-form.ts';

/** Somebody a consultation can be for, as search and lists show it. */
export interface Client {
  readonly type: ClientType;
  readonly id: string;
  readonly name: string;
  readonly settlement: string;
  readonly settlementId: string | undefined;
  /** What a person is also found by. */
  readonly person: RegisterPerson | undefined;
}

export interface Topic {
  readonly id: string;
  readonly title: string;
  readonly subject: Subject | undefined;
  readonly children: readonly Topic[];
}

/** The registers that the forms choose from. */
export interface Directory {
  readonly centre: Centre;
  readonly today: string;
  readonly clients: readonly Client[];
  readonly people: ReadonlyMap<string, RegisterPerson>;
  /** Members of groups and organisations, by the group's or organisation's id. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** People who were named in at least one consultation or service. */
  readonly consulted: ReadonlySet<string>;
  readonly topics: readonly Topic[];
  readonly topicTitles: ReadonlyMap<string, string>;
  readonly subjects: ReadonlyMap<string, Subject>;
  readonly settlements: readonly { readonly value: string; readonly label: string }[];
  readonly projects: readonly RecordRow<'project'>[];
  readonly places: Places;
}

/** Everything that the forms of this feature choose from. */
export async function readDirectory(database: DeviceDatabase, nowMs: number): Promise<Directory> {
  const [centre, register, places, groups, organisations, topics, memberships, projects, consultations] =
    await Promise.all([
      readCentre(database),
      readRegister(database),
      readPlaces(database),
      readAll(database, 'group'),
      readAll(database, 'organisation'),
      readAll(database, 'topic'),
      readAll(database, 'membership'),
      readAll(database, 'project'),
      readAll(database, 'consultation')
    ]);
  const members = membersOf(memberships);
  const tree = topicTree(topics);
  return {
    centre,
    today: todayIn(centre.zone, nowMs),
    clients: [
      ...groups.map((row) => toClient('group', row.id, row.values.name, row.values.settlement, places)),
      ...organisations.map((row) =>
        toClient(
          'organisation',
          row.id,
          row.values.shortName ?? row.values.name,
          row.values.settlement,
          places
        )
      ),
      ...register.map((person) => ({
        type: 'person' as const,
        id: person.id,
        name: fullName(person),
        settlement: person.settlement,
        settlementId: person.settlementId,
        person
      }))
    ],
    people: new Map(register.map((person) => [person.id, person])),
    members,
    consulted: new Set(consultations.flatMap((row) => row.values.people ?? [])),
    topics: tree,
    topicTitles: new Map(topics.map((row) => [row.id, row.values.title ?? ''])),
    subjects: new Map(
      tree
        .flatMap((section) => [section, ...section.children])
        .flatMap(({ id, subject }) => (subject === undefined ? [] : [[id, subject] as const]))
    ),
    settlements: [...places.settlements]
      .map(([value, label]) => ({ value, label }))
      .sort((left, right) => compareTexts(left.label, right.label)),
    projects,
    places
  };
}

/** The running project whose dates hold the day, which a note belongs to when no event names one. */
export function projectOn(projects: readonly RecordRow<'project'>[], day: string): string {
  const found = projects.find(
    ({ values }) => values.state === 'running' && (values.from ?? '') <= day && day <= (values.to ?? '9999')
  );
  return found?.id ?? '';
}

/** The event that a note is opened from. */
export async function readNoteEvent(
  database: DeviceDatabase,
  event: string
): Promise<RecordRow<'event'> | undefined> {
  return readRecord(database, 'event', event);
}

/** A note of the journal with everything that its row and its form show. */
export interface Note {
  readonly row: RecordRow<'consultation'>;
  readonly words: RecordRow<'confidential_text'> | undefined;
  readonly state: RecordState;
  /** The open remark with which it was returned. */
  readonly remark: RecordRow<'remark'> | undefined;
  /** Why the coordinator does not count it. */
  readonly notCounted: string | undefined;
  /** Number of the operation of this device that was not accepted. */
  readonly refused: number | undefined;
}

/** Notes whose author this user is, the latest first. */
export async function readMyNotes(database: DeviceDatabase, user: string): Promise<readonly Note[]> {
  const rows = (await readAll(database, 'consultation')).filter((row) => row.values.author === user);
  const delivery = await readDelivery(database);
  const notes = await Promise.all(rows.map((row) => toNote(database, row, delivery)));
  return notes.sort(
    (left, right) =>
      (right.row.values.date ?? '').localeCompare(left.row.values.date ?? '', 'en') ||
      right.row.at - left.row.at
  );
}

/** One note, or undefined. */
export async function readNote(database: DeviceDatabase, id: string): Promise<Note | undefined> {
  const row = await readRecord(database, 'consultation', id);
  return row === undefined ? undefined : toNote(database, row, await readDelivery(database));
}

/** Half-filled notes of this device, the latest first. */
export async function readNoteDrafts(
  database: DeviceDatabase
): Promise<readonly { readonly form: NoteForm; readonly updatedAt: number }[]> {
  const drafts = await readDrafts(database, noteDraftKind);
  return drafts
    .flatMap((draft) => {
      const form = parseNoteForm(draft.content);
      return form === undefined ? [] : [{ form, updatedAt: draft.updatedAt }];
    })
    .sort((left, right) => right.updatedAt - left.updatedAt);
}

/** A promised next step. */
export interface FollowUp {
  readonly id: string;
  readonly text: string;
  readonly date: string;
  readonly client: string;
  readonly overdue: boolean;
}

/** «Сделать до»: this user's open next steps, the earliest first. */
export async function readFollowUps(
  database: DeviceDatabase,
  user: string,
  nowMs: number
): Promise<readonly FollowUp[]> {
  const [notes, centre] = await Promise.all([readAll(database, 'consultation'), readCentre(database)]);
  const rows = notes.filter(
    ({ values }) =>
      values.author === user &&
      values.followUpDone !== true &&
      ((values.followUp ?? '') !== '' || (values.followUpDate ?? '') !== '')
  );
  const named = await readNamed(database, rows);
  const today = todayIn(centre.zone, nowMs);
  return rows
    .map((row) => {
      const { followUp = '', followUpDate = '' } = row.values;
      const overdue = followUpDate !== '' && followUpDate < today;
      return { id: row.id, text: followUp, date: followUpDate, client: clientName(row, named), overdue };
    })
    .sort((left, right) => (left.date || '9999').localeCompare(right.date || '9999', 'en'));
}

/** Those whom notes name, as far as their names are asked for. */
type Named = Pick<Directory, 'people' | 'places'>;

/** Only whom these notes name: the start screen would read ten thousand cards for a few names. */
async function readNamed(
  database: DeviceDatabase,
  rows: readonly Pick<RecordRow<'consultation'>, 'values'>[]
): Promise<Named> {
  const clients = rows.flatMap((row) => clientOf(row) ?? []);
  const idsOf = (type: ClientType): readonly string[] =>
    clients.filter((client) => client.type === type).map(({ id }) => id);
  const people = [...idsOf('person'), ...rows.flatMap(({ values }) => values.people?.slice(0, 1) ?? [])];
  const [cards, groups, organisations] = await Promise.all([
    readMany(database, 'person', people),
    readMany(database, 'group', idsOf('group')),
    readMany(database, 'organisation', idsOf('organisation'))
  ]);
  const places = placesOf([], [...organisations.values()], [...groups.values()]);
  const register = registerPeople([...cards.values()], places);
  return { people: new Map(register.map((person) => [person.id, person])), places };
}

/** Whom a note was for, in the nominative; empty when nobody is named. */
export function clientName(row: Pick<RecordRow<'consultation'>, 'values'>, directory: Named): string {
  const client = clientOf(row);
  const [first] = row.values.people ?? [];
  const person = directory.people.get(client?.type === 'person' ? client.id : (first ?? ''));
  if (client?.type === 'group') return directory.places.groups.get(client.id) ?? '';
  if (client?.type === 'organisation') return directory.places.organisations.get(client.id) ?? '';
  return person === undefined ? '' : fullName(person);
}

interface Delivery {
  readonly waiting: ReadonlySet<string>;
  /** `type/id` → the number of the open operation that was not accepted. */
  readonly refused: ReadonlyMap<string, number>;
}

async function readDelivery(database: DeviceDatabase): Promise<Delivery> {
  const [waiting, open] = await Promise.all([
    readWaitingKeys(database),
    database.attention.where('state').equals('open').toArray()
  ]);
  return { waiting, refused: new Map(open.flatMap((row) => row.keys.map((key) => [key, row.n] as const))) };
}

async function toNote(
  database: DeviceDatabase,
  row: RecordRow<'consultation'>,
  delivery: Delivery
): Promise<Note> {
  const [words, review, remarks] = await Promise.all([
    readRecord(database, 'confidential_text', row.id),
    readRecord(database, 'review', reviewId('consultation', row.id)),
    readUnder(database, 'remark', row.id)
  ]);
  const remark = remarks.find(({ values }) => values.targetType === 'consultation' && values.done !== true);
  const keys = [recordKey('consultation', row.id), recordKey('confidential_text', row.id)];
  const refused = keys.map((key) => delivery.refused.get(key)).find((n) => n !== undefined);
  const waits = keys.some((key) => delivery.waiting.has(key));
  const { state, upTo = 0, by, reason } = review?.values ?? {};
  const accepted = state === 'accepted' && (row.seq <= upTo || row.by === by);
  return {
    row,
    words,
    remark,
    refused,
    notCounted: state === 'not_counted' ? (reason ?? '') : undefined,
    state:
      refused !== undefined
        ? 'attention'
        : waits
          ? 'here'
          : remark !== undefined
            ? 'returned'
            : accepted
              ? 'accepted'
              : 'delivered'
  };
}

function toClient(
  type: 'group' | 'organisation',
  id: string,
  name: string | undefined,
  settlement: string | undefined,
  places: Places
): Client {
  const place = settlement === undefined ? undefined : places.settlements.get(settlement);
  return { type, id, name: name ?? '', settlement: place ?? '', settlementId: settlement, person: undefined };
}

function membersOf(rows: readonly RecordRow<'membership'>[]): ReadonlyMap<string, ReadonlySet<string>> {
  const members = new Map<string, Set<string>>();
  for (const row of rows) {
    const [together = '', person = ''] = row.id.split('~');
    if (row.values.active !== true) continue;
    members.set(together, (members.get(together) ?? new Set()).add(person));
  }
  return members;
}

function topicTree(rows: readonly RecordRow<'topic'>[]): readonly Topic[] {
  const under = (parent: string | undefined, inherited: Subject | undefined): readonly Topic[] =>
    rows
      .filter((row) => row.values.parent === parent)
      .sort(
        (left, right) =>
          (left.values.order ?? 0) - (right.values.order ?? 0) ||
          compareTexts(left.values.title ?? '', right.values.title ?? '')
      )
      .map((row) => {
        const subject = row.values.subject ?? inherited;
        const children = parent === undefined ? under(row.id, subject) : [];
        return { id: row.id, title: row.values.title ?? '', subject, children };
      });
  return under(undefined, undefined);
}
