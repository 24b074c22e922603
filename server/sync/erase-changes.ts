import type { ErasedRecord } from '#domain/records/destruction.ts';
import { definitionOf } from '#domain/records/registry.ts';
import { conflictId } from '#domain/sync/apply.ts';
import { isErasedMark } from '#domain/sync/erased-mark.ts';
import { erasedField, personalFields } from '#domain/sync/erasure.ts';
import type { StoredRecord } from '#domain/sync/merge.ts';
import type { Change } from '#domain/sync/operation.ts';
import { changesOf, type Scope } from './erase-scope.ts';
import type { RecordBatch } from './record-batch.ts';

/* The changes that the server's own row in the log makes: by them the records lose what is erased. */

/** Whose data are to be erased, and why it is asked for. */
export interface ErasureOrder {
  /** Ids of people's cards, and of other records whose words name a person. */
  readonly ids: readonly string[];
  /** Hashes of attachments that an earlier erasure deleted. */
  readonly attachments?: readonly string[];
  /** Decisions of the office that are carried out: ids of `erasure` records. Empty = what was erased before is erased again. */
  readonly decisions: readonly string[];
  /** Server clock, UTC ms. */
  readonly at: number;
  /** When it was erased first, where that is known. */
  readonly erasedAt?: ReadonlyMap<string, number>;
}

/** The change of the server's row by which a record loses its personal values; none where that was done before. */
export function eraseRecord(record: StoredRecord | undefined): readonly Change[] {
  if (record === undefined) return [];
  const names = personalFields(record.e, record.fields);
  if (names.length === 0 && record.fields[erasedField] !== undefined) return [];
  return [{ e: record.e, k: record.k, set: { [erasedField]: names }, base: 0 }];
}

/** Differences hold values: those about personal fields, and about a deletion, which hold all that was set. */
export function conflictsOf(type: string, id: string): readonly (readonly [string, string])[] {
  const { contested = [], personal = [] } = definitionOf(type) ?? {};
  return [...contested.filter((field) => personal.includes(field)), 'deletedAt'].map(
    (field) => ['conflict', conflictId({ e: type, k: id }, field)] as const
  );
}

/** Such of them as there are, closed. */
export function closeConflicts(type: string, id: string, records: RecordBatch): readonly Change[] {
  return conflictsOf(type, id)
    .filter(([e, k]) => {
      const conflict = records.get(e, k);
      return conflict !== undefined && conflict.fields['deletedAt'] === undefined;
    })
    .map(([e, k]) => ({ e, k, set: { [erasedField]: ['values'] }, base: 0 }));
}

/** The copy of a held or refused operation that the office sees. */
export function emptyProblem(problem: StoredRecord, { concerned }: Scope): readonly Change[] {
  const isRefused = problem.fields['outcome']?.v === 'refused';
  const names = changesOf(problem).flatMap(({ e, k, set }) =>
    concerned.has(`${e}/${k}`)
      ? (isRefused ? Object.keys(set) : personalFields(e, set))
          .filter((name) => !isErasedMark(set[name]))
          .map((name) => `${e}/${k}/${name}`)
      : []
  );
  return names.length === 0
    ? []
    : [{ e: 'problem', k: problem.k, set: { [erasedField]: [...new Set(names)] }, base: 0 }];
}

/** What was erased, record by record, for the act; by an earlier erasure too, where a restore has put the decision back. */
export function reportOf(
  { decisions, at, erasedAt }: ErasureOrder,
  keys: readonly (readonly [string, string])[],
  records: RecordBatch,
  touched: readonly Change[],
  attachments: number,
  copies: number
): readonly Change[] {
  const now = new Map(touched.map(({ e, k, set }): [string, unknown] => [`${e}/${k}`, set[erasedField]]));
  const erased = keys.flatMap(([type, id]): readonly ErasedRecord[] => {
    const before = records.get(type, id)?.fields[erasedField]?.v;
    const names = [before, now.get(`${type}/${id}`)].flatMap((list): readonly unknown[] =>
      Array.isArray(list) ? list : []
    );
    const fields = [...new Set(names.filter((name) => typeof name === 'string'))].sort();
    return fields.length === 0 ? [] : [{ type, id, fields }];
  });
  return decisions.map((id) => {
    const known = records.get('destruction', id);
    const set = {
      at: erasedAt?.get(id) ?? at,
      records: erased,
      attachments: attachments + numberOf(known, 'attachments'),
      copies: copies + numberOf(known, 'copies')
    };
    return { e: 'destruction', k: id, set, base: 0 };
  });
}

function numberOf(record: StoredRecord | undefined, field: string): number {
  const value = record?.fields[field]?.v;
  return typeof value === 'number' ? value : 0;
}
