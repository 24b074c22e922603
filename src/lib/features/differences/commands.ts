import type { RecordRow } from '#domain/records/registry.ts';
import { isRecordType, parseValues } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';
import type { AnyChange } from '$lib/storage/write.ts';

type Decider = Pick<App, 'write' | 'device'>;

/** What «Вернуть как было» needs. */
export interface ConflictUndo {
  readonly conflict: string;
  readonly restore: AnyChange | undefined;
}

/**
 * Settles a difference in one operation: the conflict is closed and, when another value than the standing one was
 * chosen, that value is written to the record.
 * @param chosen undefined = what stands now is right
 */
export async function resolveConflict(
  app: Decider,
  conflict: RecordRow<'conflict'>,
  chosen: { readonly value: unknown } | undefined,
  standing: unknown
): Promise<ConflictUndo> {
  const value = chosen === undefined ? undefined : valueChange(conflict, chosen.value);
  await app.write([
    { type: 'conflict', id: conflict.id, set: { state: 'resolved', resolvedBy: app.device.user } },
    ...(value === undefined ? [] : [value])
  ]);
  return {
    conflict: conflict.id,
    restore: value === undefined ? undefined : valueChange(conflict, standing ?? null)
  };
}

/** «Вернуть как было»: the difference is open again and the record has the value that stood. */
export async function reopenConflict(app: Decider, undo: ConflictUndo): Promise<void> {
  await app.write([
    { type: 'conflict', id: undo.conflict, set: { state: 'open', resolvedBy: null } },
    ...(undo.restore === undefined ? [] : [undo.restore])
  ]);
}

/** The value on the record itself; undefined when this program does not know the field. */
function valueChange(conflict: RecordRow<'conflict'>, value: unknown): AnyChange | undefined {
  const { targetType = '', target = '', field = '' } = conflict.values;
  if (!isRecordType(targetType) || target === '') return undefined;
  const parsed: Readonly<Record<string, unknown>> = parseValues(targetType, { [field]: value });
  if (value !== null && parsed[field] === undefined) return undefined;
  // The type and its field come together from one record that the server made; the schema has just agreed.
  return { type: targetType, id: target, set: { [field]: value } } as AnyChange;
}
