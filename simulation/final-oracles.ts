import { canonicalJson } from '#domain/sync/canonical-json.ts';
import { definitionOf } from '#domain/records/registry.ts';
import type { StoredRecord } from '#domain/sync/merge.ts';
import type { LogRow } from '#server/storage/server-storage.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { verify } from '#server/sync/verify.ts';
import { checkConvergence } from './convergence.ts';
import { isLosing } from './deeds.ts';
import { checkErased, isErasedKey } from './erased.ts';
import { rowOf } from './inside.ts';
import { fieldKey, valueIn, writeKey, type Write } from './model.ts';
import { newField } from './programs.ts';
import { centreId } from './server-node.ts';
import type { World } from './world.ts';

interface Ended {
  readonly log: readonly LogRow[];
  readonly records: readonly StoredRecord[];
  /** The write that each operation of the log is. */
  readonly logged: ReadonlyMap<Write, LogRow>;
  /** Writes that count: applied, or released after they were held. */
  readonly accepted: ReadonlySet<Write>;
}

/** What must hold when everything has come to rest. */
export async function checkEnd(world: World): Promise<void> {
  const { storage } = world.server;
  const report = await verify(storage, centreId, nodeHashing);
  for (const finding of report.findings) world.trace.fail('records = fold(log)', JSON.stringify(finding));
  const { log, records } = await storage.readSnapshot(async (snapshot) => ({
    log: await snapshot.log(centreId, 0, 100_000),
    records: await snapshot.recordsAfter(centreId, ['', ''], 100_000)
  }));
  const ended = checkLog(world, log, records);
  checkTroubled(world, ended);
  checkValues(world, ended);
  checkOverriding(world, ended);
  checkOwnOrder(world, ended);
  checkMerges(world, records);
  if (world.newFromTheStart) checkNewField(world, records);
  // A file is judged by the clock that the last exchange showed, if there was one.
  if (!world.traits.clockTrouble && !world.traits.courier && world.network.slowest < 30_000)
    checkClocks(world, log);
  await checkConvergence(world, records);
  if (world.traits.photos) await world.photos.checkEnd(records);
  await checkErased(world);
}

/** Everything told to be saved is in the log once, and nothing else is. */
function checkLog(world: World, log: readonly LogRow[], records: readonly StoredRecord[]): Ended {
  const { trace, model } = world;
  const logged = new Map<Write, LogRow>();
  const released = new Set<string>();
  for (const row of log) {
    if (row.kind === 'erasure') continue;
    if (row.kind === 'release') {
      if (row.outcome === 'applied' || row.outcome === 'superseded') released.add(`${row.device}~${row.n}`);
      continue;
    }
    if (row.outcome === 'lost') {
      if (!world.oracles.forgetful.size)
        trace.fail('no loss', `${row.device} #${row.n}–${row.to} declared lost`);
      continue;
    }
    const write = writeOf(world, row);
    if (write === undefined)
      trace.fail('no ghost', `seq ${row.seq}: ${row.device} #${row.n} was never written`);
    else if (logged.has(write)) trace.fail('exactly once', `${write.place} #${write.n} is in the log twice`);
    else logged.set(write, row);
  }
  const accepted = new Set<Write>();
  for (const write of model.writes) {
    const row = logged.get(write);
    if (row === undefined) trace.fail('no loss', `${write.place} #${write.n} ${write.key} never arrived`);
    else if (row.outcome === 'applied' || row.outcome === 'superseded') accepted.add(write);
    else if (row.outcome === 'held' && released.has(`${row.device}~${row.n}`)) accepted.add(write);
  }
  return { log, records, logged, accepted };
}

function writeOf(world: World, row: LogRow): Write | undefined {
  // Nothing but its place in the order tells an operation that was emptied.
  const byPlace = world.server.erased.size > 0 ? world.model.byNumber(row.device, row.n) : undefined;
  const raw: unknown = row.raw === null ? null : JSON.parse(row.raw);
  if (typeof raw !== 'object' || raw === null || !('w' in raw) || !('ch' in raw)) return byPlace;
  if (typeof raw.w !== 'number' || !Array.isArray(raw.ch)) return byPlace;
  return world.model.byKey(writeKey(row.n, raw.w, raw.ch)) ?? byPlace;
}

