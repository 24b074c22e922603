/** Who is measured: ourselves, peers as they are out of the box, and peers tuned by hand. */
export type Client =
  'zimnik' | 'openrosa' | 'pouchdb' | 'pouchdb-1000' | 'rxdb' | 'rxdb-1000' | 'rxdb-1000-gzip';

/** The names under which the tables tell them. */
export const clientNames: Readonly<Record<Client, string>> = {
  zimnik: 'Zimnik',
  openrosa: 'OpenRosa submissions (ODK, Kobo, Enketo)',
  pouchdb: 'PouchDB, CouchDB protocol',
  'pouchdb-1000': 'PouchDB, batches of 1,000',
  rxdb: 'RxDB HTTP replication, batches of 100',
  'rxdb-1000': 'RxDB, batches of 1,000',
  'rxdb-1000-gzip': 'RxDB, batches of 1,000, gzipped by hand'
};
