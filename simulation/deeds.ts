import { canonicalJson } from '#domain/sync/canonical-json.ts';
import type { OutboxRow } from '$lib/storage/database.ts';
import { open } from '$lib/storage/sealing.ts';
import { rowOf, rowsOf } from './inside.ts';
import { fieldKey } from './model.ts';
import type { Place } from './place.ts';
import { centreId } from './server-node.ts';
import type { Deed, World } from './world.ts';

/** A form that a person opened at a place and has not saved yet. */
export interface OpenForm {
  readonly place: string;
  readonly deed: Omit<Deed, 'set'>;
  readonly field: string;
}

const people = ['p1', 'p2', 'p3'];
const sessions = ['s1', 's2'];
const statuses = ['present', 'late', 'absent', 'none'];

/** The fields of a record that a person may touch. */
const fieldsOf: Readonly<Record<string, readonly string[]>> = {
  attendance: ['status'],
  person: ['surname', 'phone', 'note'],
  event: ['title', 'venue'],
  consultation: ['advice', 'request'],
  confidential_text: ['advice', 'request']
};

/** A record and a field that a person of this role may edit, few enough that people meet. */
function drawField(world: World, place: Place): { e: string; k: string; field: string } {
  const { random } = world;
  const { role, user } = place.principal;
  const some = <Item>(items: readonly Item[]): Item =>
    (world.traits.crowded ? items[0] : undefined) ?? random.pick(items);
  const field = (e: string, k: string) => ({ e, k, field: random.pick(fieldsOf[e] ?? []) });
  switch (random.below(6)) {
    case 0:
    case 1:
      return field('attendance', `${some(sessions)}~${some(people)}`);
    case 2:
      return field('person', some(people));
    case 3:
      return field('event', some(['e1', 'e2']));
    case 4:
      return field('consultation', some(['k1', 'k2']));
    default:
      return field('confidential_text', `t-${role === 'field' ? user : random.pick(['u1', 'u2'])}`);
  }
}

/** The values of a touched field with those that always go with it. */
function drawValues(
  world: World,
  { e, k, field }: { readonly e: string; readonly k: string; readonly field: string }
): Record<string, unknown> {
  if (field === 'status') return { status: world.random.pick(statuses), at: world.instant() };
  const author = e === 'confidential_text' ? { author: k.slice(2) } : {};
  return { ...author, [field]: world.token() };
}

export function drawDeed(world: World, place: Place): Deed {
  const drawn = drawField(world, place);
  return { e: drawn.e, k: drawn.k, set: drawValues(world, drawn) };
}

/** A mark and a note, a registration with its mark: several records in one operation. */
export async function actTogether(world: World, place: Place): Promise<void> {
  const deeds = new Map<string, Deed>();
  for (let count = 2 + world.random.below(3); count > 0; count--) {
    const deed = drawDeed(world, place);
    deeds.set(`${deed.e}/${deed.k}`, deed);
  }
  await world.act(place, [...deeds.values()]);
}

/**
 * A person goes on with a record that they have just changed, while that change is still on its way: most of all where
 * somebody else's change has arrived under it, or is still to come.
 */
export async function goOn(world: World, place: Place): Promise<void> {
  const { random } = world;
  const { outbox, retained, records } = place.tab().database;
  const waiting = touched(rowsOf(outbox));
  const overtaken: Touched[] = [];
  for (const one of waiting) if ((rowOf(records, [one.e, one.k])?.seq ?? 0) > one.base) overtaken.push(one);
  const unseen: Touched[] = [];
  for (const one of touched(rowsOf(retained).filter(({ settled }) => settled === 0)))
    unseen.push(...(await unseenIn(world, place, one)));
  const choices = [unseen, overtaken, waiting].filter((list) => list.length > 0);
  const [choice] = random.chance(0.8) ? choices : choices.slice(-1);
  if (choice === undefined) return;
  const target = random.pick(choice);
  await world.act(place, [{ e: target.e, k: target.k, set: drawValues(world, target) }]);
}

/** Somebody changes a record that somebody else's change is on its way to. */
export async function meet(world: World, place: Place): Promise<void> {
  const { random } = world;
  const waiting: Touched[] = [];
  for (const other of world.places)
    if (other !== place) waiting.push(...touched(rowsOf(other.tab().database.outbox)));
  // Nobody sees another one's confidential text.
  const common = waiting.filter(({ e }) => e !== 'confidential_text');
  if (common.length === 0) return;
  const { e, k, field } = random.pick(common);
  const target = { e, k, field: random.chance(0.5) ? field : random.pick(fieldsOf[e] ?? [field]) };
  await world.act(place, [{ e, k, set: drawValues(world, target) }]);
}

interface Touched {
  readonly e: string;
  readonly k: string;
  readonly field: string;
  readonly base: number;
}

/** The fields that these operations set and that a person may touch. */
function touched(rows: readonly OutboxRow[]): readonly Touched[] {
  return rows
    .flatMap(({ body }) => open(body).ch)
    .flatMap(({ e, k, set, base }) =>
      (fieldsOf[e] ?? []).filter((field) => field in set).map((field) => ({ e, k, field, base }))
    );
}

/** Other fields of the same record of which the server holds what this place does not show. */
async function unseenIn(world: World, place: Place, one: Touched): Promise<readonly Touched[]> {
  const { storage } = world.server;
  const [record] = await storage.readSnapshot((snapshot) => snapshot.records(centreId, [[one.e, one.k]]));
  const { fields } = world.shown(place, one.e, one.k);
  return (fieldsOf[one.e] ?? [])
    .filter((field) => field !== one.field && record?.fields[field]?.v !== fields[field])
    .map((field) => ({ ...one, field }));
}

