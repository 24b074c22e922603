import { joinIds } from '#domain/ids.ts';
import type { LosingValue } from '#domain/records/conflict.ts';
import { erasedMark, isErasedMark } from './erased-mark.ts';
import { erasedField, isMarked } from './erasure.ts';
import {
  judgeChange,
  type FieldState,
  type JudgedChange,
  type Loss,
  type StoredRecord,
  type Writer
} from './merge.ts';
import { definitionOf } from '#domain/records/registry.ts';
import type { Change } from './operation.ts';

/** Where a forked device came from: numbers below `from` of the parent are its own. */
export interface Parent {
  readonly device: string;
  readonly from: number;
}
export type Lineage = ReadonlyMap<string, Parent>;

/** What the log keeps of a judged operation: everything that a fold needs, no clock or access is evaluated again. */
export interface Envelope {
  readonly seq: number;
  /** `release` = a held operation that the office let in; `erasure` = the server's own row that erases somebody's data. */
  readonly kind: 'operation' | 'release' | 'erasure';
  readonly device: string;
  readonly n: number;
  readonly by: string;
  /** Corrected time fixed at arrival, UTC ms. */
  readonly corrected: number;
  readonly suspect: boolean;
  readonly outcome: 'applied' | 'superseded' | 'held' | 'refused' | 'lost';
  readonly reason: string | null;
  readonly detail: string | null;
  /** Upcast changes with their effective bases. */
  readonly changes: readonly Change[];
  readonly replaces: readonly [string, number] | null;
}

/** Records in memory: what an operation reads and writes while it is judged or folded. */
export interface RecordSpace {
  get(type: string, id: string): StoredRecord | undefined;
  put(record: StoredRecord): void;
}

/**
 * Every record that applying these changes may read or that may be there before, so that storage reads all of them at once; the
 * differences about them are in {@link conflictsNamed}. The problem that an operation may become is made with it.
 */
export function recordsNamed(
  envelope: Pick<Envelope, 'changes' | 'replaces'>
): readonly (readonly [string, string])[] {
  const named: (readonly [string, string])[] = [];
  if (envelope.replaces !== null)
    named.push(['problem', joinIds(envelope.replaces[0], String(envelope.replaces[1]))]);
  for (const change of envelope.changes) named.push([change.e, change.k]);
  return named;
}

/** The differences that a change may open, join or close. There are none about a record that is not there yet. */
export function conflictsNamed(change: Change): readonly (readonly [string, string])[] {
  const contested = definitionOf(change.e)?.contested ?? [];
  const fields = Object.keys(change.set).filter((name) => name === 'deletedAt' || contested.includes(name));
  return [...new Set([...fields, 'deletedAt'])].map(
    (field) => ['conflict', conflictId(change, field)] as const
  );
}

/**
 * Applies one judged operation to the records (I10: records = fold of this over the log). Returns whether every touched
 * field lost against a newer concurrent value (`superseded`).
 */
export function applyEnvelope(
  envelope: Envelope,
  space: RecordSpace,
  lineage: Lineage
): { superseded: boolean } {
  if (envelope.kind === 'erasure') {
    for (const change of envelope.changes) space.put(erase(space.get(change.e, change.k), change, envelope));
    return { superseded: false };
  }
  closeReplaced(envelope, space);
  if (envelope.outcome === 'held' || envelope.outcome === 'refused') {
    space.put(problemOf(envelope));
    return { superseded: false };
  }
  if (envelope.outcome === 'lost') return { superseded: false };
  if (envelope.kind === 'release') tellRelease(envelope, space);

  const writer = new EnvelopeWriter(envelope, lineage);
  let won = 0;
  let touched = false;
  for (const given of envelope.changes) {
    const change = withoutMarks(given);
    touched ||= Object.keys(change.set).length > 0;
    const present = space.get(change.e, change.k);
    const judged = judgeChange(present, change, change.base, writer);
    const record = change.e === 'conflict' ? keepUnseen(present, judged.record, change) : judged.record;
    space.put(erasedNames(given).length === 0 ? record : erase(record, given, envelope));
    won += judged.won.length;
    // There are no differences about a record that was not there.
    if (change.e !== 'conflict' && present !== undefined) recordConflicts(change, judged, writer, space);
  }
  return { superseded: touched && won === 0 };
}

