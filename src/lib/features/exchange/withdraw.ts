import type { App } from '$lib/app/open-app.ts';
import type { Operation } from '#domain/sync/operation.ts';
import type { AttentionRow, DeviceDatabase } from '$lib/storage/database.ts';
import { attendanceStatuses, type AttendanceStatus } from '#domain/records/attendance.ts';
import { open } from '$lib/storage/sealing.ts';
import { forgetAttention, type AnyChange } from '$lib/storage/write.ts';

/**
 * «Отозвать»: the person does not want what was not accepted. Where the record can still be written, an operation that
 * only repeats the standing value replaces it, so that the coordinator's desk closes it too; where every write of the
 * record would meet the same obstacle, it is closed on this device.
 */
export async function withdraw(
  app: Pick<App, 'database' | 'write'>,
  item: { readonly n: number; readonly operation: Operation; readonly reason: AttentionRow['reason'] }
): Promise<void> {
  const change = mayWriteAgain(item.reason) ? await repeatStanding(app.database, item.operation) : undefined;
  if (change === undefined) await forgetAttention(app.database, item.n);
  else await app.write([change], { replaces: item.n });
}

/** Whether the obstacle lay in the words of the operation, and not in the record or in the rights. */
function mayWriteAgain(reason: AttentionRow['reason']): boolean {
  return reason === 'invalid' || reason === 'too_large' || reason === 'internal';
}

/** The smallest change that leaves a record as the centre has it; undefined when nothing of it is there. */
async function repeatStanding(
  database: DeviceDatabase,
  operation: Operation
): Promise<AnyChange | undefined> {
  for (const { e, k } of operation.ch) {
    const row = await database.confirmed.get([e, k]);
    const record = row === undefined ? await database.records.get([e, k]) : row;
    const standing = record === undefined || record.body === null ? {} : open(record.body).f;
    if (e === 'attendance') return { type: e, id: k, set: { status: statusOf(standing['status']) } };
    if (e === 'sheet') return { type: e, id: k, set: { closed: standing['closed'] === true } };
    if (e === 'person' && typeof standing['surname'] === 'string') {
      return { type: e, id: k, set: { surname: standing['surname'] } };
    }
    if ((e === 'event' || e === 'consultation') && typeof standing['project'] === 'string') {
      return { type: e, id: k, set: { project: standing['project'] } };
    }
  }
  return undefined;
}

function statusOf(standing: unknown): AttendanceStatus {
  return attendanceStatuses.find((status) => status === standing) ?? 'none';
}
