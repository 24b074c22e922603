import * as v from 'valibot';
import { answerValueSchema, type Answers } from '#domain/survey/answers.ts';
import { recordKey, type DeviceDatabase } from '$lib/storage/database.ts';
import { readDrafts, removeDraft, saveDraft } from '$lib/storage/drafts.ts';

/** A questionnaire that was sent from this phone. Its answers are shown until the phone is handed to somebody else. */
export interface SentQuestionnaire {
  readonly id: string;
  readonly code: string;
  readonly submittedAt: number;
  /** Parts answered so far. */
  readonly parts: readonly string[];
  /** Absent once the phone was handed over. */
  readonly answers?: Answers;
}

export type SentState = 'waiting' | 'delivered' | 'attention';

const kind = 'sent';
const schema = v.object({
  code: v.string(),
  submittedAt: v.number(),
  parts: v.array(v.string()),
  answers: v.optional(v.record(v.string(), answerValueSchema))
});

export async function readSent(database: DeviceDatabase): Promise<readonly SentQuestionnaire[]> {
  const drafts = await readDrafts(database, kind);
  return drafts
    .flatMap((draft) => {
      const parsed = v.safeParse(schema, draft.content);
      if (!parsed.success) return [];
      const { answers, ...rest } = parsed.output;
      return [{ id: draft.id, ...rest, ...(answers === undefined ? {} : { answers }) }];
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
export async function stateOf(database: DeviceDatabase, id: string): Promise<SentState> {
  const key = recordKey('response', id);
  if ((await database.outbox.where('keys').equals(key).count()) > 0) return 'waiting';
  const refused = await database.attention.where('keys').equals(key).toArray();
  return refused.some((row) => row.state === 'open') ? 'attention' : 'delivered';
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
