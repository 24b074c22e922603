import { questionnaireCode } from '#domain/names/code-words.ts';
import { reviewId } from '#domain/records/review.ts';
import type { Values } from '#domain/records/registry.ts';
import type { Answers } from '#domain/survey/answers.ts';
import { surveyRecord } from '#domain/start/start-records.ts';
import { needsSurvey } from '#domain/survey/needs-survey.ts';
import { needsWave2021 } from '#domain/survey/wave-comparison.ts';
import type { DemoBatch, DemoChange } from './batch.ts';
import { office, staff, tabletAnna } from './crew.ts';
import { addDays, type Clock } from './days.ts';
import { centreName, runningProject } from './project-cards.ts';
import { createRandom, itemAt, type Random } from './random.ts';
import { settlementId, villages } from './settlements.ts';
import type { Timeline } from './timeline.ts';

export const runningCampaign = 'campaign-next';
const formVersion = `${needsSurvey.id}~${needsSurvey.version}`;
const responseCount = 41;
/** Too few for a table of their own. */
const fromSherkaly: ReadonlySet<number> = new Set([4, 17, 33]);

/** The form, the wave of 2021 as the published percentages that it is, and the running wave with 41 answers. */
export function holdSurvey(
  timeline: Timeline,
  clock: Clock,
  { seed, today, surveyLink }: { readonly seed: string; readonly today: string; readonly surveyLink: string }
): void {
  const coordinator = itemAt(staff, 0);
  const from = addDays(today, -21);
  const imported: Values<'campaign'> = {
    title: 'Изучение потребностей СО НКО, 2021',
    description: 'Опубликованные проценты; самих анкет нет.',
    form: formVersion,
    version: needsSurvey.version,
    state: 'closed',
    imported: { ...needsWave2021 }
  };
  const running: Values<'campaign'> = {
    project: runningProject,
    title: 'Какая помощь нужна вашему селу?',
    description: 'Спрашивает Ресурсный центр. Около 5 минут, без фамилии и телефона.',
    form: formVersion,
    version: needsSurvey.version,
    from,
    to: addDays(today, 21),
    state: 'open',
    link: surveyLink,
    asks: centreName,
    phone: coordinator.phone,
    contactName: coordinator.name,
    resultsNote: 'в группе центра и на встречах в сёлах через месяц после опроса',
    doneNote:
      'Провели три семинара по социальному проектированию в сёлах.\nОткрыли консультации по телефону по вторникам.\nДали проектор и принтер во временное пользование.'
  };
  timeline.exchange(office, clock('2022-06-01', '11:00'), [
    surveyRecord(),
    { e: 'campaign', k: 'campaign-2021', set: imported }
  ]);
  timeline.exchange(office, clock(addDays(from, -2), '16:00'), [
    { e: 'campaign', k: runningCampaign, set: running }
  ]);

  const random = createRandom(`${seed} survey`);
  const accepted: string[] = [];
  for (let index = 0; index < responseCount; index++) {
    // The last six came yesterday and await review.
    const isLate = index >= responseCount - 6;
    const day = isLate ? addDays(today, -1) : addDays(from, Math.floor((index * 18) / responseCount));
    const id = `response-${index + 1}`;
    timeline.push(responseBatch(id, index, clock(day, itemAt(hours, index)), random, surveyLink));
    if (!isLate) accepted.push(id);
  }
  const at = clock(addDays(today, -2), '12:30');
  timeline.exchange(
    office,
    at,
    accepted.map((id): DemoChange => ({
      e: 'review',
      k: reviewId('response', id),
      set: { state: 'accepted', at, by: 'olga' },
      upToAll: true
    }))
  );
}

const hours = ['09:20', '10:45', '12:05', '13:30', '16:10', '18:25', '19:40', '20:15'] as const;

