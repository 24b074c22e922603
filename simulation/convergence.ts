import { canonicalJson } from '#domain/sync/canonical-json.ts';
import { toRecordState, type StoredRecord } from '#domain/sync/merge.ts';
import { open } from '$lib/storage/sealing.ts';
import { rowsOf } from './inside.ts';
import type { Place } from './place.ts';
import { centreId } from './server-node.ts';
import type { World } from './world.ts';

/** Which records a place may hold at all, told apart from the product's own table of access. */
function maySee(place: Place, e: string, fields: Readonly<Record<string, unknown>>, k: string): boolean {
  const { role, principal } = place;
  const { user } = principal;
  if (role === 'coordinator') return true;
  switch (e) {
    case 'person':
    case 'event':
    case 'attendance':
    case 'consultation':
    case 'milestone':
    case 'alias':
    case 'photo':
      return true;
    case 'confidential_text':
      return fields['author'] === user;
    case 'remark':
      return fields['to'] === user;
    case 'problem':
      return fields['by'] === user;
    default:
      return k === '';
  }
}

/** Nothing waits, every place shows what the server holds, all of what it may see and nothing else. */
export async function checkConvergence(world: World, records: readonly StoredRecord[]): Promise<void> {
  const { trace, server } = world;
  const centre = await server.storage.readSnapshot((snapshot) => snapshot.centre(centreId));
  for (const place of world.places) {
    const { database } = place.tab();
    const waiting = rowsOf(database.outbox).length;
    if (waiting > 0) trace.fail('comes to rest', `${place.name} still holds ${waiting} operations`);
    const state = place.state();
    if (state.epoch !== centre?.epoch) trace.fail('comes to rest', `${place.name} knows another epoch`);
    for (const cursor of rowsOf(database.cursors)) {
      if (!cursor.complete || cursor.cursor !== centre?.seq)
        trace.fail(
          'convergence',
          `${place.name} ${cursor.stream} stands at ${cursor.cursor} of ${centre?.seq}`
        );
      const [count, sum] = await server.storage.readSnapshot((snapshot) =>
        snapshot.streamSum(centreId, cursor.stream)
      );
      if (cursor.count !== count || cursor.sum !== sum)
        trace.fail(
          'convergence',
          `${place.name} ${cursor.stream}: ${cursor.count} rows, ${count} at the server`
        );
    }
    const attention = rowsOf(database.attention);
    const overlaid = new Set(
      attention.filter((row) => row.outcome === 'held' && row.state === 'open').flatMap((row) => row.keys)
    );
    const wanted = new Map<string, string>();
    for (const record of records) {
      const sent = toRecordState(record);
      if (maySee(place, sent.e, sent.f, sent.k)) wanted.set(`${sent.e}/${sent.k}`, canonicalJson(sent.f));
    }
    for (const row of rowsOf(database.records)) {
      const key = `${row.e}/${row.k}`;
      const fields = open(row.body).f;
      const expected = wanted.get(key);
      wanted.delete(key);
      if (overlaid.has(key)) continue;
      const held = canonicalJson(fields);
      if (expected === undefined) trace.fail('no leak', `${place.name} holds ${key} ${held}`);
      else if (held !== expected)
        trace.fail('convergence', `${place.name} ${key} is ${held}, should be ${expected}`);
    }
    for (const [key, expected] of wanted)
      if (!overlaid.has(key)) trace.fail('convergence', `${place.name} lacks ${key} ${expected}`);
    const leftovers = rowsOf(database.confirmed).length;
    if (leftovers > 0 && overlaid.size === 0)
      trace.fail('overlays end', `${place.name} still keeps ${leftovers} received states aside`);
  }
}
