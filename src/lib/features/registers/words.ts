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

export function organisationKinds(): Options<Kind> {
  return optionsOf(kinds);
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

type Stage = NonNullable<Values<'group'>['stage']>;

const stages: Record<Stage, () => string> = {
  idea: m.office_stage_idea,
  meeting_held: m.office_stage_meeting_held,
  papers_ready: m.office_stage_papers_ready,
  submitted: m.office_stage_submitted,
  registered: m.office_stage_registered,
  refused: m.office_stage_refused
};

export function groupStages(): Options<Stage> {
  return optionsOf(stages);
}

export function stageWord(stage: Stage | undefined): string {
  return stage === undefined ? '' : stages[stage]();
}

type Way = NonNullable<Values<'settlement'>['access']>[number];

const ways: Record<Way, () => string> = {
  winter_road: m.office_way_winter_road,
  ice_crossing: m.office_way_ice_crossing,
  river: m.office_way_river,
  air: m.office_way_air,
  rail: m.office_way_rail,
  road: m.office_way_road
};

export function settlementWays(): Options<Way> {
  return optionsOf(ways);
}

export function waysWord(found: readonly Way[] | undefined): string {
  return (found ?? []).map((way) => ways[way]()).join(', ');
}

type SettlementKind = NonNullable<Values<'settlement'>['kind']>;

const settlementWords: Record<SettlementKind, () => string> = {
  town: m.office_settlement_town,
  urban_settlement: m.office_settlement_urban,
  village: m.office_settlement_village,
  hamlet: m.office_settlement_hamlet,
  settlement: m.office_settlement_settlement,
  outside: m.office_settlement_outside
};

export function settlementKinds(): Options<SettlementKind> {
  return optionsOf(settlementWords);
}

export function settlementKindWord(kind: SettlementKind | undefined): string {
  return kind === undefined ? '' : settlementWords[kind]();
}

type ConsentKind = NonNullable<Values<'consent'>['kind']>;

const consentKindWords: Record<ConsentKind, () => string> = {
  processing: m.office_consent_processing,
  parent: m.office_consent_parent,
  photo: m.office_consent_photo,
  publication: m.office_consent_publication
};

export function consentKinds(): Options<ConsentKind> {
  return optionsOf(consentKindWords);
}

export function consentKindWord(kind: ConsentKind | undefined): string {
  return consentKindWords[kind ?? 'processing']();
}

export function consentStates(): Options<ConsentState> {
  return optionsOf(consents);
}

type Options<Value extends string> = readonly { readonly value: Value; readonly label: string }[];

function optionsOf<Value extends string>(words: Record<Value, () => string>): Options<Value> {
  return (Object.keys(words) as Value[]).map((value) => ({ value, label: words[value]() }));
}
