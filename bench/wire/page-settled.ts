import { changeOurs, deliver, openOurs, prepareOurs, storeOurs, type OurDevice } from './ours.ts';
import type { Place } from './fill-centre.ts';
import type { Mark } from './marks.ts';

/** What a page offers to the measurement that drives it. */
export interface SettledPage {
  /**
   * Connects a new device, lets it stand where it would stand if it had received all that is at the server, and gives it
   * marks of its own that both sides have.
   */
  readonly open: (code: string, place: Place, marks: readonly Mark[]) => Promise<void>;
  /** Corrects all of its marks; nothing is sent yet. */
  readonly change: () => Promise<void>;
  /** Sends what waits, receives the news; gives the first mark's status. */
  readonly exchange: () => Promise<unknown>;
}

let device: OurDevice;
let own: readonly Mark[] = [];

const settled: SettledPage = {
  open: async (code, place, marks) => {
    device = await openOurs('bench-settled', code);
    own = marks;
    await standAt(device, place);
    await prepareOurs(device, marks);
    await storeOurs(device, marks);
    await deliver(device);
    // What it sent itself has come back with the answer or comes now.
    await deliver(device);
  },
  change: () => changeOurs(device, own),
  exchange: async () => {
    await deliver(device);
    const row = await device.database.records.get(['attendance', own[0]?.id ?? '']);
    return row?.body.plain.f['status'];
  }
};
Object.assign(globalThis, { settled });

async function standAt({ database }: OurDevice, { epoch, head, cursors }: Place): Promise<void> {
  const state = await database.meta.get('state');
  if (state === undefined) throw new Error('The device has no identity');
  await database.meta.put({ ...state, epoch, head });
  await database.cursors.bulkPut(
    cursors.map((cursor) => ({ ...cursor, cursor: head[0], generation: 1, complete: true, healedAt: 0 }))
  );
}
