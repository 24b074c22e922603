import { splitId } from '#domain/ids.ts';
import type { PlainValues, RecordDefinition } from '#domain/records/definition.ts';
import { definitionOf } from '#domain/records/registry.ts';
import { canonicalJson } from './canonical-json.ts';
import { erasedMark, isErasedMark } from './erased-mark.ts';
import type { Change } from './operation.ts';

/*
 * Erasing a person (152-ФЗ). Which fields are personal and whose they are is said by the record types. An erased value
 * is replaced by a mark wherever it stood: in the log, on devices, in what was refused. The fold passes over marks, so
 * records stay the fold of the log (I10); that a record was erased is its field `erased`, the names of the fields.
 */

/** The field by which a record tells what was erased from it; only the server writes it. */
export const erasedField = 'erased';

/** Whether the personal values of a record, or of a change of it, are those of an erased id. */
export function concerns(
  type: string,
  id: string,
  values: PlainValues,
  erased: ReadonlySet<string>
): boolean {
  const definition = definitionOf(type);
  if (definition === undefined || definition.personal.length === 0) return false;
  return erased.has(id) || definition.subjectsOf(id, values).some((subject) => erased.has(subject));
}

/** The fields of these values that are personal. What a newer program added may be: it is taken for personal. */
export function personalFields(type: string, values: PlainValues): readonly string[] {
  const definition = definitionOf(type);
  if (definition === undefined || definition.personal.length === 0) return [];
  return Object.keys(values).filter((name) => isPersonal(definition, name));
}

function isPersonal(definition: RecordDefinition, name: string): boolean {
  // `Object.hasOwn` is younger than the phones of the survey.
  return definition.personal.includes(name) || !Object.prototype.hasOwnProperty.call(definition.fields, name);
}

/** The change with marks for its personal values; the same object when there is nothing to mark. */
export function withoutPersonal(change: Change): Change {
  return withMarks(
    change,
    personalFields(change.e, change.set).filter((name) => !isErasedMark(change.set[name]))
  );
}

/** The change with marks for all that it sets: of what was refused nothing will ever count. */
export function withoutValues(change: Change): Change {
  return withMarks(
    change,
    Object.keys(change.set).filter((name) => !isErasedMark(change.set[name]))
  );
}

/** The change with marks for the values of these fields. */
function withMarks(change: Change, names: readonly string[]): Change {
  if (names.length === 0) return change;
  return {
    ...change,
    set: { ...change.set, ...Object.fromEntries(names.map((name) => [name, erasedMark])) }
  };
}

/** Names of the fields that hold a mark. */
export function markedFields({ set }: Pick<Change, 'set'>): readonly string[] {
  return Object.keys(set).filter((name) => isErasedMark(set[name]));
}

/** Whether any field holds a mark. */
export function isMarked({ set }: Pick<Change, 'set'>): boolean {
  for (const name in set) if (isErasedMark(set[name])) return true;
  return false;
}

/** Whether nothing of a change is left. */
export function isVoid({ set }: Pick<Change, 'set'>): boolean {
  let marks = 0;
  for (const name in set) {
    if (!isErasedMark(set[name])) return false;
    marks += 1;
  }
  return marks > 0;
}

/**
 * The same changes with marks for all personal values of erased ids. A record that one of them says to be a person's
 * is that person's for the others too: the ids of such records are in `found`.
 */
export function eraseChanges(
  changes: readonly Change[],
  erased: ReadonlySet<string>,
  valuesOf: (type: string, id: string) => PlainValues = () => ({})
): { readonly changes: readonly Change[]; readonly found: ReadonlySet<string> } {
  const all = new Set(erased);
  const found = new Set<string>();
  for (let size = -1; size !== all.size;) {
    size = all.size;
    for (const { e, k, set } of changes) {
      if (all.has(k) || !concerns(e, k, { ...valuesOf(e, k), ...set }, all)) continue;
      // An id that names its person needs no entry of its own.
      if (splitId(k).some((part) => all.has(part))) continue;
      all.add(k);
      found.add(k);
    }
  }
  const isOf = ({ e, k, set }: Change): boolean => concerns(e, k, { ...valuesOf(e, k), ...set }, all);
  return { changes: changes.map((change) => (isOf(change) ? withoutPersonal(change) : change)), found };
}

/** Whether two forms of the same changes differ in nothing but marks where the other one still has the value. */
export function isSameButErased(
  left: readonly Pick<Change, 'e' | 'k' | 'set'>[],
  right: readonly Pick<Change, 'e' | 'k' | 'set'>[]
): boolean {
  if (left.length !== right.length) return false;
  return left.every((one, index) => {
    const other = right[index];
    if (other === undefined || one.e !== other.e || one.k !== other.k) return false;
    const names = new Set([...Object.keys(one.set), ...Object.keys(other.set)]);
    names.delete(erasedField);
    return [...names].every((name) => {
      const values = [one.set[name], other.set[name]];
      // A mark may stand alone: another version of the program wrote a field more.
      if (values.some(isErasedMark)) return true;
      return (
        values.every((value) => value !== undefined) && canonicalJson(values[0]) === canonicalJson(values[1])
      );
    });
  });
}
