import { photoType } from '#domain/records/photo.ts';
import type { StoredRecord } from '#domain/sync/merge.ts';
import { testPicture } from '#server/files/testing-picture.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { offerFilesAgain } from '$lib/sync/attachments.ts';
import { createUploadTransport, sendUploads, type UploadsResult } from '$lib/sync/uploads.ts';
import { rowOf, rowsOf } from './inside.ts';
import type { Place } from './place.ts';
import type { World } from './world.ts';

interface Taken {
  readonly place: string;
  /** Id of its record. */
  readonly id: string;
  /** Id of the record that it belongs to. */
  readonly target: string;
  readonly sha256: string;
}

const targets = [
  ['sheet', 's1'],
  ['event', 'e1'],
  ['consultation', 'k1'],
  ['consultation', 'k1'],
  ['consultation', 'k2']
] as const;
const troubles = ['lost', 'answer_lost', 'cut', 'repeated', 'portal', 'crash', 'crash_before_row'] as const;

/** Pictures that people take, and their bytes on the way to the centre. */
export class Photos {
  readonly #world: World;
  readonly #taken: Taken[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  async take(place: Place): Promise<void> {
    const { random } = this.#world;
    const serial = this.#world.serial();
    const bytes = testPicture(60 + random.below(4_000), serial);
    const sha256 = nodeHashing.sha256(bytes);
    const [of, target] = random.pick(targets);
    const set = { of, target, file: sha256, takenAt: this.#world.instant(), author: place.principal.user };
    const told = await this.#world.act(place, [{ e: 'photo', k: `ph${serial}`, set }], {
      attachments: [{ sha256, mime: photoType, bytes: bytes.buffer, state: 'to_upload' }]
    });
    if (told !== undefined) this.#taken.push({ place: place.name, id: `ph${serial}`, target, sha256 });
  }

  /** A round of uploads over the network as it is; it may end after any request. */
  async send(place: Place, trouble: number): Promise<UploadsResult> {
    const { random, trace } = this.#world;
    // Files go after the records that name them; and an older app could not note what became of them.
    if (place.state().epoch === null || place.isReadOnly()) return 'later';
    const { database } = place.tab();
    await offerFilesAgain(database, 0);
    let left = trouble === 0 ? Infinity : 1 + random.below(8);
    const send: typeof fetch = (path, init) => {
      left -= 1;
      return left < 0 ? Promise.reject(new TypeError('network')) : this.#carry(path, init, trouble);
    };
    const size = { bytes: random.pick([200, 1_500, 100_000]) };
    const result = await sendUploads(database, createUploadTransport(send, 600_000), () => 0, size);
    trace.note(`${place.name} sends files: ${result}`);
    await this.#checkDelivered(place);
    return result;
  }

  async #carry(
    path: Parameters<typeof fetch>[0],
    init: RequestInit = {},
    trouble: number
  ): Promise<Response> {
    const { random, server } = this.#world;
    const { method = 'GET', headers = {}, body } = init;
    const happens = random.chance(trouble) ? random.pick(troubles) : 'nothing';
    const lost = new TypeError('network');
    if (happens === 'lost') throw lost;
    if (happens === 'portal') return new Response('<!doctype html>');
    if (happens === 'crash') {
      await server.restart();
      throw lost;
    }
    const whole = body instanceof ArrayBuffer ? body : undefined;
    const sent = happens === 'cut' ? whole?.slice(0, random.below(whole.byteLength)) : whole;
    server.crashesAfterBytes = happens === 'crash_before_row';
    const request = () =>
      new Request(new URL(path instanceof Request ? path.url : path, 'http://server'), {
        method,
        headers,
        ...(sent === undefined ? {} : { body: sent })
      });
    if (happens === 'repeated') await server.handle(request());
    const answer = await server.handle(request());
    server.crashesAfterBytes = false;
    if (answer === undefined || happens === 'answer_lost' || happens === 'cut') throw lost;
    return answer;
  }

  /** Somebody sends bytes that no record names. */
  async sendUnnamed(place: Place): Promise<void> {
    const { database } = place.tab();
    const bytes = testPicture(100, this.#world.serial());
    const sha256 = nodeHashing.sha256(bytes);
    const transport = createUploadTransport((path, init) => this.#carry(path, init, 0), 600_000);
    const secret = rowOf(database.meta, 'state')?.secret ?? '';
    const { status } = await transport.begin({ sha256, mime: photoType, length: bytes.length }, secret);
    if (status < 400) this.#world.trace.fail('only named files are taken', `${sha256}: ${status}`);
  }

  /** What a place counts as delivered the centre has, unless the next exchange tells of a restore. */
  async #checkDelivered(place: Place): Promise<void> {
    const { trace, server } = this.#world;
    const { epoch, head, cuts = [] } = place.state();
    const delivered = rowsOf(place.tab().database.attachments).filter(
      ({ state, sentEra = 0 }) => state === 'delivered' && sentEra === cuts.length
    );
    if (delivered.length === 0 || !(await server.isPresentHistory(epoch, head))) return;
    for (const { sha256 } of delivered) {
      const taken = this.#taken.find((one) => one.sha256 === sha256);
      if (taken === undefined || this.#isErased(taken) || (await server.hasFile(sha256))) continue;
      trace.fail('delivered means kept', `${place.name} ${sha256.slice(0, 8)}`);
    }
  }

  /** A place that was told of an erased note empties its pictures before the centre has heard of them. */
  #isErased({ id, target }: Taken): boolean {
    const { erased } = this.#world.server;
    return erased.has(id) || erased.has(target);
  }

  /** Bytes that somebody was told are saved are at the centre or where they were taken. */
  async checkKept(): Promise<void> {
    const { trace, server, places } = this.#world;
    for (const taken of this.#taken) {
      const { place: name, id, sha256 } = taken;
      const place = places.find((one) => one.name === name);
      if (place === undefined || this.#isErased(taken)) continue;
      if ((rowOf(place.tab().database.attachments, sha256)?.bytes.byteLength ?? 0) > 0) continue;
      if (!(await server.hasFile(sha256))) trace.fail('no photo is lost', `${id} of ${name} is nowhere`);
    }
  }

  /** Everything that waits goes, now that all works. */
  async settle(): Promise<void> {
    for (const place of this.#world.places) {
      let result: UploadsResult = 'later';
      for (let round = 0; round < 4 && result !== 'done'; round++) result = await this.send(place, 0);
    }
  }

  /** Every picture that a record names is whole at the centre, and nothing else is there. */
  async checkEnd(records: readonly StoredRecord[]): Promise<void> {
    const { trace, server } = this.#world;
    await this.checkKept();
    for (const { e, k, fields } of records) {
      const file = fields['file']?.v;
      if (e === 'photo' && typeof file === 'string' && !(await server.hasFile(file)))
        trace.fail('photos arrive', `${k} names ${file.slice(0, 8)}, which is not whole at the centre`);
    }
    await this.checkHeld();
  }

  /** Whether there is anything of a file at the centre that is erased or that nobody took. */
  async checkHeld(): Promise<void> {
    const { trace, server } = this.#world;
    const owners = new Map(this.#taken.map((taken) => [taken.sha256, taken]));
    for (const sha256 of await server.heldFiles()) {
      const owner = owners.get(sha256);
      if (owner === undefined || this.#isErased(owner))
        trace.fail(
          'no file too many',
          `${sha256.slice(0, 8)} of ${owner?.id ?? 'no record'} is at the centre`
        );
    }
  }
}
