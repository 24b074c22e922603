import { splitId } from '#domain/ids.ts';
import type { Stream } from '#domain/records/definition.ts';
import { definitionOf, serverMade } from '#domain/records/registry.ts';

/** Record types whose ids make up the predictable id of another one, in order. */
const partTypes: Readonly<Record<string, readonly string[]>> = { attendance: ['session', 'person'] };

/** The records that a record id names and that the other side may know: [type, id]. */
export function recordsIn(type: string, id: string): readonly (readonly [type: string, id: string])[] {
  const parts = splitId(id);
  const types = partTypes[type] ?? [type];
  if (types.length !== parts.length) return [];
  return types.flatMap((own, index) => (isNameable(own) ? [[own, parts[index] ?? ''] as const] : []));
}

/** Records that the server itself makes stand in no operation, so that no operation names them. */
function isNameable(type: string): boolean {
  return definitionOf(type) !== undefined && !serverMade.has(type);
}

/** The stream in which a device received a record, where that depends on nothing but its type. */
export function streamOfType(type: string): Stream | undefined {
  return type === 'session' ? 'reference' : type === 'person' ? 'people' : undefined;
}
