// What runs in the browser for each peer: stores marks one by one, as taps do, then sends them.
import PouchDB from 'pouchdb-browser';
import { createRxDatabase } from 'rxdb/plugins/core';
import { replicateRxCollection } from 'rxdb/plugins/replication';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { offerBench } from '../wire/bench-page.ts';

const markSchema = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 60 },
    session: { type: 'string' },
    person: { type: 'string' },
    status: { type: 'string' },
    at: { type: 'number' },
    by: { type: 'string' },
    updatedAt: { type: 'number' }
  },
  required: ['id', 'session', 'person', 'status', 'at', 'by', 'updatedAt']
};

/** In CouchDB an id that begins so is reserved. */
const documentId = (id) => id.replace(/^_/, '-');

const pouchdb = {
  async store(marks) {
    const local = new PouchDB('bench-pouchdb', { auto_compaction: false });
    await local.bulkDocs(marks.map(({ id, ...mark }) => ({ _id: documentId(id), ...mark })));
    // Its server keeps databases of one name for all who ask: each measurement has its own, made before it begins.
    const remote = new PouchDB(`${globalThis.location.origin}/pouchdb/marks-${Date.now()}`);
    await remote.info();
    return { local, remote };
  },
  async change({ local }, marks) {
    for (const { id } of marks) {
      const { status, ...mark } = await local.get(documentId(id));
      await local.put({ ...mark, status: status === 'late' ? 'present' : 'late' });
    }
  },
  async exchange({ local, remote }) {
    await local.sync(remote);
  },
  /** `batch` undefined = as it is out of the box. */
  async send({ local, remote }, batch) {
    const { doc_count: stored } = await local.info();
    let written = 0;
    const tuned = batch === undefined ? {} : { batch_size: batch, batches_limit: 1 };
    for (;;) {
      try {
        written += (await local.replicate.to(remote, tuned)).docs_written;
        break;
      } catch (error) {
        if (error.status >= 400 && error.status < 500) throw error;
        // A cut link: again after a second, from where the checkpoint is.
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
    if (written === 0) throw new Error(`Nothing of ${stored} documents was written`);
  }
};

const rxdb = {
  async store(marks) {
    const database = await createRxDatabase({
      name: 'bench-rxdb',
      storage: getRxStorageDexie(),
      multiInstance: false
    });
    const { marks: collection } = await database.addCollections({ marks: { schema: markSchema } });
    await collection.bulkInsert(marks.map((mark) => ({ ...mark, updatedAt: mark.at })));
    return collection;
  },
  async change(collection, marks) {
    for (const { id } of marks) {
      const stored = await collection.findOne(id).exec();
      const status = stored.status === 'late' ? 'present' : 'late';
      await stored.incrementalPatch({ status, updatedAt: Date.now() });
    }
  },
  /** `pull` undefined = it only sends. */
  async send(collection, batch, isPacked, pull) {
    const state = replicateRxCollection({
      collection,
      replicationIdentifier: `bench-${batch}-${isPacked}`,
      live: false,
      retryTime: 1000,
      ...(pull === undefined ? {} : { pull }),
      push: {
        batchSize: batch,
        handler: async (rows) => {
          const text = JSON.stringify(rows);
          const response = await fetch('/rxdb/push', {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...(isPacked ? { 'x-packed': 'gzip' } : {}) },
            body: isPacked ? await gzip(text) : text
          });
          return response.json();
        }
      }
    });
    await state.awaitInitialReplication();
    await state.cancel();
  },
  /** Both directions, as its documentation writes a handler for the news. */
  exchange(collection, batch, isPacked) {
    return rxdb.send(collection, batch, isPacked, {
      batchSize: batch,
      handler: async (checkpoint, limit) => {
        const { updatedAt = 0, id = '' } = checkpoint ?? {};
        const response = await fetch(`/rxdb/pull?updatedAt=${updatedAt}&id=${id}&limit=${limit}`);
        return response.json();
      }
    });
  }
};

const openrosa = {
  /** One multipart request a form: how ODK Collect, KoboCollect and Enketo send. */
  async send(marks) {
    for (const mark of marks) {
      const form = new FormData();
      form.append(
        'xml_submission_file',
        new Blob([submission(mark)], { type: 'text/xml' }),
        'submission.xml'
      );
      const response = await fetch('/openrosa/submission', {
        method: 'POST',
        headers: { 'X-OpenRosa-Version': '1.0' },
        body: form
      });
      if (response.status !== 201) throw new Error(`The submission was answered ${response.status}`);
    }
  }
};

function submission({ id, session, person, status, at, by }) {
  const when = new Date(at).toISOString();
  return `<?xml version="1.0" encoding="UTF-8"?><attendance xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" id="attendance" version="2026010101"><start>${when}</start><end>${when}</end><session>${session}</session><person>${person}</person><status>${status}</status><by>${by}</by><orx:meta><orx:instanceID>uuid:${id}</orx:instanceID><orx:instanceName>${person}</orx:instanceName></orx:meta></attendance>`;
}

async function gzip(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

offerBench(async (client, marks) => {
  switch (client) {
    case 'openrosa':
      return { send: () => openrosa.send(marks) };
    case 'pouchdb':
    case 'pouchdb-1000': {
      const databases = await pouchdb.store(marks);
      return {
        send: () => pouchdb.send(databases, client === 'pouchdb' ? undefined : 1_000),
        change: (count) => pouchdb.change(databases, marks.slice(0, count)),
        exchange: () => pouchdb.exchange(databases)
      };
    }
    case 'rxdb':
    case 'rxdb-1000':
    case 'rxdb-1000-gzip': {
      const collection = await rxdb.store(marks);
      const way = [collection, client === 'rxdb' ? 100 : 1_000, client === 'rxdb-1000-gzip'];
      return {
        send: () => rxdb.send(...way),
        change: (count) => rxdb.change(collection, marks.slice(0, count)),
        exchange: () => rxdb.exchange(...way)
      };
    }
    default:
      throw new Error(`${client} has a page of its own: two versions of one library do not live in one page`);
  }
});
