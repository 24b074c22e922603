import { gzipSync } from 'node:zlib';
import { bundleMediaType } from '#domain/sync/bundle.ts';
import { applyReceipt } from '$lib/storage/apply-receipt.ts';
import { NewerDatabaseError } from '$lib/storage/program.ts';
import { makeBundle, openReceipt } from '$lib/sync/courier.ts';
import { rowsOf } from './inside.ts';
import type { Place } from './place.ts';
import { isCrash } from './trace.ts';
import type { World } from './world.ts';

interface Carried {
  readonly place: string;
  readonly text: string;
}

/** Work that goes to the centre as files, and receipts on their way back: late, twice, in any order. */
export class Courier {
  readonly #world: World;
  readonly #files: Carried[] = [];
  readonly #receipts: Carried[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  get files(): number {
    return this.#files.length;
  }

  get receipts(): number {
    return this.#receipts.length;
  }

  carriesFor({ name }: Place): boolean {
    return [...this.#files, ...this.#receipts].some(({ place }) => place === name);
  }

  async makeFile(place: Place): Promise<void> {
    const { database, environment } = place.tab();
    if (rowsOf(database.outbox).length === 0) return;
    const gzip = (text: string) => Promise.resolve(new Uint8Array(gzipSync(text)));
    const made = await makeBundle(database, { now: environment.now, gzip });
    if (made === undefined) return;
    this.#world.trace.note(`${place.name} gives a file`);
    this.#files.push({ place: place.name, text: made.text });
  }

  async bringFile(): Promise<void> {
    const { place, text } = this.#draw(this.#files);
    const headers = { 'content-type': bundleMediaType };
    const request = new Request('http://server/api/bundles', { method: 'POST', headers, body: text });
    const answer = await this.#world.server.handle(request);
    this.#world.trace.note(`file of ${place}: ${answer?.status ?? 'crashed'}`);
    const json: unknown = answer?.ok === true ? await answer.json() : undefined;
    if (typeof json !== 'object' || json === null || !('receipt' in json)) return;
    this.#receipts.push({ place, text: String(json.receipt) });
  }

  async takeReceipt(): Promise<void> {
    const { trace, places, oracles } = this.#world;
    const { place: name, text } = this.#draw(this.#receipts);
    const place = places.find((one) => one.name === name);
    const keys = place?.state().courier;
    if (place === undefined || keys === undefined) return;
    const receipt = await openReceipt(text, keys);
    if (receipt === undefined) return trace.fail('receipts are proved', name);
    const { database, environment } = place.tab();
    try {
      trace.note(
        `${name} takes a receipt: ${JSON.stringify(await applyReceipt(database, environment, receipt))}`
      );
    } catch (error) {
      if (isCrash(error)) await place.crash(this.#world.tabCount());
      else if (!(error instanceof NewerDatabaseError)) throw error;
      trace.note(`${name} could not take a receipt`);
    }
    oracles.check(place);
    await this.#world.checkAcknowledged(place);
  }

  /** Some files are brought once more later. */
  #draw(list: Carried[]): Carried {
    const { random } = this.#world;
    const index = random.below(list.length);
    const [carried] = random.chance(0.3) ? list.slice(index) : list.splice(index, 1);
    if (carried === undefined) throw new Error('Nothing is on its way');
    return carried;
  }
}
