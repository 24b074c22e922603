import type { RecordRow, RecordType, Values } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';
import type { ChangeOf } from '$lib/storage/write.ts';
import { shownOf } from '$lib/storage/read.ts';

type Writer = Pick<App, 'write' | 'newId'>;
type Editable = 'person' | 'organisation' | 'group' | 'settlement';

/**
 * Saves a card's form: only the fields that a person changed, against what the form showed when it was opened.
 * @returns the id of the card, a new one when there was none
 */
export async function saveCard<Type extends Editable & RecordType>(
  app: Writer,
  type: Type,
  opened: RecordRow<Type> | undefined,
  typed: { readonly [Field in keyof Values<Type>]?: Values<Type>[Field] | '' }
): Promise<string> {
  const id = opened?.id ?? app.newId();
  const before: Readonly<Record<string, unknown>> = opened?.values ?? {};
  const set: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(typed)) {
    const next = typeof value === 'string' && value.trim() === '' ? undefined : tidy(value);
    if (next === before[field]) continue;
    set[field] = next ?? null;
  }
  if (Object.keys(set).length === 0) return id;
  // The fields are the form's own, which the caller's type has checked.
  const change = {
    type,
    id,
    set,
    ...(opened === undefined ? {} : { shown: shownOf(opened) })
  } as ChangeOf<Type>;
  await app.write([change] as Parameters<Writer['write']>[0]);
  return id;
}

function tidy(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() : value;
}
