// The peers' own servers, each behind a path of one Express application, storing in memory.
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import express from 'express';
import PouchDB from 'pouchdb-core';
import memory from 'pouchdb-adapter-memory';
import mapreduce from 'pouchdb-mapreduce';

const expressPouchdb = createRequire(import.meta.url)('express-pouchdb');

// One for all that is measured: two of them would write down each other's new databases, and one would refuse.
const Database = PouchDB.plugin(memory).plugin(mapreduce).defaults({ adapter: 'memory' });
const pouchdb = expressPouchdb(Database, {
  mode: 'minimumForPouchDB',
  inMemoryConfig: true,
  logPath: join(tmpdir(), 'zimnik-bench-pouchdb.log')
});

/**
 * `/pouchdb/<name>`: the CouchDB protocol as PouchDB's own server speaks it. `/rxdb/push` and `/rxdb/pull`: the handlers that
 * RxDB's documentation asks for. `/openrosa/submission`: takes one form a request, as OpenRosa servers do.
 * @returns the Express application
 */
export function createPeerServers() {
  const app = express();
  app.use('/pouchdb', pouchdb);

  const rows = new Map();
  app.post(
    '/rxdb/push',
    express.raw({ type: () => true, limit: '50mb', inflate: true }),
    (request, response) => {
      const packed = request.headers['x-packed'] === 'gzip';
      const pushed = JSON.parse((packed ? gunzipSync(request.body) : request.body).toString('utf8'));
      const conflicts = [];
      for (const { newDocumentState, assumedMasterState } of pushed) {
        const present = rows.get(newDocumentState.id);
        if (present !== undefined && present.updatedAt !== assumedMasterState?.updatedAt)
          conflicts.push(present);
        else rows.set(newDocumentState.id, newDocumentState);
      }
      response.json(conflicts);
    }
  );
  app.get('/rxdb/pull', (request, response) => {
    const updatedAt = Number(request.query.updatedAt);
    const { id, limit } = request.query;
    const documents = [...rows.values()]
      .filter((row) => row.updatedAt > updatedAt || (row.updatedAt === updatedAt && row.id > id))
      .sort((one, other) => one.updatedAt - other.updatedAt || (one.id < other.id ? -1 : 1))
      .slice(0, Number(limit));
    const last = documents.at(-1);
    const checkpoint = last === undefined ? { id, updatedAt } : { id: last.id, updatedAt: last.updatedAt };
    response.json({ documents, checkpoint });
  });
  app.post('/openrosa/submission', express.raw({ type: () => true, limit: '1mb' }), (request, response) => {
    if (!request.body.includes('<attendance')) return response.status(400).end();
    response
      .status(201)
      .type('text/xml')
      .send(
        '<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message>ok</message></OpenRosaResponse>'
      );
  });

  return { app };
}
