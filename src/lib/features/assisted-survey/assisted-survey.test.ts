import { beforeEach, describe, expect, it } from 'vitest';
import { joinIds } from '#domain/ids.ts';
import { needsSurvey } from '#domain/survey/needs-survey.ts';
import { startSurvey } from '#domain/survey/engine.ts';
import { DeviceDatabase } from '$lib/storage/database.ts';
import { readDrafts } from '$lib/storage/drafts.ts';
import { ensureIdentity } from '$lib/storage/identity.ts';
import { readAll, readRecord } from '$lib/storage/read.ts';
import { RowsInHand } from '$lib/storage/rows-in-hand.ts';
import { settleAcknowledgements, settleOverlays } from '$lib/storage/settle.ts';
import { requireState, write } from '$lib/storage/write.ts';
import { AssistedSession } from './assisted-session.svelte.ts';
import { recordContact, type Recorder } from './commands.ts';
import { parseFilling, readFillings, readOpenSurveys, type OpenSurvey } from './queries.ts';
import { readRecorded, readToCorrect, returnedHref } from './recorded.ts';

const now = Date.UTC(2026, 10, 24, 9);
const bytes = new Uint8Array([0, 0, 1, 61]);
const environment = {
  now: () => now,
  mono: () => 1,
  page: 'test',
  randomBytes: (length: number) => new Uint8Array(length)
};
let serial = 0;
let app: Recorder;
let survey: OpenSurvey;

const settlementQuestion =
  needsSurvey.parts[0]?.questions.find((question) => question.type === 'settlement')?.id ?? '';

beforeEach(async () => {
  const database = new DeviceDatabase(`assisted-${serial++}`);
  await ensureIdentity(database, {
    device: 'd1',
    secret: 's',
    role: 'field',
    user: 'u7',
    name: 'Планшет № 1'
  });
  let made = 0;
  app = {
    database,
    now: () => now,
    newId: () => `new${++made}`,
    write: (changes, extra = {}) => write(database, environment, { ...extra, by: 'u7', changes })
  };
  const { id, version } = needsSurvey;
  const form = joinIds(id, String(version));
  await app.write([
    { type: 'settlement', id: 's1', set: { name: 'Шеркалы' } },
    {
      type: 'form',
      id: form,
      set: { form: id, version, definition: structuredClone(needsSurvey) }
    },
    { type: 'campaign', id: 'k1', set: { title: 'Опрос', form, version, state: 'open', from: '2026-11-01' } },
    { type: 'campaign', id: 'k2', set: { title: 'Закрыт', form, version, state: 'closed' } },
    { type: 'campaign', id: 'k3', set: { title: 'Прошёл', form, version, state: 'open', to: '2026-11-23' } }
  ]);
  const [open] = await readOpenSurveys(database, '2026-11-24');
  if (open === undefined) throw new Error('The survey is not open');
  survey = open;
});

