import { isPacked, packRequest, unpackAnswer } from '#domain/sync/codec.ts';
import type { SyncRequest } from '#domain/sync/protocol.ts';
import type { DeviceDatabase } from '$lib/storage/database.ts';
import { idsOf, namesIn } from './record-names.ts';

/** How requests travel: packed with names, packed with full ids, or as plain JSON, which every server understands. */
export type Form = 'named' | 'packed' | 'plain';

/** The compact form of the exchange over one local database. */
export interface Packing {
  readonly pack: (request: SyncRequest, form: Exclude<Form, 'plain'>) => Promise<unknown>;
  /** The plain answer; undefined = it cannot be read in this form. */
  readonly unpack: (json: unknown, request: SyncRequest) => Promise<unknown>;
}

/** What an answer may unpack to, in characters: a guard against nonsense, far above any page. */
const longestAnswer = 200_000_000;

export function createPacking(database: DeviceDatabase): Packing {
  return {
    pack: async (request, form) =>
      packRequest(
        request,
        form === 'named' ? await namesIn(database, request.ops) : undefined,
        form === 'named'
      ),
    unpack: async (json, request) => {
      if (!isPacked(json)) return json;
      const begun = unpackAnswer(json, request, longestAnswer);
      if (!begun.ok) return undefined;
      const finished = begun.value.finish(await idsOf(database, begun.value.names));
      return finished.ok ? finished.value : undefined;
    }
  };
}
