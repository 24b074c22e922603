import { canonicalJson } from '#domain/sync/canonical-json.ts';
import { open } from '$lib/storage/sealing.ts';
import type { ExchangeResult } from '$lib/sync/exchange.ts';
import { rowOf, rowsOf } from './inside.ts';
import { fieldKey, valueIn, type Model } from './model.ts';
import type { Place } from './place.ts';
import type { Trace } from './trace.ts';

interface Remembered {
  readonly epoch: string | null;
  readonly cursors: ReadonlyMap<string, { readonly cursor: number; readonly generation: number }>;
  /** The furthest that a stream was received in this epoch. */
  readonly furthest: ReadonlyMap<string, number>;
}

/** The stream by which a place learns of a record of a type. */
function streamOf(place: Place, e: string): string | undefined {
  const { role, user } = place.principal;
  // What it may no longer read, it does not wait for.
  const mayRead = place.role === role && place.toldRole === role;
  if (!mayRead && e === 'confidential_text') return undefined;
  const own = role === 'field' ? `private/${user}` : 'office';
  const streams: Readonly<Record<string, string>> = {
    person: 'people',
    event: 'reference',
    attendance: 'attendance',
    consultation: 'consultations',
    confidential_text: own
  };
  return streams[e];
}

/** What must hold after every step at the place that it touched. */
export class StepOracles {
  readonly #trace: Trace;
  readonly #model: Model;
  readonly #remembered = new Map<string, Remembered>();
  /** What a database held that its program is too old to write. */
  readonly #untouched = new Map<string, string>();
  /** Places where old acknowledged work may have been forgotten. */
  readonly forgetful = new Set<string>();

  /** Own work whose overlay ended before its stream came. */
  readonly #ended = new Set<string>();
  readonly #isErased: (key: string) => boolean;

  /** `isErased`: what nobody may see any more, wherever it was written. */
  constructor(trace: Trace, model: Model, isErased: (key: string) => boolean) {
    this.#trace = trace;
    this.#model = model;
    this.#isErased = isErased;
  }

  checkResult(place: Place, result: ExchangeResult): void {
    if (result.type === 'done' && result.applied.mismatches.length > 0)
      this.#trace.fail('sums match', `${place.name}: ${result.applied.mismatches.join()}`);
    if (result.type === 'refused')
      this.#trace.fail('requests are understood', `${place.name}: ${result.detail}`);
  }

  check(place: Place): void {
    const { database } = place.tab();
    const state = rowOf(database.meta, 'state');
    this.#checkCursors(place, state?.epoch ?? null, rowsOf(database.cursors));
    this.#checkReadOnly(place, place.isTooOldFor(state));

    const waiting = new Set(rowsOf(database.outbox).map(({ n }) => n));
    const acknowledged = new Map(rowsOf(database.retained).map((row) => [row.n, row]));
    const troubled = new Map(rowsOf(database.attention).map((row) => [row.n, row]));
    const furthest = this.#remembered.get(place.name)?.furthest;
    for (const [key, writes] of this.#model.ownOf(place.name)) {
      for (const write of writes) {
        if (waiting.has(write.n) || acknowledged.has(write.n) || troubled.has(write.n)) continue;
        if (!this.forgetful.has(place.name))
          this.#trace.fail('kept on the device', `${place.name} #${write.n} is in no table`);
      }
      // A refused write no longer lies over the record: what shows is the one before it.
      const last = writes.filter(({ n }) => troubled.get(n)?.outcome !== 'refused').at(-1);
      if (last === undefined || this.#isErased(key)) continue;
      const seq = acknowledged.get(last.n)?.seq;
      const change = last.changes.find(({ e, k, set }) =>
        Object.keys(set).some((field) => fieldKey(e, k, field) === key)
      );
      const stream = change === undefined ? undefined : streamOf(place, change.e);
      const ended = `${place.name} #${last.n}`;
      // Who was told that it may not read what the centre has waits for it no more, and later for it as for anybody's.
      if (stream === undefined && seq !== undefined && place.toldRole !== place.principal.role)
        this.#ended.add(ended);
      if (change === undefined || stream === undefined || this.#ended.has(ended)) continue;
      const held = troubled.get(last.n);
      const unsettled =
        waiting.has(last.n) ||
        (seq !== undefined && seq > (furthest?.get(stream) ?? 0)) ||
        (held?.outcome === 'held' && held.state === 'open');
      if (!unsettled) continue;
      const field = key.slice(`${change.e}/${change.k}.`.length);
      const row = rowOf(database.records, [change.e, change.k]);
      const shown = row === undefined ? null : (open(row.body).f[field] ?? null);
      if (canonicalJson(shown) !== canonicalJson(valueIn(last, key) ?? null))
        this.#trace.fail(
          'own work is shown',
          `${place.name} #${last.n} ${key} is ${canonicalJson(shown)} on the screen`
        );
    }
  }

  /** Old code never writes a newer database (I29). */
  #checkReadOnly(place: Place, isReadOnly: boolean): void {
    const { tables } = place.tab().database;
    const content = isReadOnly ? canonicalJson(tables.map((table) => rowsOf(table))) : undefined;
    const before = this.#untouched.get(place.name);
    if (content !== undefined && before !== undefined && content !== before)
      this.#trace.fail('old code only reads', `${place.name} wrote what a newer version keeps`);
    if (content === undefined) this.#untouched.delete(place.name);
    else this.#untouched.set(place.name, content);
  }

  #checkCursors(
    place: Place,
    epoch: string | null,
    rows: readonly { stream: string; cursor: number; generation: number }[]
  ): void {
    const before = this.#remembered.get(place.name);
    for (const { stream, cursor, generation } of rows) {
      const earlier = before?.cursors.get(stream);
      if (earlier === undefined || before?.epoch !== epoch) continue;
      const back =
        generation < earlier.generation || (generation === earlier.generation && cursor < earlier.cursor);
      if (back)
        this.#trace.fail('cursors go forward', `${place.name} ${stream}: ${earlier.cursor} → ${cursor}`);
    }
    const furthest = new Map(before?.epoch === epoch ? before.furthest : []);
    for (const { stream, cursor } of rows) furthest.set(stream, Math.max(cursor, furthest.get(stream) ?? 0));
    this.#remembered.set(place.name, {
      epoch,
      cursors: new Map(rows.map((row) => [row.stream, row])),
      furthest
    });
  }
}
