import { m } from '$lib/paraglide/messages.js';

/** Whose link of the demonstration is open. */
export type DemoRole = 'field' | 'office';

/** One step of the script and the tab in which it is done. */
export interface DemoStep {
  readonly tab: string;
  readonly isHere: (role: DemoRole) => boolean;
  readonly words: string;
}

/** The script in its order. */
export function demoSteps(): readonly DemoStep[] {
  const office = { tab: m.demo_tab_office(), isHere: (role: DemoRole) => role === 'office' };
  const field = { tab: m.demo_tab_field(), isHere: (role: DemoRole) => role === 'field' };
  const survey = { tab: m.demo_tab_survey(), isHere: () => false };
  return [
    { ...office, words: m.demo_step_1() },
    { ...field, words: m.demo_step_2() },
    { ...field, words: m.demo_step_3() },
    { ...field, words: m.demo_step_4() },
    { ...field, words: m.demo_step_5() },
    { ...field, words: m.demo_step_6() },
    { ...field, words: m.demo_step_7() },
    { ...survey, words: m.demo_step_8() },
    { ...field, tab: m.demo_tab_links(), words: m.demo_step_9() },
    { ...office, words: m.demo_step_10() },
    { ...office, words: m.demo_step_11() },
    { ...office, words: m.demo_step_12() },
    { ...office, words: m.demo_step_13() },
    { ...office, words: m.demo_step_14() },
    { ...office, words: m.demo_step_15() }
  ];
}
