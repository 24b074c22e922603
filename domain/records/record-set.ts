import { definitionOf, type RecordRow, type RecordType } from './registry.ts';

/** Records of many types in memory, as counting and review read them; deleted ones are not in it. */
export interface RecordSet {
  get<Type extends RecordType>(type: Type, id: string): RecordRow<Type> | undefined;
  all<Type extends RecordType>(type: Type): ReadonlyMap<string, RecordRow<Type>>;
  /** The rows listed under a parent: the marks of a session, the sessions of an event. */
  byParent<Type extends RecordType>(type: Type, parent: string): readonly RecordRow<Type>[];
}

type RowMaps = { [Type in RecordType]?: Map<string, RecordRow<Type>> };
type ParentMaps = { [Type in RecordType]?: Map<string, RecordRow<Type>[]> };

/** A set of rows in any order; the last of two rows with one id stands. The index by parent is made when first asked for. */
export function createRecordSet(rows: Iterable<RecordRow<RecordType>>): RecordSet {
  const maps: Record<string, Map<string, RecordRow<RecordType>>> = {};
  for (const row of rows) {
    const map = (maps[row.type] ??= new Map());
    if (isDeleted(row)) map.delete(row.id);
    else map.set(row.id, row);
  }
  // Each row was filed under its own type, which the compiler cannot follow through one loop over all types.
  const typed = maps as RowMaps;
  const parents: ParentMaps = {};

  function all<Type extends RecordType>(type: Type): ReadonlyMap<string, RecordRow<Type>> {
    return typed[type] ?? new Map<string, RecordRow<Type>>();
  }
  return {
    all,
    get: (type, id) => typed[type]?.get(id),
    byParent: (type, parent) => (parents[type] ??= indexByParent(type, all(type))).get(parent) ?? []
  };
}

function indexByParent<Type extends RecordType>(
  type: Type,
  rows: ReadonlyMap<string, RecordRow<Type>>
): NonNullable<ParentMaps[Type]> {
  const parentOf = definitionOf(type)?.parentOf;
  const index = new Map<string, RecordRow<Type>[]>();
  for (const row of rows.values()) {
    const parent = parentOf?.(row.id, row.values);
    if (parent === undefined) continue;
    const listed = index.get(parent);
    if (listed === undefined) index.set(parent, [row]);
    else listed.push(row);
  }
  return index as NonNullable<ParentMaps[Type]>;
}

function isDeleted(row: RecordRow<RecordType>): boolean {
  return 'deletedAt' in row.values && row.values.deletedAt !== undefined;
}