describe('an assisted questionnaire', () => {
  it('is offered for surveys that are open today', async () => {
    expect((await readOpenSurveys(app.database, '2026-11-24')).map(({ id }) => id)).toEqual(['k1']);
    expect((await readOpenSurveys(app.database, '2026-10-31')).map(({ id }) => id)).toEqual(['k3']);
  });

  it('becomes a response pinned to the form version, with settlement and number, and ends its draft', async () => {
    const session = new AssistedSession(app, survey);
    session.start();
    session.give(settlementQuestion, 's1');
    await expect.poll(() => session.kept).toBe(true);
    await session.record('ru', bytes);
    expect(session.screen).toBe('recorded');
    expect((await readRecord(app.database, 'response', 'new1'))?.values).toMatchObject({
      campaign: 'k1',
      form: `${needsSurvey.id}~${needsSurvey.version}`,
      version: needsSurvey.version,
      settlement: 's1',
      code: 'КЕДР-417',
      assisted: true,
      answers: { [settlementQuestion]: 's1' }
    });
    expect(await readDrafts(app.database, 'assisted_survey')).toEqual([]);
    expect((await readRecorded(app.database)).map(({ code, state }) => [code, state])).toEqual([
      ['КЕДР-417', 'here']
    ]);
  });

  it('goes on where the battery died', async () => {
    const session = new AssistedSession(app, survey);
    session.start();
    session.give(settlementQuestion, 's1');
    session.next();
    const current = session.filling?.survey.current;
    await expect.poll(() => session.kept).toBe(true);
    const [kept] = await readFillings(app.database, survey);
    expect(kept?.filling.survey.current).toBe(current);
    expect(kept?.filling.survey.answers[settlementQuestion]).toBe('s1');
  });

  it('keeps a half-typed contact in its draft, without the consent, and the draft ends with it', async () => {
    const session = new AssistedSession(app, survey);
    session.start();
    session.give(settlementQuestion, 's1');
    session.typeContact({ name: 'Анна', phone: '8 912' });
    await expect.poll(() => session.kept).toBe(true);
    const [kept] = await readFillings(app.database, survey);
    expect(kept?.filling.contact).toEqual({ name: 'Анна', phone: '8 912', left: false });
    expect(await session.leaveContact({ name: 'Анна', phone: '+79123456789' })).toBe(true);
    expect(session.contact).toEqual({ name: '', phone: '', left: true });
    await session.record('ru', bytes);
    const [response] = await readAll(app.database, 'response');
    expect(JSON.stringify(response?.values)).not.toContain('Анна');
    expect(await readFillings(app.database, survey)).toEqual([]);
  });

  it('stays at an answer that the form does not take, with its reason, until it is changed', async () => {
    const session = new AssistedSession(app, survey);
    session.start();
    session.give('q_kind', 'group');
    session.give(settlementQuestion, 's1');
    await session.record('ru', bytes);
    session.startMore();
    expect(session.filling?.survey.current).toBe('q_group_size');
    session.give('q_group_size', 900);
    session.next();
    expect(session.problem).toEqual({ type: 'constraint', questionId: 'q_group_size' });
    expect(session.filling?.survey.current).toBe('q_group_size');
    session.give('q_group_size', 9);
    session.next();
    expect(session.problem).toBeUndefined();
    expect(session.filling?.survey.current).not.toBe('q_group_size');
  });

  it('does not go on under another version of the form', () => {
    const state = startSurvey(needsSurvey, needsSurvey.parts[0]?.id ?? '');
    const draft = { formId: needsSurvey.id, formVersion: 99, part: state.part, current: null, answers: {} };
    const content = { response: 'r1', campaign: 'k1', startedAt: now, survey: draft };
    expect(parseFilling(content, survey)).toBeUndefined();
  });

  it('adds the second part to the same response under the same number', async () => {
    const session = new AssistedSession(app, survey);
    session.start();
    session.give(settlementQuestion, 's1');
    await session.record('ru', bytes);
    session.startMore();
    expect(session.filling?.survey.part).toBe(needsSurvey.parts[1]?.id);
    await session.record('ru', new Uint8Array([9, 9, 9, 9]));
    const responses = await readAll(app.database, 'response');
    expect(responses.map(({ values }) => values.code)).toEqual(['КЕДР-417']);
  });

  it('leads from the last question to the summary and back', () => {
    const session = new AssistedSession(app, survey);
    session.start();
    for (let step = 0; session.screen === 'question' && step < 100; step += 1) session.next();
    expect(session.screen).toBe('summary');
    expect(session.isEmpty).toBe(true);
    session.previous();
    expect(session.screen).toBe('question');
  });

  it('is opened again when it was returned, after the tablet has given its record away', async () => {
    const session = new AssistedSession(app, survey);
    session.start();
    session.give(settlementQuestion, 's1');
    await session.record('ru', bytes);
    session.startMore();
    session.give('q_age', 'from55');
    await session.record('ru', bytes);
    // Delivered: a tablet reads no answers, so the record goes and only the kept operations know it.
    const { database } = app;
    await database.transaction('rw', database.tables, async () => {
      const state = await requireState(database);
      const waiting = await database.outbox.toArray();
      const acks = waiting.map(({ n }) => ({ n, seq: n, o: 'applied' as const }));
      const hand = new RowsInHand(database);
      await settleAcknowledgements(hand, environment, acks, now);
      await settleOverlays(hand, state, [], new Set());
      await hand.write();
    });
    expect(await readAll(database, 'response')).toEqual([]);
    const set = { to: 'u7', targetType: 'response' as const, target: 'new1', text: 'Уточните возраст' };
    await app.write([{ type: 'remark', id: 'r1', set }]);
    expect((await readRecorded(database)).map(({ code, state }) => [code, state])).toEqual([
      ['КЕДР-417', 'returned']
    ]);
    expect(await returnedHref(database, 'new1')).toBe('/field/survey/k1?correct=new1');
    expect(await returnedHref(database, 'gone')).toBe('/field/survey');

    const found = await readToCorrect(database, 'new1');
    if (found === undefined) throw new Error('Nothing to correct');
    const again = new AssistedSession(app, survey);
    again.correct(found);
    expect([again.screen, again.remark, again.parts]).toEqual([
      'summary',
      'Уточните возраст',
      needsSurvey.parts.map(({ id }) => id)
    ]);
    again.open('q_age');
    again.give('q_age', 'from36');
    await again.record('ru', new Uint8Array([9, 9, 9, 9]));
    const last = await readToCorrect(database, 'new1');
    expect(last?.answers).toEqual({ [settlementQuestion]: 's1', q_age: 'from36' });
    expect([last?.values.code, last?.remark]).toEqual(['КЕДР-417', undefined]);
  });

  it('records a contact apart from the answers', async () => {
    await recordContact(app, 'k1', { name: 'Анна', phone: '+79123456789' }, '2026-11-24');
    const [contact] = await readAll(app.database, 'contact');
    expect(contact?.values).toMatchObject({ name: 'Анна', consentDate: '2026-11-24', state: 'new' });
    expect(JSON.stringify(contact?.values)).not.toContain('КЕДР');
  });
});
