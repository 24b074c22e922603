import type { LosingValue } from '#domain/records/conflict.ts';
import type { PlainValues, Stream } from '#domain/records/definition.ts';
import { definitionOf } from '#domain/records/registry.ts';
import { wholeSecond } from './whole-second.ts';
import { canonicalJson } from './canonical-json.ts';
import type { Change } from './operation.ts';
import type { RecordState } from './protocol.ts';

/** One field of a stored record: the value that stands and who wrote it, when, in which operation. */
export interface FieldState {
  /** The value; `null` = emptied. */
  readonly v: unknown;
  /** Seq of the operation. */
  readonly s: number;
  /** Stamp: corrected time, ms, strictly growing over the field's values. */
  readonly t: number;
  readonly d: string;
  readonly n: number;
  readonly by: string;
  /** The base of the change: what its author had seen. */
  readonly b: number;
  readonly suspect?: true;
}

/** A record as the log's fold makes it. */
export interface StoredRecord {
  readonly e: string;
  readonly k: string;
  /** Seq of the last operation that touched it. */
  readonly seq: number;
  readonly by: string;
  readonly at: number;
  /** Device that gave birth to it. */
  readonly born: string;
  readonly fields: Readonly<Record<string, FieldState>>;
}

/** The author of a judged operation. */
export interface Writer {
  readonly device: string;
  readonly n: number;
  readonly by: string;
  readonly seq: number;
  /** Corrected time, UTC ms. */
  readonly corrected: number;
  readonly suspect: boolean;
  /** Whether an earlier operation (device, n) counts as this device's own: itself, or its parent before a fork. */
  readonly isOwn: (device: string, n: number) => boolean;
}

/** A value that lost against a concurrent one and differs from it. */
export interface Loss {
  readonly field: string;
  readonly loser: LosingValue;
  readonly standing: LosingValue;
}

export interface JudgedChange {
  readonly record: StoredRecord;
  /** Fields whose new value stands now. */
  readonly won: readonly string[];
  /** Fields whose new value was recorded but a newer one stands. */
  readonly lost: readonly string[];
  readonly losses: readonly Loss[];
}

/**
 * Judges one change against the present record («Who wins»): who had seen the present value overrides it, whatever the
 * clocks say (I16); otherwise the later corrected time stands, and a differing loser is reported (I15).
 * `base` is the effective one (0 when it belongs to an epoch that a restore cut off).
 */
export function judgeChange(
  present: StoredRecord | undefined,
  change: Change,
  base: number,
  writer: Writer
): JudgedChange {
  const definition = definitionOf(change.e);
  const follows = definition?.follows ?? {};
  const fields: Record<string, FieldState> = { ...present?.fields };
  const won: string[] = [];
  const lost: string[] = [];
  const losses: Loss[] = [];
  const verdicts = new Map<string, 'wins' | 'loses'>();

  // Leading fields first: a field that accompanies another shares its verdict when both are set together.
  const names = Object.keys(change.set).sort(
    (left, right) => Number(left in follows) - Number(right in follows)
  );
  for (const name of names) {
    const standing = fields[name];
    const value = change.set[name] ?? null;
    const leader = follows[name];
    const shared = leader === undefined ? undefined : verdicts.get(leader);
    const verdict = shared ?? judgeField(standing, base, writer);
    const accompanies = leader !== undefined;
    const plain: FieldState = {
      v: value,
      s: writer.seq,
      t: standing === undefined ? writer.corrected : Math.max(writer.corrected, standing.t + 1),
      d: writer.device,
      n: writer.n,
      by: writer.by,
      b: base
    };
    const next: FieldState = writer.suspect ? { ...plain, suspect: true } : plain;
    const differs = standing !== undefined && canonicalJson(standing.v) !== canonicalJson(value);
    if (verdict === 'overrides' || verdict === 'later' || verdict === 'wins') {
      fields[name] = next;
      won.push(name);
      verdicts.set(name, 'wins');
      if (verdict === 'later' && differs && !accompanies)
        losses.push({ field: name, loser: losing(standing), standing: losing(next) });
    } else {
      lost.push(name);
      verdicts.set(name, 'loses');
      if (verdict === 'earlier' && differs && !accompanies) {
        losses.push({
          field: name,
          loser: losing({ ...next, t: writer.corrected }),
          standing: losing(standing)
        });
      }
    }
  }
  losses.push(...unseenDeletion(present, change, base, writer));

  const contested = definition?.contested ?? [];
  return {
    record: {
      e: change.e,
      k: change.k,
      seq: writer.seq,
      by: writer.by,
      at: Math.max(writer.corrected, present?.at ?? 0),
      born: present?.born ?? writer.device,
      fields
    },
    won,
    lost,
    losses: losses.filter((loss) => contested.includes(loss.field) || loss.field === 'deletedAt')
  };
}

