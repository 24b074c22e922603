import { countIndicators, type ProjectCount } from '#domain/indicators/count.ts';
import { lookAlikePairs } from '#domain/names/look-alikes.ts';
import type { RecordSet } from '#domain/records/record-set.ts';

/** The indicators of a project, with the look-alike pairs that nobody decided about. */
export function counted(rows: RecordSet, id: string): ProjectCount {
  const project = rows.get('project', id);
  if (project === undefined) throw new Error(`no project ${id}`);
  const cards = [...rows.all('person').values()].map((person) => ({
    id: person.id,
    surname: person.values.surname ?? '',
    name: person.values.name ?? '',
    patronymic: person.values.patronymic,
    settlement: person.values.settlement,
    phone: person.values.phone,
    ageBand: person.values.ageBand
  }));
  const different = new Set(
    [...rows.all('alias').values()].flatMap((alias) =>
      (alias.values.differs ?? []).map((other) => [alias.id, other].sort().join(' '))
    )
  );
  const lookAlikes = lookAlikePairs(cards)
    .map(({ left, right }) => [left.id, right.id] as const)
    .filter(([left, right]) => !different.has([left, right].sort().join(' ')));
  return countIndicators(rows, rows.byParent('indicator', id), project, { lookAlikes });
}

/** «61/70» for each indicator. */
export function accepted(count: ProjectCount): readonly string[] {
  return count.counts.map((one) => `${one.accepted}/${one.target}`);
}
