import * as v from 'valibot';
import { answerValueSchema, type Answers } from '#domain/survey/answers.ts';
import { recordKey, type DeviceDatabase } from '$lib/storage/database.ts';
import { readDrafts, removeDraft, saveDraft } from '$lib/storage/drafts.ts';
import { open } from '$lib/storage/sealing.ts';

/** A questionnaire that was sent from this phone. Its answers are shown until the phone is handed to somebody else. */
export interface SentQuestionnaire {
  readonly id: string;
  readonly code: string;
  readonly submittedAt: number;
  /** Parts answered so far. */
  readonly parts: readonly string[];
  /** Version of the form that they were given with. */
  readonly version?: number;
  /** Absent once the phone was handed over. */
  readonly answers?: Answers;
}

export type SentState = 'waiting' | 'delivered' | 'attention' | 'returned';

/** The centre's remark with which a questionnaire was returned to this phone. */
export interface Returned {
  /** Id of the remark. */
  readonly id: string;
  readonly text: string;
}

const remarkSchema = v.object({
  target: v.string(),
  text: v.optional(v.string(), ''),
  done: v.optional(v.boolean(), false)
});

const kind = 'sent';
const schema = v.object({
  code: v.string(),
  submittedAt: v.number(),
  parts: v.array(v.string()),
  version: v.optional(v.number()),
  answers: v.optional(v.record(v.string(), answerValueSchema))
});

export async function readSent(database: DeviceDatabase): Promise<readonly SentQuestionnaire[]> {
  const drafts = await readDrafts(database, kind);
  return drafts
    .flatMap((draft) => {
      const parsed = v.safeParse(schema, draft.content);
      if (!parsed.success) return [];
      const { answers, version, ...rest } = parsed.output;
      return [
        {
          id: draft.id,
          ...rest,
          ...(version === undefined ? {} : { version }),
          ...(answers === undefined ? {} : { answers })
        }
      ];
    })
    .sort((left, right) => right.submittedAt - left.submittedAt);
}

export async function noteSent(database: DeviceDatabase, sent: SentQuestionnaire): Promise<void> {
  const { id, ...content } = sent;
  await saveDraft(database, { id, kind, updatedAt: sent.submittedAt, content });
}

/** «Передать другому»: numbers, dates and states stay, contents go from the screen. */
export async function handOver(database: DeviceDatabase): Promise<void> {
  for (const sent of await readSent(database)) {
    await noteSent(database, {
      id: sent.id,
      code: sent.code,
      submittedAt: sent.submittedAt,
      parts: sent.parts
    });
  }
}

/** Where a sent questionnaire is now. */
export async function stateOf(
  database: DeviceDatabase,
  id: string
): Promise<{ readonly state: SentState; readonly returned?: Returned }> {
  const key = recordKey('response', id);
  if ((await database.outbox.where('keys').equals(key).count()) > 0) return { state: 'waiting' };
  if ((await refusedOperations(database, id)).length > 0) return { state: 'attention' };
  for (const row of await database.records.where('e').equals('remark').toArray()) {
    const parsed = v.safeParse(remarkSchema, open(row.body).f);
    if (parsed.success && parsed.output.target === id && !parsed.output.done)
      return { state: 'returned', returned: { id: row.k, text: parsed.output.text } };
  }
  return { state: 'delivered' };
}

/** Numbers of this phone's operations on a questionnaire that were not accepted and are still to be settled. */
export async function refusedOperations(database: DeviceDatabase, id: string): Promise<readonly number[]> {
  const rows = await database.attention.where('keys').equals(recordKey('response', id)).toArray();
  return rows.filter((row) => row.state === 'open').map((row) => row.n);
}

/** A crash between noting a questionnaire as sent and storing it leaves a note without it: such a note goes. */
export async function dropUnsent(database: DeviceDatabase, stillFilling: string | undefined): Promise<void> {
  if (stillFilling === undefined) return;
  const key = recordKey('response', stillFilling);
  const stored = await Promise.all(
    [database.outbox, database.retained, database.attention].map((table) =>
      table.where('keys').equals(key).count()
    )
  );
  if (stored.every((count) => count === 0)) await removeDraft(database, stillFilling);
}
