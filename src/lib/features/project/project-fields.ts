import { projectIndicators } from '#domain/indicators/project-indicators.ts';
import type { FormField } from '$lib/features/record-form/index.ts';
import { m } from '$lib/paraglide/messages.js';

/** The form of a project's passport; the title stands as in the grant's agreement. */
export function projectFields(): readonly FormField[] {
  return [
    { key: 'title', label: m.office_project_title(), kind: 'text', required: true },
    { key: 'from', label: m.office_from(), kind: 'day', required: true },
    { key: 'to', label: m.office_to(), kind: 'day', required: true },
    {
      key: 'state',
      label: m.office_state(),
      kind: 'choice',
      options: [
        { value: 'planned', label: m.office_project_planned() },
        { value: 'running', label: m.office_project_running() },
        { value: 'closed', label: m.office_project_closed() }
      ]
    },
    { key: 'grant', label: m.office_grant(), kind: 'money', characters: 14 },
    { key: 'cofinancing', label: m.office_cofinancing(), kind: 'money', characters: 14 },
    { key: 'cofinancingConfirmed', label: m.office_cofinancing_confirmed(), kind: 'money', characters: 14 },
    { key: 'total', label: m.office_total(), kind: 'money', characters: 14 },
    { key: 'funding', label: m.office_funding(), kind: 'line' },
    { key: 'geography', label: m.office_geography(), kind: 'line' },
    { key: 'implementer', label: m.office_implementer(), kind: 'line' },
    { key: 'goals', label: m.office_goal(), kind: 'lines' },
    { key: 'tasks', label: m.office_tasks(), kind: 'lines' },
    { key: 'source', label: m.office_project_source(), kind: 'text' }
  ];
}

/** The form of a line of the calendar plan. */
export function milestoneFields(): readonly FormField[] {
  return [
    { key: 'title', label: m.office_milestone(), kind: 'line', required: true },
    { key: 'order', label: m.office_order(), kind: 'count', characters: 4 },
    { key: 'plannedFrom', label: m.office_planned_from(), kind: 'day' },
    { key: 'plannedTo', label: m.office_planned_to(), kind: 'day' },
    { key: 'actualFrom', label: m.office_actual_from(), kind: 'day' },
    { key: 'actualTo', label: m.office_actual_to(), kind: 'day' },
    {
      key: 'state',
      label: m.office_state(),
      kind: 'choice',
      options: [
        { value: 'planned', label: m.office_milestone_planned() },
        { value: 'running', label: m.office_milestone_running() },
        { value: 'done', label: m.office_milestone_done() },
        { value: 'cancelled', label: m.office_milestone_cancelled() }
      ]
    },
    { key: 'responsible', label: m.office_responsible(), kind: 'line' },
    { key: 'expected', label: m.office_expected_result(), kind: 'text' },
    { key: 'deviation', label: m.office_deviation_why(), kind: 'text' }
  ];
}

/** The form of a new indicator: what it counts is chosen among the rules that the program knows. */
export function newIndicatorFields(): readonly FormField[] {
  return [
    {
      key: 'code',
      label: m.office_indicator_rule(),
      kind: 'choice',
      required: true,
      options: projectIndicators().map(({ code, title }) => ({ value: code, label: title }))
    },
    { key: 'title', label: m.office_indicator_title(), hint: m.office_indicator_title_hint(), kind: 'line' },
    { key: 'target', label: m.office_target(), kind: 'count', characters: 6, required: true }
  ];
}

/** What a new indicator has by the rule that was chosen for it. */
export function withRule(set: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const template = projectIndicators().find(({ code }) => code === set['code']);
  if (template === undefined) return set;
  const { code, order, title, shortTitle, unit, rule } = template;
  return { title, ...set, code, order, shortTitle, unit, rule };
}