/** What was not accepted stays readable where it was written. */
function checkTroubled(world: World, { logged }: Ended): void {
  for (const place of world.places) {
    const { attention, retained } = place.tab().database;
    for (const [write, row] of logged) {
      if (write.place !== place.name || (row.outcome !== 'held' && row.outcome !== 'refused')) continue;
      const kept = rowOf(attention, write.n) ?? rowOf(retained, write.n);
      if (kept === undefined)
        world.trace.fail('not accepted but kept', `${place.name} #${write.n} ${row.outcome} is gone`);
    }
  }
}

/** Every value that stands was written by somebody and accepted. */
function checkValues(world: World, { records, accepted }: Ended): void {
  const written = new Set<string>();
  for (const write of accepted)
    for (const { e, k, set } of write.changes)
      for (const [field, value] of Object.entries(set))
        for (const name of e === 'person' && field === 'phone' ? [field, newField] : [field])
          written.add(`${fieldKey(e, k, name)}=${canonicalJson(value ?? null)}`);
  for (const record of records) {
    if (record.e === 'conflict' || record.e === 'problem' || record.e === 'destruction') continue;
    for (const [field, { v }] of Object.entries(record.fields)) {
      if (field === 'erased') continue;
      const value = `${fieldKey(record.e, record.k, field)}=${canonicalJson(v ?? null)}`;
      if (!written.has(value)) world.trace.fail('no ghost', `${value} was accepted from nobody`);
    }
  }
}

/** Fields that only accompany others, or that nobody can lose a word in. */
const uncontested = new Set(['at', 'author', 'to', 'resolvedBy', 'deletedAt', 'of', 'kind', newField]);

/** Who saw overrides; who did not see does not, and the loser is shown to the coordinator (I15, I16). */
function checkOverriding(world: World, ended: Ended): void {
  const byField = new Map<string, Set<Write>>();
  for (const write of ended.accepted) {
    for (const { e, k, set } of write.changes) {
      // Whoever erases says the same things as the one before.
      if (e === 'conflict' || e === 'problem' || e === 'erasure') continue;
      for (const field of Object.keys(set)) {
        if (uncontested.has(field)) continue;
        const key = fieldKey(e, k, field);
        if (isErasedKey(world, key)) continue;
        byField.set(key, (byField.get(key) ?? new Set()).add(write));
      }
    }
  }
  const standing = new Map<string, unknown>();
  const listed = new Set<string>();
  for (const record of ended.records) {
    for (const [field, state] of Object.entries(record.fields))
      standing.set(fieldKey(record.e, record.k, field), state.v);
    const values =
      record.e === 'conflict' && record.fields['state']?.v === 'open' ? record.fields['values']?.v : [];
    for (const value of Array.isArray(values) ? values.filter(isLosing) : [])
      listed.add(`${record.k} ${value.device}~${value.n}`).add(`${record.k} ${canonicalJson(value.value)}`);
  }
  const decided = new Map<string, Set<string>>();
  for (const write of ended.accepted)
    for (const { e, k } of write.changes)
      if (e === 'conflict') decided.set(k, new Set([...(decided.get(k) ?? []), ...write.decides]));

  for (const [key, writes] of byField) {
    const { overridden, agreed } = overriddenIn(world, writes, key);
    const [target = '', field = ''] = split(key);
    const conflict = `${target.replace('/', '~')}~${field}`;
    const value = canonicalJson(standing.get(key) ?? null);
    const isContested = definitionOf(target.split('/')[0] ?? '')?.contested.includes(field) === true;
    const last = [...writes].filter((write) => !overridden.has(write));
    const untold = last.filter((write) => !agreed.has(write));
    const wasHeld = [...writes].some((write) => ended.logged.get(write)?.outcome === 'held');
    if (!world.restored && !wasHeld && !last.some((write) => canonicalJson(valueIn(write, key)) === value))
      world.trace.fail('who saw overrides', `${key} is ${value}, which somebody had seen and overridden`);
    if (!isContested) continue;
    for (const write of untold) {
      const own = canonicalJson(valueIn(write, key));
      const row = ended.logged.get(write);
      const author = `${row?.device}~${write.n}`;
      if (own === value || listed.has(`${conflict} ${author}`) || listed.has(`${conflict} ${own}`)) continue;
      // Who decided about «none» decided about everybody who said «none» without knowing of each other.
      if (decided.get(conflict)?.has(author) || decided.get(conflict)?.has(own)) continue;
      world.trace.fail(
        'no silent overriding',
        `${key}: ${own} of ${write.place} #${write.n} lost to ${value} unseen`
      );
    }
  }
}

