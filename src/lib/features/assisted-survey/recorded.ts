import { parseAnswers, type Answers } from '#domain/survey/answers.ts';
import { parseValues, type RecordRow, type Values } from '#domain/records/registry.ts';
import { recordKey, type DeviceDatabase } from '$lib/storage/database.ts';
import { layOver } from '$lib/storage/overlay.ts';
import { readAll } from '$lib/storage/read.ts';
import { open } from '$lib/storage/sealing.ts';
import type { RecordState } from '$lib/ui/record-state.ts';

/** A questionnaire of this device that was returned with a remark or not accepted, as it was recorded here. */
export interface ToCorrect {
  readonly response: string;
  readonly values: Values<'response'>;
  readonly answers: Answers;
  /** The open remark with which it was returned. */
  readonly remark: RecordRow<'remark'> | undefined;
}

/**
 * What this device recorded, from the operations that it still keeps: a tablet is sent no answers. Undefined once they
 * are gone, or when another device recorded it.
 */
export async function readToCorrect(
  database: DeviceDatabase,
  response: string
): Promise<ToCorrect | undefined> {
  const kept = await readKept(database);
  const values = kept.get(response)?.values;
  if (values === undefined) return undefined;
  const answers = parseAnswers(values.answers ?? {});
  if (!answers.ok) return undefined;
  const remark = (await readReturned(database)).find((row) => row.values.target === response);
  return { response, values, answers: answers.value, remark };
}

/** Open remarks about questionnaires that this worker recorded. */
export async function readReturned(database: DeviceDatabase): Promise<readonly RecordRow<'remark'>[]> {
  const remarks = await readAll(database, 'remark');
  return remarks.filter(({ values }) => values.targetType === 'response' && values.done !== true);
}

/** Where a returned questionnaire is corrected; the list of surveys tells when this device holds it no more. */
export async function returnedHref(database: DeviceDatabase, response: string): Promise<string> {
  const found = await readToCorrect(database, response);
  return found?.values.campaign === undefined
    ? '/field/survey'
    : `/field/survey/${found.values.campaign}?correct=${response}`;
}

/** A questionnaire recorded on this device: number, time and state, not its contents. */
export interface Recorded {
  readonly id: string;
  readonly code: string;
  readonly finishedAt: number;
  readonly state: RecordState;
}

/** Questionnaires recorded from somebody's words on this device, the latest first. */
export async function readRecorded(database: DeviceDatabase): Promise<readonly Recorded[]> {
  const [kept, returned] = await Promise.all([readKept(database), readReturned(database)]);
  const open = new Set(returned.map(({ values }) => values.target));
  return [...kept]
    .filter(([, { values }]) => values.assisted === true)
    .map(([id, { values, state }]) => ({
      id,
      code: values.code ?? '',
      finishedAt: values.finishedAt ?? 0,
      state: state === 'delivered' && open.has(id) ? ('returned' as const) : state
    }))
    .sort((left, right) => right.finishedAt - left.finishedAt);
}

interface Kept {
  readonly values: Values<'response'>;
  readonly state: 'here' | 'attention' | 'delivered';
}

/** Questionnaires by id, as the operations that this device still keeps made them. */
async function readKept(database: DeviceDatabase): Promise<ReadonlyMap<string, Kept>> {
  const [waiting, refused, delivered] = await Promise.all(
    [database.outbox, database.attention, database.retained].map((table) =>
      table.where('keys').startsWith(recordKey('response', '')).distinct().toArray()
    )
  );
  const unsettled = await database.attention.where('state').equals('open').toArray();
  const rows = [waiting, refused, delivered].flatMap((part) => part ?? []);
  const operations = rows.sort((left, right) => left.n - right.n).map((row) => open(row.body));
  const keysOf = (part: readonly { readonly keys: readonly string[] }[] | undefined): ReadonlySet<string> =>
    new Set((part ?? []).flatMap((row) => row.keys));
  const [isWaiting, isRefused] = [keysOf(waiting), keysOf(unsettled)];
  const ids = new Set(
    operations.flatMap(({ ch }) => ch.flatMap((change) => (change.e === 'response' ? [change.k] : [])))
  );
  return new Map(
    [...ids].map((id): [string, Kept] => {
      const key = recordKey('response', id);
      const body = layOver(undefined, operations, 'response', id);
      const state = isRefused.has(key) ? 'attention' : isWaiting.has(key) ? 'here' : 'delivered';
      return [id, { values: parseValues('response', body?.f ?? {}), state }];
    })
  );
}
