import { subjects } from '#domain/records/event.ts';
import { m } from '$lib/paraglide/messages.js';

type Subject = (typeof subjects)[number];

const words: Record<Subject, () => string> = {
  ngo_management: m.office_subject_ngo_management,
  fundraising: m.office_subject_fundraising,
  project_design: m.office_subject_project_design,
  trainer: m.office_subject_trainer,
  registration: m.office_subject_registration,
  accounting: m.office_subject_accounting,
  promotion: m.office_subject_promotion,
  volunteers: m.office_subject_volunteers,
  legal: m.office_subject_legal,
  other: m.office_subject_other
};

export function subjectOptions(): readonly { readonly value: Subject; readonly label: string }[] {
  return subjects.map((value) => ({ value, label: words[value]() }));
}
