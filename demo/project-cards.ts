import { projectIndicators } from '#domain/indicators/project-indicators.ts';
import type { Values } from '#domain/records/registry.ts';
import type { DemoChange } from './batch.ts';

export const closedProject = 'project-2022';
export const runningProject = 'project-next';
export const centreName = 'Демонстрационный ресурсный центр';

const goals = [
  'Развитие системы информационной, консультационной и методической поддержки деятельности СО НКО через укрепление общественных организаций Октябрьского района'
];
const tasks = [
  'Организовать систему взаимодействия между РЦ и СОНКО Октябрьского района, выявить и внедрить лучшие практики ресурсной поддержки СО НКО Октябрьского района',
  'Оказать информационную, методическую и консультационную поддержку СО НКО и инициативным гражданам'
];
const audiences = ['некоммерческие общественные организации', 'инициативные граждане'];

/** The project of the published card: its title word for word, with the hyphen. */
export function closedProjectChanges(): readonly DemoChange[] {
  const values: Values<'project'> = {
    title: 'Малым территориям-новые возможности',
    from: '2022-06-01',
    to: '2023-05-31',
    state: 'closed',
    funding: 'Грант губернатора СО НКО (Первый конкурс 2022)',
    total: 180_591_500,
    grant: 99_971_500,
    cofinancing: 80_620_000,
    cofinancingConfirmed: 80_620_000,
    goals,
    tasks,
    audiences,
    geography: 'Октябрьский район',
    implementer: centreName,
    source: 'Демо-данные: числа карточки — из источника, люди и организации придуманы.'
  };
  return [{ e: 'project', k: closedProject, set: values }, ...indicatorChanges(closedProject)];
}

export function runningProjectChanges(from: string, to: string): readonly DemoChange[] {
  const values: Values<'project'> = {
    title: 'Малым территориям — новые возможности. Продолжение',
    from,
    to,
    state: 'running',
    funding: 'Продолжение придумано для показа',
    total: 180_591_500,
    grant: 99_971_500,
    cofinancing: 80_620_000,
    cofinancingConfirmed: 41_350_000,
    goals,
    tasks,
    audiences,
    geography: 'Октябрьский район',
    implementer: centreName,
    source: 'Демо-данные. Люди, организации и сам проект-продолжение придуманы.'
  };
  return [{ e: 'project', k: runningProject, set: values }, ...indicatorChanges(runningProject)];
}

function indicatorChanges(project: string): readonly DemoChange[] {
  return projectIndicators().map(({ code, order, title, shortTitle, target, unit, rule }) => {
    const values: Values<'indicator'> = { project, code, order, title, shortTitle, target, unit, rule };
    return { e: 'indicator', k: `${project}-${code}`, set: values };
  });
}

/** A line of the calendar plan. */
export interface PlanLine {
  readonly title: string;
  readonly task: number;
  readonly from: string;
  readonly to: string;
  readonly state: NonNullable<Values<'milestone'>['state']>;
  readonly responsible: string;
  readonly expected: string;
  readonly deviation?: string;
}

export function planChanges(project: string, lines: readonly PlanLine[]): readonly DemoChange[] {
  return lines.map(({ title, task, from, to, state, responsible, expected, deviation }, index) => {
    const values: Values<'milestone'> = {
      project,
      order: index + 1,
      task,
      title,
      plannedFrom: from,
      plannedTo: to,
      state,
      responsible,
      expected,
      ...(state === 'done' ? { actualFrom: from, actualTo: to } : {}),
      ...(state === 'running' ? { actualFrom: from } : {}),
      ...(deviation === undefined ? {} : { deviation })
    };
    return { e: 'milestone', k: `${project}-plan${index + 1}`, set: values };
  });
}
