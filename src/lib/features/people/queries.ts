import type { PersonName } from '#domain/names/person-name.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { readAll } from '$lib/storage/read.ts';

/** A person of the register as lists, search and look-alikes need them. */
export interface RegisterPerson extends PersonName {
  readonly id: string;
  /** Name of the settlement, empty when unknown. */
  readonly settlement: string;
  readonly settlementId: string | undefined;
  /** Name of the organisation, else of the group; empty when there is none. */
  readonly organisation: string;
  readonly organisationId: string | undefined;
  readonly phone: string | undefined;
  readonly ageBand: string | undefined;
  readonly seq: number;
}

/** Names of settlements, organisations and groups by their ids. */
export interface Places {
  readonly settlements: ReadonlyMap<string, string>;
  readonly organisations: ReadonlyMap<string, string>;
  readonly groups: ReadonlyMap<string, string>;
}

/** The names that stand beside people. */
export async function readPlaces(database: DeviceDatabase): Promise<Places> {
  const [settlements, organisations, groups] = await Promise.all([
    readAll(database, 'settlement'),
    readAll(database, 'organisation'),
    readAll(database, 'group')
  ]);
  return placesOf(settlements, organisations, groups);
}

/** The names of these. */
export function placesOf(
  settlements: readonly RecordRow<'settlement'>[],
  organisations: readonly RecordRow<'organisation'>[],
  groups: readonly RecordRow<'group'>[]
): Places {
  return {
    settlements: new Map(settlements.map((row) => [row.id, row.values.name ?? ''])),
    organisations: new Map(
      organisations.map((row) => [row.id, row.values.shortName ?? row.values.name ?? ''])
    ),
    groups: new Map(groups.map((row) => [row.id, row.values.name ?? '']))
  };
}

/** Everybody in the register of this device whose data were not erased. */
export async function readRegister(database: DeviceDatabase): Promise<readonly RegisterPerson[]> {
  const [people, places] = await Promise.all([readAll(database, 'person'), readPlaces(database)]);
  return registerPeople(people, places);
}

/** Those of these people whose data were not erased. */
export function registerPeople(
  people: readonly RecordRow<'person'>[],
  places: Places
): readonly RegisterPerson[] {
  return people.filter((row) => row.values.erased === undefined).map((row) => toRegisterPerson(row, places));
}

/** A person's record with the names beside it. */
export function toRegisterPerson(row: RecordRow<'person'>, places: Places): RegisterPerson {
  const { surname = '', name = '', patronymic, settlement, organisation, group, phone, ageBand } = row.values;
  const inOrganisation = organisation === undefined ? undefined : places.organisations.get(organisation);
  const inGroup = group === undefined ? undefined : places.groups.get(group);
  return {
    id: row.id,
    surname,
    name,
    patronymic,
    settlement: (settlement === undefined ? undefined : places.settlements.get(settlement)) ?? '',
    settlementId: settlement,
    organisation: inOrganisation ?? inGroup ?? '',
    organisationId: organisation,
    phone,
    ageBand,
    seq: row.seq
  };
}