type Verdict = 'overrides' | 'later' | 'earlier' | 'own_later';

function judgeField(standing: FieldState | undefined, base: number, writer: Writer): Verdict {
  if (standing === undefined || standing.s <= base) return 'overrides';
  if (writer.isOwn(standing.d, standing.n)) return 'overrides';
  if (standing.d === writer.device && standing.n > writer.n) return 'own_later';
  if (writer.corrected !== standing.t) return writer.corrected > standing.t ? 'later' : 'earlier';
  if (writer.device !== standing.d) return writer.device > standing.d ? 'later' : 'earlier';
  return writer.n > standing.n ? 'later' : 'earlier';
}

/** An edit that had not seen the deletion, or a deletion that had not seen an edit: applied, and shown to the coordinator. */
function unseenDeletion(
  present: StoredRecord | undefined,
  change: Change,
  base: number,
  writer: Writer
): readonly Loss[] {
  if (present === undefined) return [];
  const seen = (field: FieldState): boolean =>
    field.s <= base || writer.isOwn(field.d, field.n) || field.d === writer.device;
  const mine: FieldState = {
    v: change.set,
    s: writer.seq,
    t: writer.corrected,
    d: writer.device,
    n: writer.n,
    by: writer.by,
    b: base
  };
  const deletion = present.fields['deletedAt'];
  if (!('deletedAt' in change.set)) {
    if (deletion === undefined || deletion.v === null || seen(deletion)) return [];
    return [{ field: 'deletedAt', loser: losing(mine), standing: losing(deletion) }];
  }
  if (change.set['deletedAt'] === null) return [];
  const unseen = Object.entries(present.fields)
    .filter(([name, field]) => name !== 'deletedAt' && !seen(field))
    .map(([, field]) => field)
    .sort((left, right) => right.s - left.s)[0];
  return unseen === undefined ? [] : [{ field: 'deletedAt', loser: losing(unseen), standing: losing(mine) }];
}

function losing(field: FieldState | undefined): LosingValue {
  return {
    value: field?.v ?? null,
    by: field?.by ?? '',
    device: field?.d ?? '',
    n: field?.n ?? 0,
    at: field?.t ?? 0,
    base: field?.b ?? 0,
    suspect: field?.suspect === true
  };
}

/** The values of a stored record without emptied fields. */
export function plainValues(record: StoredRecord): PlainValues {
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(record.fields)) if (field.v !== null) values[name] = field.v;
  return values;
}

/** A stored record as it goes out in pages. Who reads the time of a change reads minutes; its milliseconds would only travel. */
export function toRecordState(record: StoredRecord): RecordState {
  const { e, k, seq, by, at } = record;
  return { e, k, seq, by, at: wholeSecond(at), f: { ...plainValues(record) } };
}

/** The streams that carry a stored record; a type unknown to this program is carried by `office`. */
export function streamsOfRecord(record: StoredRecord): readonly Stream[] {
  return definitionOf(record.e)?.streamsOf(record.k, plainValues(record)) ?? ['office'];
}