/** Which writes to a field somebody had seen and overridden. */
function overriddenIn(
  world: World,
  writes: ReadonlySet<Write>,
  key: string
): { readonly overridden: ReadonlySet<Write>; readonly agreed: ReadonlySet<Write> } {
  const overridden = new Set<Write>();
  const agreed = new Set<Write>();
  for (const write of writes) {
    const seen = world.model.seenBy(write, key);
    for (const earlier of seen) overridden.add(earlier);
    const values = new Set([...seen].map((earlier) => canonicalJson(valueIn(earlier, key))));
    // Who saw «late» saw what everybody says who said «late» without knowing of each other.
    for (const other of writes)
      if (other !== write && values.has(canonicalJson(valueIn(other, key)))) agreed.add(other);
  }
  return { overridden, agreed };
}

function split(key: string): [target: string, field: string] {
  const dot = key.lastIndexOf('.');
  return [key.slice(0, dot), key.slice(dot + 1)];
}

/** What a device said before it said something else is no difference that anybody is asked about. */
function checkOwnOrder(world: World, { records }: Ended): void {
  for (const record of records) {
    if (record.e !== 'conflict' || record.fields['field']?.v === 'deletedAt') continue;
    if (record.fields['state']?.v !== 'open') continue;
    const [values, standing] = [record.fields['values']?.v, record.fields['standing']?.v];
    if (!isLosing(standing)) continue;
    for (const { device, n } of Array.isArray(values) ? values.filter(isLosing) : [])
      if (device === standing.device && n < standing.n)
        world.trace.fail(
          'own order',
          `${record.k} asks about ${device} #${n}, who wrote #${standing.n} since`
        );
  }
}

/** No card stands for itself. */
function checkMerges(world: World, records: readonly StoredRecord[]): void {
  const of = new Map(
    records.flatMap(({ e, k, fields }) => (e === 'alias' ? [[k, fields['of']?.v] as const] : []))
  );
  for (const first of of.keys()) {
    let next = of.get(first);
    for (let left = of.size; left > 0 && typeof next === 'string' && next !== first; left--)
      next = of.get(next);
    if (next === first) world.trace.fail('no merge in a circle', first);
  }
}

/** Where the server knew the new shape from the first write on, both fields say the same, whoever wrote. */
function checkNewField(world: World, records: readonly StoredRecord[]): void {
  for (const { e, k, fields } of records) {
    if (e !== 'person' || world.server.erased.has(k)) continue;
    const [old, fresh] = [fields['phone'], fields[newField]].map((field) => canonicalJson(field?.v ?? null));
    if (old !== fresh) world.trace.fail('old shapes are brought up', `${k}: ${old}, ${fresh}`);
  }
}

/** Where clocks are right and requests swift, no time is in doubt. */
function checkClocks(world: World, log: readonly LogRow[]): void {
  const doubted = log.find(({ suspect }) => suspect);
  if (doubted !== undefined)
    world.trace.fail('good clocks are trusted', `${doubted.device} #${doubted.n} is suspect`);
}