/** A class, so that no function is made for every operation. */
class EnvelopeWriter implements Writer {
  readonly device: string;
  readonly n: number;
  readonly by: string;
  readonly seq: number;
  readonly corrected: number;
  readonly suspect: boolean;
  readonly #lineage: Lineage;

  constructor({ device, n, by, seq, corrected, suspect }: Envelope, lineage: Lineage) {
    this.device = device;
    this.n = n;
    this.by = by;
    this.seq = seq;
    this.corrected = corrected;
    this.suspect = suspect;
    this.#lineage = lineage;
  }

  isOwn(device: string, n: number): boolean {
    return isOwn(device, n, this, this.#lineage);
  }
}

/** What a change sets apart from marks of erased values and from the server's note about them. */
function withoutMarks(change: Change): Change {
  if (!(erasedField in change.set) && !isMarked(change)) return change;
  const set = Object.entries(change.set).filter(
    ([name, value]) => name !== erasedField && !isErasedMark(value)
  );
  return { ...change, set: Object.fromEntries(set) };
}

/** What the server's note on a change names: fields; inside a kept operation `type/id/field`. */
function erasedNames(change: Change): readonly string[] {
  const names = change.set[erasedField];
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
}

/**
 * The record without the values that the change names. What to erase stands in the log, so that no later version of
 * this program reads it otherwise.
 */
function erase(present: StoredRecord | undefined, change: Change, cause: Cause): StoredRecord {
  const { e, k } = change;
  const blank: StoredRecord = { e, k, seq: 0, by: '', at: 0, born: 'server', fields: {} };
  if (e === 'conflict')
    return withServerFields(blank, cause, { state: 'resolved', deletedAt: cause.corrected });
  if (e === 'destruction') return withServerFields(present ?? blank, cause, withoutMarks(change).set);
  const names = new Set(erasedNames(change));
  const record = present ?? blank;
  if (e === 'problem') return withServerFields(emptyCopy(record, names), cause, {});
  const known = record.fields[erasedField]?.v;
  const all = new Set([
    ...(Array.isArray(known) ? known.filter((name) => typeof name === 'string') : []),
    ...names
  ]);
  const kept = Object.entries(record.fields).filter(([name]) => !names.has(name));
  return withServerFields({ ...record, fields: Object.fromEntries(kept) }, cause, {
    [erasedField]: [...all].sort()
  });
}

/** A kept operation with marks for what these names (`type/id/field`) say. */
function emptyCopy(problem: StoredRecord, names: ReadonlySet<string>): StoredRecord {
  const changes = problem.fields['changes'];
  if (changes === undefined || !Array.isArray(changes.v)) return problem;
  const emptied = (changes.v as readonly Change[]).map((change) => {
    const set = Object.entries(change.set).map(([name, value]) => [
      name,
      names.has(`${change.e}/${change.k}/${name}`) ? erasedMark : value
    ]);
    return { ...change, set: Object.fromEntries(set) as Change['set'] };
  });
  return { ...problem, fields: { ...problem.fields, changes: { ...changes, v: emptied } } };
}

function isOwn(device: string, n: number, own: Pick<Envelope, 'device' | 'n'>, lineage: Lineage): boolean {
  if (device === own.device) return n < own.n;
  let parent = lineage.get(own.device);
  for (let depth = 0; parent !== undefined && depth < 32; depth++) {
    if (parent.device === device) return n < parent.from;
    parent = lineage.get(parent.device);
  }
  return false;
}

/** The id of the conflict about one field of one record: one open conflict a field. */
export function conflictId(change: Pick<Change, 'e' | 'k'>, field: string): string {
  return joinIds(change.e, change.k, field);
}

/** A decision about a conflict counts for the values that were shown: where others joined since, it stays open (I15). */
function keepUnseen(present: StoredRecord | undefined, decided: StoredRecord, change: Change): StoredRecord {
  const state = present?.fields['state'];
  const values = present?.fields['values'];
  if (state?.v !== 'open' || values === undefined || values.s <= change.base) return decided;
  return { ...decided, fields: { ...decided.fields, state } };
}

/** A conflict closes when the device of the losing value writes the field again; new losses open it or join it. */
function recordConflicts(change: Change, judged: JudgedChange, writer: Writer, space: RecordSpace): void {
  for (const field of Object.keys(change.set)) {
    const conflict = space.get('conflict', conflictId(change, field));
    if (conflict === undefined) continue;
    const values = losingValues(conflict);
    // An older operation of the device that is released late does not take back what the device said since.
    const others = values.filter((value) => !writer.isOwn(value.device, value.n));
    if (others.length === values.length) continue;
    const open = conflict.fields['state']?.v === 'open';
    space.put(
      withServerFields(conflict, writer, {
        values: others,
        ...(open && others.length === 0 ? { state: 'resolved' } : {})
      })
    );
  }
  for (const loss of judged.losses) space.put(addLoss(change, loss, writer, space));
}

function addLoss(change: Change, loss: Loss, writer: Writer, space: RecordSpace): StoredRecord {
  const id = conflictId(change, loss.field);
  const known = space.get('conflict', id);
  // One whose values were erased is no conflict any more: another begins.
  const present = known?.fields['deletedAt'] === undefined ? known : undefined;
  const open = present?.fields['state']?.v === 'open';
  const { device, n } = loss.loser;
  const values = open && present !== undefined ? losingValues(present) : [];
  const others = values.filter((value) => value.device !== device);
  // One value a device: the one that it wrote last, in whatever order they were judged.
  const last = values.find((value) => value.device === device && value.n > n) ?? loss.loser;
  const blank: StoredRecord = { e: 'conflict', k: id, seq: 0, by: '', at: 0, born: 'server', fields: {} };
  return withServerFields(present ?? blank, writer, {
    state: 'open',
    targetType: change.e,
    target: change.k,
    field: loss.field,
    values: [...others, last],
    standing: loss.standing,
    at: writer.corrected
  });
}

function losingValues(conflict: StoredRecord): readonly LosingValue[] {
  const values = conflict.fields['values']?.v;
  return Array.isArray(values) ? (values as readonly LosingValue[]) : [];
}

function closeReplaced(envelope: Envelope, space: RecordSpace): void {
  if (envelope.replaces === null || envelope.outcome === 'refused') return;
  const problem = space.get('problem', joinIds(envelope.replaces[0], String(envelope.replaces[1])));
  if (problem !== undefined) space.put(withServerFields(problem, envelope, { state: 'replaced' }));
}

/** The author's device learns at which seq its held operation was judged: several may be let in by one operation. */
function tellRelease(envelope: Envelope, space: RecordSpace): void {
  const problem = space.get('problem', joinIds(envelope.device, String(envelope.n)));
  if (problem !== undefined) space.put(withServerFields(problem, envelope, { releasedSeq: envelope.seq }));
}

function problemOf(envelope: Envelope): StoredRecord {
  const id = joinIds(envelope.device, String(envelope.n));
  const blank: StoredRecord = { e: 'problem', k: id, seq: 0, by: '', at: 0, born: 'server', fields: {} };
  return withServerFields(blank, envelope, {
    outcome: envelope.outcome,
    reason: envelope.reason ?? 'invalid',
    ...(envelope.detail === null ? {} : { detail: envelope.detail }),
    by: envelope.by,
    at: envelope.corrected,
    changes: envelope.changes,
    state: 'open'
  });
}

/** The operation, or the server's row, by which something is written. */
interface Cause {
  readonly seq: number;
  readonly corrected: number;
  readonly by: string;
}

/** The server's own writing follows the log's order, so it needs no judgement. */
function withServerFields(
  record: StoredRecord,
  cause: Cause,
  values: Readonly<Record<string, unknown>>
): StoredRecord {
  const fields: Record<string, FieldState> = { ...record.fields };
  for (const [name, value] of Object.entries(values)) {
    const stamp = Math.max(cause.corrected, (fields[name]?.t ?? 0) + 1);
    fields[name] = { v: value, s: cause.seq, t: stamp, d: 'server', n: 0, by: cause.by, b: cause.seq };
  }
  return { ...record, seq: cause.seq, by: cause.by, at: Math.max(record.at, cause.corrected), fields };
}
