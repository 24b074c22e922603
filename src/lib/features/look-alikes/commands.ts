import type { RecordSet } from '#domain/records/record-set.ts';
import type { App } from '$lib/app/open-app.ts';

type Decider = Pick<App, 'write'>;

/** «Это один человек»: the loser's card points to the one that stands; nothing is moved, so it can be taken back. */
export async function joinPeople(app: Decider, stands: string, loser: string): Promise<void> {
  await app.write([{ type: 'alias', id: loser, set: { kind: 'person', of: stands } }]);
}

/** «Разъединить». */
export async function splitPeople(app: Decider, loser: string): Promise<void> {
  await app.write([{ type: 'alias', id: loser, set: { of: null } }]);
}

/** «Это разные люди»: the pair is not offered again. */
export async function keepApart(
  app: Decider,
  records: RecordSet,
  left: string,
  right: string
): Promise<void> {
  const known = records.get('alias', left)?.values.differs ?? [];
  await app.write([
    { type: 'alias', id: left, set: { kind: 'person', differs: [...new Set([...known, right])] } }
  ]);
}

/** Takes {@link keepApart} back. */
export async function offerAgain(
  app: Decider,
  records: RecordSet,
  left: string,
  right: string
): Promise<void> {
  const known = records.get('alias', left)?.values.differs ?? [];
  await app.write([{ type: 'alias', id: left, set: { differs: known.filter((id) => id !== right) } }]);
}
