import type { IndicatorRule } from './rule.ts';

export interface IndicatorTemplate {
  /** Kept in the record for the office's own use; never shown to people. */
  readonly code: string;
  readonly order: number;
  readonly title: string;
  /** For one line of several indicators: «Люди +3 · Соц. проектирование +3». */
  readonly shortTitle: string;
  /** «Не менее». */
  readonly target: number;
  readonly unit: IndicatorRule['count'];
  readonly rule: IndicatorRule;
}

/** The indicators of the reference project (and of its continuation) as counting rules; targets are the grant's. */
export function projectIndicators(): readonly IndicatorTemplate[] {
  return templates;
}

const templates: readonly IndicatorTemplate[] = [
  template('I0', 'Люди, получившие услуги', 'Люди', 70, {
    count: 'people',
    from: [{ records: 'attendance' }, { records: 'consultation' }]
  }),
  template('I1', 'СО НКО, которые учились управлять организацией', 'Управление НКО', 3, {
    count: 'organisations',
    organisationKinds: ['ngo'],
    from: [
      { records: 'attendance', subjects: ['ngo_management'] },
      { records: 'consultation', subjects: ['ngo_management'] }
    ]
  }),
  template('I2', 'СО НКО, получившие практическую помощь', 'Практическая помощь', 7, {
    count: 'organisations',
    organisationKinds: ['ngo'],
    from: [{ records: 'attendance', eventKinds: ['practical_work'] }, { records: 'consultation' }]
  }),
  template('I3', 'СО НКО, узнавшие о способах привлечения ресурсов', 'Привлечение ресурсов', 5, {
    count: 'organisations',
    organisationKinds: ['ngo'],
    from: [
      { records: 'attendance', subjects: ['fundraising'] },
      { records: 'consultation', subjects: ['fundraising'] }
    ]
  }),
  template('I4', 'Группы по 5 человек', 'Группы', 3, {
    count: 'groups',
    minimumPeople: 5,
    from: [{ records: 'consultation', kinds: ['consultation'], subjects: ['registration'] }]
  }),
  template('I5', 'Люди, разрабатывающие социальный проект', 'Соц. проектирование', 50, {
    count: 'people',
    from: [
      {
        records: 'attendance',
        eventKinds: ['seminar', 'school'],
        subjects: ['project_design', 'trainer']
      },
      { records: 'consultation', kinds: ['consultation'], subjects: ['project_design'] }
    ]
  }),
  template('I6', 'Проведённые обучающие семинары', 'Семинары', 3, {
    count: 'events',
    from: [{ records: 'attendance', eventKinds: ['seminar', 'school'] }]
  })
];

function template(
  code: string,
  title: string,
  shortTitle: string,
  target: number,
  rule: IndicatorRule
): IndicatorTemplate {
  return { code, order: Number(code.slice(1)), title, shortTitle, target, unit: rule.count, rule };
}
