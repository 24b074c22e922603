import { m } from '$lib/paraglide/messages.js';

/** Whose link of the demonstration is open. */
export type DemoRole = 'field' | 'respondent' | 'office';

/** The steps of the script that belong to one link, in order. */
export function demoSteps(role: DemoRole): readonly string[] {
  switch (role) {
    case 'field':
      return [
        m.demo_field_cut(),
        m.demo_field_mark(),
        m.demo_field_walk_in(),
        m.demo_field_nameless(),
        m.demo_field_reopen(),
        m.demo_field_consultation(),
        m.demo_field_restore()
      ];
    case 'respondent':
      return [m.demo_survey_cut(), m.demo_survey_answer(), m.demo_survey_restore()];
    case 'office':
      return [
        m.demo_office_look(),
        m.demo_office_inbox(),
        m.demo_office_accept(),
        m.demo_office_open(),
        m.demo_office_conflict(),
        m.demo_office_return(),
        m.demo_office_missing()
      ];
  }
}
