import type { PlainValues } from '#domain/records/definition.ts';
import { hashesIn } from '#domain/sync/attachment-names.ts';
import { concerns, eraseChanges, erasedField, personalFields, withoutValues } from '#domain/sync/erasure.ts';
import type { Change, Operation } from '#domain/sync/operation.ts';
import {
  recordKey,
  type ConfirmedRow,
  type DeviceDatabase,
  type OutboxRow,
  type RecordBody
} from './database.ts';
import { redraw } from './overlay.ts';
import { open, seal } from './sealing.ts';

/**
 * Takes the personal data of erased ids out of this device, within the transaction of the answer that tells of them:
 * displayed and received records, what waits, what is retained or was not accepted, half-filled forms, signatures. What
 * else stands in an operation stays and is sent. Looks at every operation and at the key of every record: rare enough.
 */
export async function wipe(database: DeviceDatabase, ids: readonly string[]): Promise<void> {
  const erased = new Set(ids);
  const hashes = await wipeOperations(database, erased);
  const keys = await wipeRecords(database, erased);
  await wipeDrafts(database, erased);
  await database.attachments.bulkDelete([...hashes]);
  await redraw(database, keys);
}

/** Returns the hashes of what no operation names any more. */
async function wipeOperations(database: DeviceDatabase, erased: Set<string>): Promise<ReadonlySet<string>> {
  const [outbox, retained, attention] = await Promise.all([
    database.outbox.toArray(),
    database.retained.toArray(),
    database.attention.toArray()
  ]);
  const all: readonly OutboxRow[] = [...outbox, ...retained, ...attention];
  const inOrder = [...all].sort((left, right) => left.n - right.n).map((row) => open(row.body));
  // A consultation that was written here and never sent is known to nobody as that person's.
  for (let size = -1; size !== erased.size;) {
    size = erased.size;
    for (const { ch } of inOrder) for (const id of eraseChanges(ch, erased).found) erased.add(id);
  }
  const gone = new Set<string>();
  const left = new Set<string>();
  const emptied = <Row extends OutboxRow>(rows: readonly Row[], isRefused: (row: Row) => boolean): Row[] =>
    rows.flatMap((row) => {
      const operation = open(row.body);
      const changes = eraseChanges(operation.ch, erased).changes.map((change, index) =>
        change !== operation.ch[index] && isRefused(row) ? withoutValues(change) : change
      );
      for (const hash of hashesIn(operation.ch.map(({ set }) => set))) gone.add(hash);
      for (const hash of hashesIn(changes.map(({ set }) => set))) left.add(hash);
      if (changes.every((change, index) => change === operation.ch[index])) return [];
      return [{ ...row, body: seal<Operation>({ ...operation, ch: changes }) }];
    });
  await Promise.all([
    database.outbox.bulkPut(emptied(outbox, () => false)),
    database.retained.bulkPut(emptied(retained, () => false)),
    database.attention.bulkPut(emptied(attention, ({ outcome }) => outcome === 'refused'))
  ]);
  for (const hash of left) gone.delete(hash);
  return gone;
}

/** Pages bring these records as they are now, but not all of them with this answer. Returns their keys. */
async function wipeRecords(
  database: DeviceDatabase,
  erased: ReadonlySet<string>
): Promise<readonly string[]> {
  const all = await database.records.toCollection().primaryKeys();
  const wanted = all.filter(([e, k]) => holdsCopies.has(e) || concerns(e, k, {}, erased));
  const [rows, confirmed] = await Promise.all([
    database.records.bulkGet(wanted),
    database.confirmed.bulkGet(wanted)
  ]);
  const emptied = <Row extends ConfirmedRow>(found: readonly (Row | undefined)[]): Row[] =>
    found.flatMap((row) => {
      if (row === undefined || row.body === null) return [];
      const body = emptiedBody(row.e, row.k, open(row.body), erased);
      return body === undefined ? [] : [{ ...row, body: seal(body) }];
    });
  await Promise.all([
    database.records.bulkPut(emptied(rows)),
    database.confirmed.bulkPut(emptied(confirmed))
  ]);
  return wanted.map(([e, k]) => recordKey(e, k));
}

/** Records of the server's that hold what people wrote in other records. */
const holdsCopies: ReadonlySet<string> = new Set(['conflict', 'problem']);

/** undefined = nothing of it is erased. */
function emptiedBody(
  e: string,
  k: string,
  body: RecordBody,
  erased: ReadonlySet<string>
): RecordBody | undefined {
  const fields: Record<string, unknown> = { ...body.f };
  if (e === 'conflict') {
    const type = String(fields['targetType']);
    if (!holdsWords(type, String(fields['field']), fields)) return undefined;
    if (!concerns(type, String(fields['target']), {}, erased)) return undefined;
    delete fields['values'];
    delete fields['standing'];
  } else if (e === 'problem') {
    const changes = Array.isArray(fields['changes']) ? (fields['changes'] as readonly Change[]) : [];
    const left = eraseChanges(changes, erased).changes;
    if (left.every((change, index) => change === changes[index])) return undefined;
    fields['changes'] = left;
  } else {
    const names = personalFields(e, fields);
    if (names.length === 0 || !concerns(e, k, fields, erased)) return undefined;
    for (const name of names) delete fields[name];
    const known = Array.isArray(fields[erasedField]) ? (fields[erasedField] as readonly unknown[]) : [];
    fields[erasedField] = [...new Set([...known, ...names])].sort();
  }
  return { ...body, f: fields };
}

/**
 * Whether a difference can hold somebody's words. One about a deletion shows what was set on the other side: all of it, or
 * one value that does not say of which field. It may be younger than the erasure and hold nothing but what is left: a
 * number, or a list with the names of what was erased.
 */
function holdsWords(type: string, field: string, { values, standing }: RecordBody['f']): boolean {
  if (field !== 'deletedAt') return personalFields(type, { [field]: 0 }).length > 0;
  const shown = [standing].concat(values) as readonly ({ readonly value?: PlainValues } | undefined)[];
  // The letters of a text count as fields that nobody knows.
  return shown.some(
    ({ value } = {}) => !Array.isArray(value) && personalFields(type, { ...value }).length > 0
  );
}

async function wipeDrafts(database: DeviceDatabase, erased: ReadonlySet<string>): Promise<void> {
  for (const draft of await database.drafts.toArray()) {
    const content = open(draft.body);
    const left = withoutErased(content, erased);
    if (left === gone) await database.drafts.delete(draft.id);
    else if (left !== content) await database.drafts.put({ ...draft, body: seal(left) });
  }
}

const gone = Symbol('about an erased id');

/**
 * A form that is about an erased id goes whole; where such a one is only part of a list, the list goes on without it. Ids
 * in a list of ids name nobody.
 */
function withoutErased(value: unknown, erased: ReadonlySet<string>): unknown {
  if (typeof value === 'string') return erased.has(value) ? gone : value;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) =>
      typeof item === 'string' ? item : withoutErased(item, erased)
    );
    const kept = items.filter((item) => item !== gone);
    return kept.length === value.length && kept.every((item, index) => item === value[index]) ? value : kept;
  }
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([name, item]) => [name, withoutErased(item, erased)] as const);
  if (entries.some(([, item]) => item === gone)) return gone;
  const before: Readonly<Record<string, unknown>> = { ...value };
  return entries.every(([name, item]) => item === before[name]) ? value : Object.fromEntries(entries);
}
