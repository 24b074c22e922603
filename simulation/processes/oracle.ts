import { centreId } from '#server/platform.ts';
import type { LogRow, ServerStorage } from '#server/storage/server-storage.ts';
import { open } from '$lib/storage/sealing.ts';
import { requireState } from '$lib/storage/write.ts';
import type { Tablet } from './tablet.ts';

/**
 * What the server's log must hold of what it has acknowledged, as far as tablets were told. `checked`: how many numbers of
 * each tablet were looked at before; they are not looked at again.
 */
export async function lostPromises(
  storage: ServerStorage,
  tablets: readonly Tablet[],
  checked: Map<string, number>
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const tablet of tablets) {
    const promised = [...tablet.acknowledged].sort(([a], [b]) => a - b);
    const fresh = promised.slice(checked.get(tablet.id) ?? 0);
    const [first] = fresh[0] ?? [];
    const [last] = fresh.at(-1) ?? [];
    if (first === undefined || last === undefined) continue;
    const rows = await storage.readSnapshot((snapshot) =>
      snapshot.operationsOf(centreId, tablet.id, first, last)
    );
    const seqs = new Map(rows.map((row) => [row.n, row.seq]));
    for (const [n, seq] of fresh)
      if (seqs.get(n) !== seq)
        problems.push(`${tablet.id} was told seq ${seq} for ${n}, the log has ${seqs.get(n) ?? 'nothing'}`);
    checked.set(tablet.id, promised.length);
  }
  return problems;
}

/** What is wrong when everything has arrived: nothing lost, nothing doubled, the same on every tablet and on the server. */
export async function wrongAtTheEnd(
  storage: ServerStorage,
  tablets: readonly Tablet[]
): Promise<readonly string[]> {
  const { log, epochs, records } = await storage.readSnapshot(async (snapshot) => ({
    log: await wholeLog(snapshot),
    epochs: await snapshot.epochs(centreId),
    records: await snapshot.recordsOfType(centreId, 'attendance')
  }));
  const problems: string[] = [];
  // A history that begins anew has everything sent again: it would hide what was lost.
  if (epochs.length !== 1) problems.push(`the server began ${epochs.length - 1} new histories`);
  const states = new Map(records.map((record) => [record.k, record.fields['status']?.v]));
  for (const tablet of tablets) {
    const wrong = (text: string): number => problems.push(`${tablet.id}: ${text}`);
    for (const error of tablet.errors) wrong(`its program threw ${String(error)}`);
    const waiting = await tablet.waiting();
    if (waiting > 0) wrong(`${waiting} operations never arrived`);
    if ((await tablet.database.attention.count()) > 0) wrong('operations were refused or held');
    const { device, cuts } = await requireState(tablet.database);
    if (device !== tablet.id) wrong('it was taken for a copy of itself');
    if ((cuts ?? []).length > 0) wrong('it was told of a restore that never was');
    compareLog(tablet, log, wrong);
    for (const row of await tablet.database.records.where('e').equals('attendance').toArray()) {
      const shown = open(row.body).f['status'];
      if (states.get(row.k) !== shown)
        wrong(`${row.k} shows ${String(shown)}, the server has ${String(states.get(row.k))}`);
    }
    const rows = await tablet.database.records.where('e').equals('attendance').count();
    if (rows !== records.length) wrong(`it holds ${rows} of the server's ${records.length} marks`);
  }
  const saved = tablets.reduce((sum, tablet) => sum + tablet.saved.size, 0);
  if (log.length !== saved) problems.push(`the log has ${log.length} operations, people made ${saved}`);
  return problems;
}

function compareLog(tablet: Tablet, log: readonly LogRow[], wrong: (text: string) => number): void {
  const rows = new Map<number, LogRow>();
  for (const row of log.filter(({ device }) => device === tablet.id)) {
    if (rows.has(row.n)) wrong(`operation ${row.n} is in the log twice`);
    rows.set(row.n, row);
  }
  for (const [n, { key, status }] of tablet.saved) {
    const row = rows.get(n);
    const [change] = row?.changes ?? [];
    if (row === undefined) wrong(`operation ${n} is not in the log`);
    else if (change?.k !== key || change.set['status'] !== status) wrong(`operation ${n} is another one`);
    else if (row.outcome !== 'applied' && row.outcome !== 'superseded')
      wrong(`operation ${n} was ${row.outcome}`);
  }
}

async function wholeLog(snapshot: {
  readonly log: (centre: string, afterSeq: number, limit: number) => Promise<readonly LogRow[]>;
}): Promise<readonly LogRow[]> {
  const rows: LogRow[] = [];
  for (;;) {
    const page = await snapshot.log(centreId, rows.length, 1_000);
    rows.push(...page);
    if (page.length < 1_000) return rows;
  }
}
