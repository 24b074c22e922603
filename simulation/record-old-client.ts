import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoContent } from '#demo/content.ts';
import { registry } from '#domain/records/registry.ts';
import { packRequest } from '#domain/sync/codec.ts';
import { schemaVersion, type Change } from '#domain/sync/operation.ts';
import type { SyncRequest } from '#domain/sync/protocol.ts';

/*
 * Records what an app of the present schema version sends, plain and packed, into `e2e/old-clients/`. Run once when a new
 * schema version is released: `npx tsx simulation/record-old-client.ts`. A recording is never changed afterwards; every
 * later server has to take it.
 */

/** Recorded of each record type: the operations with the most fields. */
const mostOfType = 3;
const recordedAt = Date.UTC(2026, 10, 24, 12);

const content = demoContent({
  seed: 'zimnik',
  today: '2026-11-24',
  timeZone: 'Asia/Yekaterinburg',
  surveyLink: 'old-client-link1'
});

interface Candidate {
  readonly device: string;
  readonly w: number;
  readonly by: string;
  readonly changes: readonly Omit<Change, 'base'>[];
}

const candidates = content.batches.flatMap(({ device, operations }) =>
  operations.map(({ w, by, changes }): Candidate => ({
    device,
    w,
    by,
    changes: changes.map(({ e, k, set }) => ({ e, k, set }))
  }))
);
const chosen = new Set<Candidate>();
for (const type of Object.keys(registry)) {
  candidates
    .filter(({ changes }) => changes.some(({ e }) => e === type))
    .sort((left, right) => fieldsOf(right, type) - fieldsOf(left, type))
    .slice(0, mostOfType)
    .forEach((each) => chosen.add(each));
}

function fieldsOf({ changes }: Candidate, type: string): number {
  return Math.max(...changes.filter(({ e }) => e === type).map(({ set }) => Object.keys(set).length));
}

const office = content.devices.find(({ role }) => role === 'coordinator' || role === 'administrator');
if (office === undefined) throw new Error('the demonstration has no office');
// What the demonstration does not hold.
const more: Candidate = {
  device: office.id,
  w: recordedAt,
  by: office.user,
  changes: [
    { e: 'alias', k: 'p-loser', set: { kind: 'person', of: 'p-winner' } },
    { e: 'publication', k: 'pub-1', set: { title: 'Заметка о семинаре' } },
    { e: 'person', k: 'p-loser', set: { note: null, surname: 'Ӆаӈки', givenName: 'Ӑԓа' } }
  ]
};

const links = new Map(content.batches.map(({ device, link }) => [device, link]));
const byDevice = new Map<string, Candidate[]>();
// The campaign comes before the phones that answer it.
for (const each of [...candidates.filter((one) => chosen.has(one)), more]) {
  byDevice.set(each.device, [...(byDevice.get(each.device) ?? []), each]);
}
const requests = [...byDevice].map(([id, operations]) => {
  const device = content.devices.find((one) => one.id === id);
  const request: SyncRequest = {
    z: 1,
    device: id,
    epoch: null,
    build: '0.1.0',
    now: recordedAt,
    clock: 2,
    oldestPending: operations[0]?.w ?? null,
    pending: operations.length,
    head: null,
    ops: operations.map(({ w, by, changes }, index) => ({
      n: index + 1,
      w,
      c: 2,
      v: schemaVersion,
      by,
      ch: changes.map((change) => ({ ...change, base: 0 }))
    })),
    cursors: {},
    maxBytes: 1_000_000
  };
  const link = links.get(id);
  return {
    ...(link === undefined ? { role: device?.role ?? 'field', user: device?.user ?? '' } : { link }),
    plain: request,
    packed: packRequest(request)
  };
});
requests.sort((left, right) => Number('link' in left) - Number('link' in right));
const file = join(import.meta.dirname, '..', 'e2e', 'old-clients', `schema-${schemaVersion}.json`);
writeFileSync(file, `${JSON.stringify({ schema: schemaVersion, recordedAt, requests })}\n`);
console.log(`${requests.length} requests, ${chosen.size + 1} operations`);
