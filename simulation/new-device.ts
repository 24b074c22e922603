import { canonicalJson } from '#domain/sync/canonical-json.ts';
import { aloneTag, isPacked, packAroundParts, tagOf, unpackAnswer, type Name } from '#domain/sync/codec.ts';
import type { RecordState, StreamPage, SyncAnswer } from '#domain/sync/protocol.ts';
import type { Actor } from '#domain/sync/scope.ts';
import type { CentreRow, ReadSnapshot } from '#server/storage/server-storage.ts';
import type { PreparedStreams } from '#server/sync/prepared-streams.ts';
import { pull } from '#server/sync/pull.ts';
import { centreId } from './server-node.ts';
import type { World } from './world.ts';

const actors: readonly Actor[] = [
  { role: 'field', user: 'u1', device: 'new' },
  { role: 'coordinator', user: 'c1', device: 'new' }
];
/** Several answers, each of several parts. */
const maxBytes = 1_000;
const longestAnswer = 10_000_000;

/** A device that began at nothing now would get what stands now, whatever was prepared for others before. */
export async function checkNewDevice(world: World): Promise<void> {
  const { storage, prepared } = world.server;
  for (const actor of actors) {
    const [given, stands] = await storage.readSnapshot(async (snapshot) => {
      const centre = await snapshot.centre(centreId);
      if (centre === undefined) return [[], []];
      return [
        await load(snapshot, centre, actor, prepared),
        await load(snapshot, centre, actor, undefined)
      ] as const;
    });
    if (typeof given === 'string') world.trace.fail('new devices read their answers', given);
    else if (canonicalJson(given) !== canonicalJson(stands))
      world.trace.fail('new devices get what stands', difference(given, stands));
  }
}

/** Every row of every answer to a new device, in order; what could not be read, as a text. */
async function load(
  snapshot: ReadSnapshot,
  centre: CentreRow,
  actor: Actor,
  prepared: PreparedStreams | undefined
): Promise<readonly string[] | string> {
  const rows: RecordState[] = [];
  let cursors: Record<string, number> = {};
  for (;;) {
    const pulled = await pull(snapshot, centre, {
      actor,
      cursors,
      maxBytes,
      nextSessions: () => Promise.resolve([]),
      ...(prepared === undefined ? {} : { prepared })
    });
    const pages = pulled.parts.length === 0 ? pulled.pages : read(centre, pulled, cursors, rows);
    if (pages === undefined) return `${actor.role} at ${JSON.stringify(cursors)}`;
    rows.push(...pages.flatMap((page) => page.rows));
    cursors = Object.fromEntries(pages.map(({ stream, to }) => [stream, to]));
    if (!pages.some(({ more }) => more)) break;
  }
  return rows.map((row) => canonicalJson(row)).sort();
}

/** The pages as a device reads them that has these rows already. */
function read(
  centre: CentreRow,
  { pages, parts }: Awaited<ReturnType<typeof pull>>,
  cursors: Record<string, number>,
  rows: readonly RecordState[]
): readonly StreamPage[] | undefined {
  const answer: SyncAnswer = {
    kind: 'ok',
    z: 1,
    epoch: centre.epoch,
    now: 0,
    head: [centre.seq, centre.hash],
    acks: [],
    streams: [...pages],
    revoked: [],
    durable: 0,
    minBuild: ''
  };
  const asked = { epoch: null, head: null, cursors, ops: [] };
  const replaced = parts.flatMap((part, number) =>
    part.replaced.map(([name, id]) => [number, name, id] as const)
  );
  const [before, after] = packAroundParts(answer, asked, new Map(), replaced);
  const json: unknown = JSON.parse(before + parts.map(({ text }) => text.toString()).join('') + after);
  const begun = isPacked(json) ? unpackAnswer(json, asked, longestAnswer) : undefined;
  if (begun?.ok !== true) return undefined;
  const finished = begun.value.finish(begun.value.names.map((name) => idOf(name, rows)));
  return finished.ok ? (finished.value as SyncAnswer).streams : undefined;
}

function idOf({ type, seq, tag }: Name, rows: readonly RecordState[]): string | undefined {
  const found = rows.filter(
    (row) => row.e === type && row.seq === seq && (tag === aloneTag || tagOf(row.k) === tag)
  );
  return found.length === 1 ? found[0]?.k : undefined;
}

function difference(given: readonly string[], stands: readonly string[] | string): string {
  const wanted = new Set(stands);
  const old = given.filter((row) => !wanted.has(row));
  return old.length > 0 ? `${old[0]} does not stand` : `${given.length} rows instead of ${stands.length}`;
}
