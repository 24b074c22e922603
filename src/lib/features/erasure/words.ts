import { erasureGrounds } from '#domain/records/erasure.ts';
import { m } from '$lib/paraglide/messages.js';

type Ground = (typeof erasureGrounds)[number];

const grounds: Readonly<Record<Ground, () => string>> = {
  withdrawal: m.erasure_ground_withdrawal,
  demand: m.erasure_ground_demand,
  purpose_reached: m.erasure_ground_purpose_reached,
  unlawful: m.erasure_ground_unlawful
};

const reasons: Readonly<Record<Ground, () => string>> = {
  withdrawal: m.act_reason_withdrawal,
  demand: m.act_reason_demand,
  purpose_reached: m.act_reason_purpose_reached,
  unlawful: m.act_reason_unlawful
};

/** The ground as the act names it. */
export function reasonWord(ground: Ground | undefined): string {
  return ground === undefined ? '' : reasons[ground]();
}

/** The grounds of the law with the time that each leaves, as choices. */
export function groundOptions(): readonly { readonly value: Ground; readonly label: string }[] {
  return erasureGrounds.map((value) => ({ value, label: grounds[value]() }));
}

export function isGround(text: string): text is Ground {
  return erasureGrounds.some((ground) => ground === text);
}

const kinds: Readonly<Record<string, () => string>> = {
  attendance: m.erasure_kind_attendance,
  confidential_text: m.erasure_kind_confidential_text,
  consent: m.erasure_kind_consent,
  consultation: m.erasure_kind_consultation,
  contact: m.erasure_kind_contact,
  membership: m.erasure_kind_membership,
  person: m.erasure_kind_person,
  photo: m.erasure_kind_photo,
  remark: m.erasure_kind_remark,
  review: m.erasure_kind_review
};

export function kindWord(type: string): string {
  return kinds[type]?.() ?? type;
}

/** By `type.field`, or by the field alone. */
const categories: Readonly<Record<string, () => string>> = {
  surname: m.category_name,
  name: m.category_name,
  patronymic: m.category_name,
  phone: m.category_phone,
  email: m.category_email,
  settlement: m.category_settlement,
  position: m.category_position,
  ageBand: m.category_age,
  note: m.category_note,
  signatureInk: m.category_signature,
  paperLine: m.category_paper_line,
  'membership.role': m.category_role,
  'membership.from': m.category_role,
  'membership.to': m.category_role,
  request: m.category_words,
  advice: m.category_words,
  result: m.category_words,
  followUp: m.category_words,
  text: m.category_words,
  answer: m.category_words,
  question: m.category_words,
  reason: m.category_words,
  file: m.category_photo,
  size: m.category_photo,
  width: m.category_photo,
  height: m.category_photo
};

/** What kinds of data these fields of a record held, each once. */
export function categoryWords(type: string, fields: readonly string[]): readonly string[] {
  const words = fields.map(
    (field) => categories[`${type}.${field}`] ?? categories[field] ?? m.category_other
  );
  return [...new Set(words)].map((word) => word());
}