export function openForm(world: World, place: Place): OpenForm {
  const { e, k, field } = drawField(world, place);
  const { fields, ...shown } = world.shown(place, e, k);
  world.trace.note(`${place.name} opens a form of ${fieldKey(e, k, field)} at ${shown.seq}`);
  return { place: place.name, deed: { e, k, form: { shown, fields } }, field };
}

export async function saveForm(world: World, place: Place, form: OpenForm): Promise<void> {
  const { deed, field } = form;
  await world.act(place, [{ ...deed, set: drawValues(world, { ...deed, field }) }]);
}

export async function deleteOrUndelete(world: World, place: Place): Promise<void> {
  const [e, k] = world.random.pick([
    ['person', 'p1'],
    ['event', 'e1'],
    ['consultation', 'k1']
  ] as const);
  const { fields } = world.shown(place, e, k);
  const isThere = fields['deletedAt'] === undefined;
  if (Object.keys(fields).length === 0) return;
  await world.act(place, [{ e, k, set: { deletedAt: isThere ? world.instant() : null } }]);
}

/** The office gives somebody a task, or gives it to somebody else; that one answers. */
export async function remark(world: World, place: Place): Promise<void> {
  const k = world.random.pick(['r1', 'r2']);
  if (place.principal.role === 'field') {
    const { fields } = world.shown(place, 'remark', k);
    if (fields['to'] === place.principal.user)
      await world.act(place, [{ e: 'remark', k, set: { answer: world.token() } }]);
    return;
  }
  const to = world.random.pick(['u1', 'u2', 'u3']);
  await world.act(place, [{ e: 'remark', k, set: { to, text: world.token() } }]);
}

/** Two cards are one person, or are not after all. */
export async function merge(world: World, place: Place): Promise<void> {
  const k = world.random.pick(people);
  const { fields } = world.shown(place, 'alias', k);
  const of = typeof fields['of'] === 'string' ? null : world.random.pick(people);
  await world.act(place, [{ e: 'alias', k, set: of === null ? { of } : { kind: 'person', of } }]);
}

/** What the server must refuse, and what a person then does about it. */
export async function mistake(world: World, place: Place): Promise<void> {
  if (world.random.chance(0.5)) {
    const k = `${world.random.pick(sessions)}~${world.random.pick(people)}`;
    await world.act(place, [{ e: 'attendance', k, set: { status: 'maybe', at: world.instant() } }]);
  } else {
    await world.act(place, [{ e: 'milestone', k: 'm1', set: { title: world.token() } }]);
  }
}

export async function correct(world: World, place: Place): Promise<void> {
  const open = rowsOf(place.tab().database.attention).filter(({ state }) => state === 'open');
  if (open.length === 0) return;
  const entry = world.random.pick(open);
  const k = `${world.random.pick(sessions)}~${world.random.pick(people)}`;
  const set = drawValues(world, { e: 'attendance', k, field: 'status' });
  await world.act(place, [{ e: 'attendance', k, set }], { replaces: entry.n });
}

export interface Losing {
  readonly value?: unknown;
  readonly device: string;
  readonly n: number;
}

/** Whether this is one losing value of a conflict. */
export function isLosing(value: unknown): value is Losing {
  return typeof value === 'object' && value !== null && 'device' in value && 'n' in value;
}

/** The coordinator decides a conflict: leaves what stands, or writes what is right. */
export async function decideConflict(world: World, place: Place): Promise<void> {
  const { database } = place.tab();
  const keys = rowsOf(database.records).filter(({ e }) => e === 'conflict');
  const open: { k: string; fields: Readonly<Record<string, unknown>> }[] = [];
  for (const { k } of keys) {
    const { fields } = world.shown(place, 'conflict', k);
    if (fields['state'] === 'open') open.push({ k, fields });
  }
  if (open.length === 0) return;
  const { k, fields } = world.random.pick(open);
  const values = Array.isArray(fields['values']) ? fields['values'].filter(isLosing) : [];
  const decides = values.flatMap(({ device, n, value }) => [
    `${device}~${n}`,
    ...(value === undefined ? [] : [canonicalJson(value)])
  ]);
  const deeds: Deed[] = [{ e: 'conflict', k, set: { state: 'resolved', resolvedBy: place.principal.user } }];
  const [e = '', ...rest] = k.split('~');
  const field = rest.pop() ?? '';
  if (e !== 'alias' && field !== 'deletedAt' && world.random.chance(0.5)) {
    const target = { e, k: rest.join('~'), field };
    deeds.push({ ...target, set: drawValues(world, target) });
  }
  await world.act(
    place,
    deeds.map(({ e: type, k: id, set }) => ({ e: type, k: id, set })),
    { decides }
  );
}

/** The coordinator lets a held operation in, or not. */
export async function decideHeld(world: World, place: Place, all: boolean): Promise<void> {
  const problems = rowsOf(place.tab().database.records).filter(({ e }) => e === 'problem');
  for (const { k } of problems) {
    const { fields } = world.shown(place, 'problem', k);
    if (fields['state'] !== 'open' || fields['outcome'] !== 'held') continue;
    const state = world.random.chance(0.7) ? 'released' : 'dismissed';
    await world.act(place, [{ e: 'problem', k, set: { state } }]);
    if (!all) return;
  }
}

/** «Стереть данные человека», now and then with a note in which the name stands too. */
export async function erase(world: World, place: Place): Promise<void> {
  const { random } = world;
  const also = random.chance(world.traits.photos ? 0.8 : 0.3) ? { also: ['k1'] } : {};
  const set = { ground: 'withdrawal', requestedOn: '2025-11-20', at: world.instant(), ...also };
  await world.act(place, [{ e: 'erasure', k: random.pick(people), set }]);
}