/** Every fourth was filled by a worker from somebody's words; the others came by the link, each from a phone of its own. */
function responseBatch(id: string, index: number, w: number, random: Random, surveyLink: string): DemoBatch {
  const isAssisted = index % 4 === 3;
  const settlement = settlementId(
    fromSherkaly.has(index) ? 'sherkaly' : itemAt(villages, random.below(villages.length))
  );
  const bytes = Uint8Array.from({ length: 4 }, () => random.below(256));
  const values: Values<'response'> = {
    campaign: runningCampaign,
    form: formVersion,
    version: needsSurvey.version,
    answers: answersOf(settlement, index, random),
    settlement,
    code: questionnaireCode(bytes),
    language: 'ru',
    startedAt: w - (4 + random.below(8)) * 60_000,
    finishedAt: w,
    ...(isAssisted ? { assisted: true } : {})
  };
  const contact: Values<'contact'> = {
    campaign: runningCampaign,
    name: index === 9 ? 'Надежда' : 'Геннадий Павлович',
    phone: index === 9 ? '+79000000301' : '+79000000302',
    question: index === 9 ? 'Как получить помощь с проектом площадки?' : 'Хотим создать ТОС.',
    consentTextVersion: '1',
    consentDate: new Date(w).toISOString().slice(0, 10),
    state: 'new'
  };
  const changes: DemoChange[] = [{ e: 'response', k: id, set: values, sawAll: false }];
  if (index === 9 || index === 38)
    changes.push({ e: 'contact', k: `contact-${index}`, set: contact, sawAll: false });
  const at = w + 5000;
  if (isAssisted) {
    const { id: device, role, user } = tabletAnna;
    return { device, role, user, at, operations: [{ w, by: user, changes }] };
  }
  return {
    device: `link-demo${index + 1}`,
    role: 'respondent',
    user: 'link',
    at,
    operations: [{ w, by: 'link', changes }],
    link: surveyLink
  };
}

/** Answers that the form takes: the frozen question, its follow-ups and, for two in three, a few more. */
function answersOf(settlement: string, index: number, random: Random): Answers {
  const shares = { material: 0.25, training: 0.6, project_design: 0.7, consulting: 0.4, info: 0.5 };
  const needs = Object.entries(shares).flatMap(([code, share]) => (random.chance(share) ? [code] : []));
  const chosen = needs.length > 0 ? needs : [index % 2 === 0 ? 'none' : 'hard_to_say'];
  const kind = itemAt(['ngo', 'group', 'self', 'institution', 'self', 'ngo'] as const, index);
  const first: Answers = {
    q_settlement: settlement,
    q_kind: kind,
    q_needs5: chosen,
    ...(needs.length >= 2 ? { q_top1: random.pick(needs) } : {}),
    q_format: some(['own_village', 'district_centre', 'live_online', 'recorded', 'paper'], 0.4, random),
    q_barriers: some(['far', 'no_time', 'no_internet', 'wrong_days', 'ourselves'], 0.35, random).slice(0, 3),
    ...(index % 6 === 1 ? { q_open: itemAt(openWords, Math.floor(index / 6)) } : {})
  };
  if (index % 3 === 2) return first;
  const group: Answers = { q_group_size: 4 + random.below(12), q_group_plan: 'later' };
  return {
    ...first,
    ...(kind === 'group' ? group : {}),
    ...(kind === 'self' ? {} : { q_role: random.pick(['head', 'member', 'volunteer']) }),
    ...(kind === 'institution' ? { q_inst: random.pick(['school', 'library', 'culture_house']) } : {}),
    q_net: random.pick(['good', 'unsteady', 'unsteady', 'in_places']),
    q_self: 2 + random.below(4),
    q_coop: random.pick(['none', 'one', 'few']),
    q_age: random.pick(['from18', 'from36', 'from36', 'from55', 'undisclosed'])
  };
}

const openWords = [
  'Приезжайте до закрытия зимника, потом к нам только вертолётом.',
  'Хорошо бы занятия по вечерам, днём все на работе.',
  'Нужен образец заявки, чтобы писать рядом.',
  'Спасибо за помощь с отчётом.',
  'Интернет только у школы, присылайте коротко.',
  'Есть желающие сделать лыжную трассу, не знаем, с чего начать.',
  'Не все слышали о центре, повесьте объявление в магазине.'
] as const;

function some(codes: readonly string[], share: number, random: Random): readonly string[] {
  const chosen = codes.filter(() => random.chance(share));
  return chosen.length > 0 ? chosen : [random.pick(codes)];
}
