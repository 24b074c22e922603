import { definitionOf, type RecordRow, type RecordType } from './registry.ts';

/** Records of many types in memory, as counting and review read them; deleted ones are not in it. */
export interface RecordSet {
  get<Type extends RecordType>(type: Type, id: string): RecordRow<Type> | undefined;
  all<Type extends RecordType>(type: Type): ReadonlyMap<string, RecordRow<Type>>;
  /** The rows listed under a parent: the marks of a session, the sessions of an event. */
  byParent<Type extends RecordType>(type: Type, parent: string): readonly RecordRow<Type>[];
}

/** A set that goes on with what changes. */
export interface ChangingRecordSet extends RecordSet {
  /**
   * The set after some of its rows have changed or are gone. It takes over what this one holds, and this one is not to be
   * read any more: copying a hundred thousand rows for one of them would take longer than counting with it.
   */
  after(changes: readonly RowChange[]): ChangingRecordSet;
}

/** Without a row: it is gone. */
export interface RowChange {
  readonly type: RecordType;
  readonly id: string;
  readonly row: RecordRow<RecordType> | undefined;
}

type AnyRow = RecordRow<RecordType>;
type Filed = Record<string, Map<string, AnyRow>>;
type FiledByParent = Record<string, Map<string, readonly AnyRow[]>>;
type RowMaps = { [Type in RecordType]?: Map<string, RecordRow<Type>> };
type ParentMaps = { [Type in RecordType]?: Map<string, readonly RecordRow<Type>[]> };

/** A set of rows in any order; the last of two rows with one id stands. The index by parent is made when first asked for. */
export function createRecordSet(rows: Iterable<AnyRow>): ChangingRecordSet {
  const filed: Filed = {};
  for (const row of rows) {
    const map = (filed[row.type] ??= new Map());
    if (isDeleted(row)) map.delete(row.id);
    else map.set(row.id, row);
  }
  return setOf(filed, {});
}

function setOf(filed: Filed, byParent: FiledByParent): ChangingRecordSet {
  // Each row was filed under its own type, which the compiler cannot follow through code over all types.
  const typed = filed as RowMaps;
  const parents = byParent as ParentMaps;

  function all<Type extends RecordType>(type: Type): ReadonlyMap<string, RecordRow<Type>> {
    return typed[type] ?? new Map<string, RecordRow<Type>>();
  }
  return {
    all,
    get: (type, id) => typed[type]?.get(id),
    byParent: (type, parent) => {
      byParent[type] ??= indexByParent(type, all(type));
      return parents[type]?.get(parent) ?? [];
    },
    after: (changes) => {
      for (const { type, id, row } of changes) {
        const map = (filed[type] ??= new Map());
        const stands = row === undefined || isDeleted(row) ? undefined : row;
        const index = byParent[type];
        if (index !== undefined) move(index, map.get(id), stands);
        if (stands === undefined) map.delete(id);
        else map.set(id, stands);
      }
      return setOf(filed, byParent);
    }
  };
}

function indexByParent(type: RecordType, rows: ReadonlyMap<string, AnyRow>): Map<string, readonly AnyRow[]> {
  const parentOf = definitionOf(type)?.parentOf;
  const index = new Map<string, AnyRow[]>();
  for (const row of rows.values()) {
    const parent = parentOf?.(row.id, row.values);
    if (parent === undefined) continue;
    const listed = index.get(parent);
    if (listed === undefined) index.set(parent, [row]);
    else listed.push(row);
  }
  return index;
}

/** A row that stays under its parent keeps its place among the others. */
function move(
  index: Map<string, readonly AnyRow[]>,
  before: AnyRow | undefined,
  after: AnyRow | undefined
): void {
  const [from, to] = [parentOfRow(before), parentOfRow(after)];
  const listed = from === undefined ? [] : (index.get(from) ?? []);
  if (from !== undefined && from === to) {
    index.set(
      from,
      listed.map((row) => (row === before && after !== undefined ? after : row))
    );
    return;
  }
  if (from !== undefined)
    index.set(
      from,
      listed.filter((row) => row !== before)
    );
  if (to !== undefined && after !== undefined) index.set(to, [...(index.get(to) ?? []), after]);
}

function parentOfRow(row: AnyRow | undefined): string | undefined {
  return row === undefined ? undefined : definitionOf(row.type)?.parentOf(row.id, row.values);
}

function isDeleted(row: AnyRow): boolean {
  return 'deletedAt' in row.values && row.values.deletedAt !== undefined;
}
