import type { Values } from '#domain/records/registry.ts';
import type { ConsentState } from '#domain/review/consent-state.ts';
import type { RequisiteWarning } from '#domain/names/requisites.ts';
import type { Result } from '#domain/result.ts';
import { m } from '$lib/paraglide/messages.js';

const consents: Record<ConsentState, () => string> = {
  given: m.office_consent_given,
  refused: m.office_consent_refused,
  withdrawn: m.office_consent_withdrawn,
  awaited: m.office_consent_awaited
};

export function consentWord(state: ConsentState | undefined): string {
  return state === undefined ? m.office_consent_none() : consents[state]();
}

type Kind = NonNullable<Values<'organisation'>['kind']>;

const kinds: Record<Kind, () => string> = {
  ngo: m.office_kind_ngo,
  municipal: m.office_kind_municipal,
  unregistered: m.office_kind_unregistered,
  other: m.office_kind_other
};

export function organisationKinds(): readonly { readonly value: Kind; readonly label: string }[] {
  const all: readonly Kind[] = ['ngo', 'municipal', 'unregistered', 'other'];
  return all.map((value) => ({ value, label: kinds[value]() }));
}

export function kindWord(kind: Kind | undefined): string {
  return kind === undefined ? '' : kinds[kind]();
}

/** A warning, never a prohibition; nothing for an empty field. */
export function requisiteWarning(
  text: string,
  check: (text: string) => Result<string, RequisiteWarning>
): string | undefined {
  if (text.trim() === '') return undefined;
  const checked = check(text);
  if (checked.ok) return undefined;
  return checked.error.type === 'wrong_length'
    ? m.office_requisite_length({ count: checked.error.digits, expected: checked.error.expected.join(' / ') })
    : m.office_requisite_wrong();
}
