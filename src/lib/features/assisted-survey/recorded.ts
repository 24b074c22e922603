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
  const [kept, returned] = await Promise.all([readKept(database), readReturned(database)]);
  return toCorrect(kept, returned, response);
}

/** A returned questionnaire: the remark, and its number and the page that corrects it while this device still holds it. */
export interface ReturnedHere {
  readonly remark: RecordRow<'remark'>;
  readonly code: string | undefined;
  readonly href: string | undefined;
}

/** Every questionnaire that was returned to this worker. */
export async function readReturnedHere(database: DeviceDatabase): Promise<readonly ReturnedHere[]> {
  const [kept, returned] = await Promise.all([readKept(database), readReturned(database)]);
  return returned.map((remark) => {
    const found = toCorrect(kept, returned, remark.values.target ?? '');
    return { remark, code: found?.values.code, href: correctHref(found) };
  });
}

/** Open remarks about questionnaires that this worker recorded. */
export async function readReturned(database: DeviceDatabase): Promise<readonly RecordRow<'remark'>[]> {
  const remarks = await readAll(database, 'remark');
  return remarks.filter(({ values }) => values.targetType === 'response' && values.done !== true);
}

/** Where a returned questionnaire is corrected; the list of surveys tells when this device holds it no more. */
export async function returnedHref(database: DeviceDatabase, response: string): Promise<string> {
  return correctHref(await readToCorrect(database, response)) ?? '/field/survey';
}

function correctHref(found: ToCorrect | undefined): string | undefined {
  return found?.values.campaign === undefined
    ? undefined
    : `/field/survey/${found.values.campaign}?correct=${found.response}`;
}

function toCorrect(
  kept: ReadonlyMap<string, Kept>,
  returned: readonly RecordRow<'remark'>[],
  response: string
): ToCorrect | undefined {
  const values = kept.get(response)?.values;
  const answers = parseAnswers(values?.answers ?? {});
  if (values === undefined || !answers.ok) return undefined;
  const remark = returned.find((row) => row.values.target === response);
  return { response, values, answers: answers.value, remark };
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
  const start = recordKey('response', '');
  const [waiting, refused, delivered] = await Promise.all([
    database.outbox.where('keys').startsWith(start).distinct().toArray(),
    database.attention.where('keys').startsWith(start).distinct().toArray(),
    database.retained.where('keys').startsWith(start).distinct().toArray()
  ]);
  const rows = [...waiting, ...refused, ...delivered];
  const operations = rows.sort((left, right) => left.n - right.n).map((row) => open(row.body));
  const isWaiting = new Set(waiting.flatMap(({ keys }) => keys));
  const isRefused = new Set(refused.filter(({ state }) => state === 'open').flatMap(({ keys }) => keys));
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
