import { addDays } from './days.ts';
import type { PlanLine } from './project-cards.ts';
import { obstacleOf } from './season.ts';

/** The calendar plan of the running project, planned against actual. */
export function runningPlan(from: string, today: string): readonly PlanLine[] {
  const responsible = 'Лескова О. В.';
  const day = (days: number): string => addDays(today, days);
  return [
    {
      title: 'Информационная кампания о начале проекта',
      task: 1,
      from,
      to: addDays(from, 30),
      state: 'done',
      responsible: 'Каюрова А. М.',
      expected: 'Не менее 5 публикаций'
    },
    {
      title: 'Семинар «Начинающий фандрайзер»',
      task: 2,
      from: day(-10),
      to: day(-5),
      state: 'done',
      responsible: 'Каюрова А. М.',
      expected: 'Не менее 5 СО НКО'
    },
    {
      title: 'Школа начинающего тренера социального проектирования',
      task: 2,
      from: day(-5),
      to: day(0),
      state: 'done',
      responsible: 'Раздольный И. И.',
      expected: 'Не менее 20 человек'
    },
    {
      title: 'Практическая работа в Карымкарах',
      task: 2,
      from: day(-7),
      to: day(-7),
      state: 'running',
      responsible: 'Раздольный И. И.',
      expected: 'Не менее 12 человек',
      deviation: `${obstacleOf(day(-7)).short}, перенесено на две недели`
    },
    {
      title: 'Школа социального проектирования для инициативных граждан',
      task: 2,
      from: day(0),
      to: day(28),
      state: 'planned',
      responsible: 'Раздольный И. И.',
      expected: 'Не менее 18 человек, три занятия'
    },
    {
      title: 'Консультации по регистрации НКО для инициативных групп',
      task: 2,
      from,
      to: day(120),
      state: 'running',
      responsible: 'Протокова Л. Е.',
      expected: 'Не менее 3 групп по 5 человек'
    },
    {
      title: 'Опрос о потребностях',
      task: 1,
      from: day(-21),
      to: day(21),
      state: 'running',
      responsible,
      expected: 'Не менее 60 анкет'
    },
    {
      title: 'Встреча с опытными НКО округа',
      task: 1,
      from: day(60),
      to: day(75),
      state: 'planned',
      responsible,
      expected: 'Обмен практиками, не менее 3 НКО'
    }
  ];
}
