import { createSearchIndex } from '#domain/names/search-keys.ts';
import type { RecordRow } from '#domain/records/registry.ts';
import type { Desk } from '$lib/features/office/index.ts';

/** The register as it is searched at the door: by name, organisation, village, end of the number. */
export function peopleIndex(desk: Desk) {
  return createSearchIndex(
    [...desk.records.all('person').values()].filter(({ values }) => values.erased === undefined),
    ({ id, values }: RecordRow<'person'>) => ({
      id,
      surname: values.surname ?? '',
      name: values.name ?? '',
      patronymic: values.patronymic,
      organisation: desk.organisationName(values.organisation) || desk.groupName(values.group),
      settlement: desk.settlementName(values.settlement),
      phone: values.phone
    })
  );
}
