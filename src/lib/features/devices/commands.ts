import type { RecordRow } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';

/** A new worker of the centre; a tablet can be connected for the id that is returned. */
export async function addWorker(
  app: Pick<App, 'write' | 'newId'>,
  name: string,
  phone: string
): Promise<string> {
  const id = app.newId();
  await app.write([
    {
      type: 'staff',
      id,
      set: { name: name.trim(), ...(phone.trim() === '' ? {} : { phone: phone.trim() }) }
    }
  ]);
  return id;
}

/** Lets a held operation in, puts one aside, or takes that back; its author's device learns it from the same record. */
export async function settleProblem(
  app: Pick<App, 'write'>,
  problem: RecordRow<'problem'>,
  state: 'released' | 'dismissed' | 'open'
): Promise<void> {
  await app.write([{ type: 'problem', id: problem.id, set: { state } }]);
}
