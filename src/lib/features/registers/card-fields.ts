import { checkInn, checkOgrn } from '#domain/names/requisites.ts';
import { ageBands } from '#domain/records/person.ts';
import { ageBandWord } from '$lib/features/people/index.ts';
import type { Desk } from '$lib/features/office/index.ts';
import type { FormField } from '$lib/features/record-form/index.ts';
import { m } from '$lib/paraglide/messages.js';
import {
  groupStages,
  organisationKinds,
  requisiteWarning,
  settlementKinds,
  settlementWays
} from './words.ts';

/** The form of a person's card; surname and first name are enough. */
export function personFields(desk: Desk): readonly FormField[] {
  return [
    { key: 'surname', label: m.office_surname(), kind: 'line', required: true },
    { key: 'name', label: m.office_first_name(), kind: 'line', required: true },
    { key: 'patronymic', label: m.office_patronymic(), kind: 'line' },
    { key: 'settlement', label: m.office_settlement(), kind: 'choice', options: desk.settlements },
    { key: 'organisation', label: m.office_organisation(), kind: 'choice', options: desk.organisations },
    { key: 'group', label: m.office_group(), kind: 'choice', options: desk.groups },
    { key: 'position', label: m.office_position(), kind: 'line' },
    { key: 'phone', label: m.office_phone(), kind: 'phone' },
    { key: 'email', label: m.office_email(), kind: 'email' },
    {
      key: 'ageBand',
      label: m.field_age(),
      kind: 'choice',
      options: ageBands.map((value) => ({ value, label: ageBandWord(value) }))
    },
    { key: 'note', label: m.office_note(), kind: 'text' }
  ];
}

/** The form of an organisation; ИНН and ОГРН warn and never forbid. */
export function organisationFields(desk: Desk): readonly FormField[] {
  return [
    { key: 'name', label: m.office_name_of(), kind: 'line', required: true },
    { key: 'shortName', label: m.office_short_name(), kind: 'line' },
    { key: 'kind', label: m.office_kind(), kind: 'choice', options: organisationKinds() },
    { key: 'legalForm', label: m.office_legal_form(), kind: 'line' },
    {
      key: 'inn',
      label: m.office_inn(),
      kind: 'line',
      characters: 14,
      warn: (text) => requisiteWarning(text, checkInn)
    },
    {
      key: 'ogrn',
      label: m.office_ogrn(),
      kind: 'line',
      characters: 17,
      warn: (text) => requisiteWarning(text, checkOgrn)
    },
    { key: 'settlement', label: m.office_settlement(), kind: 'choice', options: desk.settlements },
    { key: 'phone', label: m.office_phone(), kind: 'phone' },
    { key: 'email', label: m.office_email(), kind: 'email' },
    { key: 'note', label: m.office_note(), kind: 'text' }
  ];
}

export function groupFields(desk: Desk): readonly FormField[] {
  return [
    { key: 'name', label: m.office_name_of(), kind: 'line', required: true },
    { key: 'settlement', label: m.office_settlement(), kind: 'choice', options: desk.settlements },
    { key: 'stage', label: m.office_stage(), kind: 'choice', options: groupStages() },
    {
      key: 'organisation',
      label: m.office_group_became(),
      hint: m.office_group_became_hint(),
      kind: 'choice',
      options: desk.organisations
    },
    { key: 'idea', label: m.office_group_idea(), kind: 'text' }
  ];
}

export function settlementFields(): readonly FormField[] {
  return [
    { key: 'name', label: m.office_name_of(), kind: 'line', required: true },
    { key: 'kind', label: m.office_kind(), kind: 'choice', options: settlementKinds() },
    { key: 'municipality', label: m.office_municipality(), kind: 'line' },
    { key: 'population', label: m.office_population(), kind: 'count', characters: 7 },
    { key: 'populationYear', label: m.office_population_year(), kind: 'count', characters: 4 },
    { key: 'aliases', label: m.office_other_names(), kind: 'lines' },
    { key: 'access', label: m.office_access(), kind: 'choices', options: settlementWays() },
    { key: 'accessNote', label: m.office_access_note(), hint: m.office_access_note_hint(), kind: 'line' }
  ];
}
