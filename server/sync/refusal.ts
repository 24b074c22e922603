import * as v from 'valibot';
import { definitionOf } from '#domain/records/registry.ts';
import type { StoredRecord } from '#domain/sync/merge.ts';
import { plainValues } from '#domain/sync/merge.ts';
import type { RecordSpace } from '#domain/sync/apply.ts';
import { isErasedMark } from '#domain/sync/erased-mark.ts';
import { erasedField } from '#domain/sync/erasure.ts';
import { withoutValue, type Change } from '#domain/sync/operation.ts';
import type { RefusalReason } from '#domain/sync/protocol.ts';
import { isOffice, mayWrite, type Actor } from '#domain/sync/scope.ts';

export interface Refusal {
  readonly reason: RefusalReason;
  readonly detail: string;
}

/** The actor whose rights count, with the devices that it was before forks. */
export interface Author {
  readonly actor: Actor;
  readonly ancestors: ReadonlySet<string>;
}

/** Why an author may not make these changes; undefined = may. */
export function findForbidden(
  author: Author,
  operation: { readonly by: string; readonly replaces?: readonly [string, number] | undefined },
  changes: readonly Change[],
  space: RecordSpace
): Refusal | undefined {
  const { actor, ancestors } = author;
  if (actor.role !== 'respondent' && operation.by !== actor.user)
    return { reason: 'forbidden', detail: 'by: another user' };
  const [replaced] = operation.replaces ?? [actor.device];
  if (replaced !== actor.device && !ancestors.has(replaced) && !isOffice(actor.role))
    return { reason: 'forbidden', detail: 'replaces: another device' };
  // Changes of one operation apply in order, so a later one sees what an earlier one made.
  const made = changes.length > 1 ? new Map<string, Readonly<Record<string, unknown>>>() : undefined;
  for (const change of changes) {
    const name = `${change.e}/${change.k}`;
    const present = space.get(change.e, change.k);
    const own = made?.get(name);
    const born = present === undefined && own !== undefined ? actor.device : bornOn(present, author);
    const values = own ?? (present === undefined ? {} : plainValues(present));
    if (!mayWrite(actor, change, { bornOn: born, values })) return { reason: 'forbidden', detail: change.e };
    made?.set(name, { ...values, ...change.set });
  }
  return undefined;
}

/** What a device gave birth to before it was forked is its own. */
function bornOn(present: StoredRecord | undefined, author: Author): string | undefined {
  if (present === undefined) return undefined;
  return author.ancestors.has(present.born) ? author.actor.device : present.born;
}

/** Values are validated a field at a time; `null` empties any field, unknown fields are kept (I24). */
export function findInvalid(changes: readonly Change[]): Refusal | undefined {
  for (const change of changes) {
    const fields = definitionOf(change.e)?.fields ?? {};
    for (const [name, value] of Object.entries(change.set)) {
      if (name in Object.prototype || name === erasedField)
        return { reason: 'invalid', detail: `${change.e}.${name}: not a name of a field` };
      if (value === null || !Object.hasOwn(fields, name) || isErasedMark(value)) continue;
      const schema = fields[name];
      if (schema === undefined) continue;
      const parsed = v.safeParse(schema, value);
      if (!parsed.success) {
        const detail = `${change.e}.${name}: ${withoutValue(parsed.issues[0].message)}`;
        return { reason: 'invalid', detail: detail.slice(0, 300) };
      }
    }
  }
  return undefined;
}

/** The ids whose aliases must be read to see whether these changes close a circle. */
export function aliasTargets(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) => {
    const of = change.e === 'alias' ? change.set['of'] : undefined;
    return typeof of === 'string' ? [of] : [];
  });
}

/** A merge that would make a card stand for itself is refused. */
export function findAliasCycle(changes: readonly Change[], space: RecordSpace): Refusal | undefined {
  let made: Map<string, unknown> | undefined;
  for (const change of changes) {
    if (change.e !== 'alias' || !('of' in change.set)) continue;
    made ??= new Map();
    made.set(change.k, change.set['of']);
    const seen = new Set<string>();
    let next: unknown = change.set['of'];
    while (typeof next === 'string' && !seen.has(next)) {
      if (next === change.k) return { reason: 'already_merged', detail: `alias.of: ${change.k}` };
      seen.add(next);
      next = made.has(next) ? made.get(next) : space.get('alias', next)?.fields['of']?.v;
    }
  }
  return undefined;
}
