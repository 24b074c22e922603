import pg from 'pg';
import { afterEach, beforeEach, expect, inject, test, vi } from 'vitest';
import type { ServerStorage } from '#server/storage/server-storage.ts';
import { newDevice } from './authenticate.ts';
import { enrol, openTestCentre, type TestCentre } from './testing-centre.ts';

/**
 * Every key begins with the centre, and every statement names one: that is what lets a large installation spread the
 * tables over several machines by centre, each transaction on one of them (`docs/distributed.md`).
 */
let centre: TestCentre;
let admin: pg.Client;
let schema: string;

/** The tables of a centre, with the column that holds it. */
const tables: Readonly<Record<string, string>> = {
  centres: 'id',
  writers: 'centre',
  epochs: 'centre',
  operations: 'centre',
  touched: 'centre',
  records: 'centre',
  record_streams: 'centre',
  stream_sums: 'centre',
  devices: 'centre',
  enrolments: 'centre',
  attachments: 'centre',
  attachment_names: 'centre',
  uploads: 'centre',
  upload_parts: 'centre',
  erased: 'centre'
};

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** A node of a plan, as far as it is looked at. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly Plans?: readonly PlanNode[];
}

beforeEach(async () => {
  centre = await openTestCentre();
  admin = new pg.Client({ connectionString: inject('postgresUrl') });
  await admin.connect();
  // Other tests have schemas of their own beside this one.
  const mark = `mark_${crypto.randomUUID().replaceAll('-', '')}`;
  await centre.meddle(`CREATE TABLE ${mark} ()`);
  const found = await admin.query<{ name: string }>(
    'SELECT schemaname AS name FROM pg_tables WHERE tablename = $1',
    [mark]
  );
  schema = found.rows[0]?.name ?? '';
});
afterEach(async () => {
  vi.restoreAllMocks();
  await admin.end();
  await centre.close();
});

test('every table of a centre has its column first in every key', async () => {
  const { rows } = await admin.query<{ table: string; first: string }>(
    `SELECT c.relname AS table, a.attname AS first FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0] WHERE n.nspname = $1`,
    [schema]
  );
  const known = rows.filter(({ table }) => table in tables);
  expect(new Set(known.map(({ table }) => table))).toEqual(new Set(Object.keys(tables)));
  for (const { table, first } of known) expect(first, table).toBe(tables[table]);
  // The others belong to no centre: the shape's number and the secret that signs cookies.
  const others = rows.map(({ table }) => table).filter((table) => !(table in tables));
  expect([...new Set(others)]).toEqual(['secrets']);
});

test('every statement finds its rows by the centre, in an index', async () => {
  const statements = await recorded(() => useAll(centre.storage));
  expect(statements.length).toBeGreaterThan(25);
  const seen = new Set<string>();
  await admin.query(`SET search_path = ${schema}; SET enable_seqscan = off`);
  for (const { text, values } of statements) {
    const { rows } = await admin.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
      `EXPLAIN (FORMAT JSON) ${text}`,
      [...values]
    );
    for (const node of nodesOf(rows[0]?.['QUERY PLAN'][0]?.Plan)) {
      const table = node['Relation Name'];
      if (table === undefined || !node['Node Type'].endsWith('Scan')) continue;
      const by = node['Index Cond'] ?? node['Recheck Cond'] ?? '';
      expect(by, `${text}\n${JSON.stringify(node)}`).toMatch(new RegExp(`\\b${tables[table]} = `));
      seen.add(table);
    }
  }
  expect([...seen].sort()).toEqual(Object.keys(tables).sort());
});

/** The statements that are sent while something is done, once each. */
async function recorded(body: () => Promise<void>): Promise<readonly Statement[]> {
  const found = new Map<string, Statement>();
  const send = Reflect.get(pg.Client.prototype, 'query') as (...given: unknown[]) => unknown;
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...given: unknown[]) {
    const [query, plain] = given;
    const text = typeof query === 'string' ? query : (query as { text: string }).text;
    const values = (plain ?? (query as { values?: unknown[] }).values ?? []) as unknown[];
    if (/^\s*(select|insert|update|delete)\b/i.test(text) && !text.includes('schema_steps'))
      found.set(text, { text, values });
    return send.apply(this, given);
  });
  await body();
  vi.restoreAllMocks();
  return [...found.values()];
}

/** Asks and writes everything that the storage offers. */
async function useAll(storage: ServerStorage): Promise<void> {
  const tablet = await enrol(centre, 'tablet', 'field', 'u1');
  const office = await enrol(centre, 'office', 'coordinator', 'c1');
  const ink = 'a'.repeat(64);
  await tablet.ok([
    tablet.operation([{ e: 'attendance', k: 's1~p1', set: { status: 'present', signatureInk: ink } }]),
    tablet.operation([{ e: 'person', k: 'p1', set: { surname: 'Тарлина' } }])
  ]);
  await office.ok([office.operation([{ e: 'person', k: 'p1', set: { surname: 'Тарлина-Вах' } }])]);
  await storage.withTransaction(async (tx) => {
    await tx.addEpoch('centre', { epoch: 'e2', firstSeq: 4, restoredTo: 3 });
    await tx.putDevice('centre', newDevice({ ...tabletRow, id: 'new' }));
    await tx.putEnrolment('centre', enrolment);
    await tx.putAttachment(
      'centre',
      { sha256: ink, mime: 'image/svg+xml', size: 1, storedAt: 1 },
      Buffer.from('x')
    );
    const upload = {
      device: 'tablet',
      sha256: ink,
      mime: 'image/jpeg',
      length: 2,
      received: 1,
      changedAt: 1
    };
    await tx.putUpload('centre', upload);
    await tx.addUploadPart('centre', 'tablet', ink, 0, Buffer.from('x'));
    await tx.markUnnamed('centre', ink, 5);
  });
  await storage.readSnapshot(async (snapshot) => {
    await snapshot.centre('centre');
    await snapshot.epochs('centre');
    await snapshot.device('centre', 'tablet');
    await snapshot.deviceBySecret('centre', 'x');
    await snapshot.devices('centre');
    await snapshot.records('centre', [['person', 'p1']]);
    await snapshot.recordsOfType('centre', 'person');
    await snapshot.recordsAfter('centre', ['', ''], 10);
    await snapshot.hashAt('centre', 1);
    await snapshot.operationsOf('centre', 'tablet', 1, 2);
    await snapshot.releasesOf('centre', 'tablet', 1, 2);
    await snapshot.log('centre', 0, 10);
    await snapshot.changedAt('centre', [1, 2]);
    await snapshot.logOfRecord('centre', 'person', 'p1', 10);
    await snapshot.streamRows('centre', 'people', 0, 1_000);
    await snapshot.streamCount('centre', 'people', 0, 2);
    await snapshot.streamChanges('centre', 'people', 0, 10);
    await snapshot.streamSum('centre', 'people');
    await snapshot.enrolment('centre', 'x');
    await snapshot.enrolments('centre');
    await snapshot.attachment('centre', ink);
    await snapshot.attachmentBytes('centre', ink);
    await snapshot.recordsNaming('centre', ink);
    await snapshot.attachmentsAfter('centre', '', 10);
    await snapshot.namesAwaited('centre');
    await snapshot.upload('centre', 'tablet', ink);
    await snapshot.uploadParts('centre', 'tablet', ink);
    await snapshot.uploadsOf('centre', 'tablet');
    await snapshot.uploadsBefore('centre', 5);
  });
  await storage.withTransaction(async (tx) => {
    await tx.removeUpload('centre', 'tablet', ink);
    await tx.removeUploads('centre', [ink]);
    await tx.removeAttachments('centre', [ink]);
  });
}

const tabletRow = {
  secretHash: 'f'.repeat(64),
  role: 'field' as const,
  user: 'u1',
  name: 'Планшет',
  createdAt: 1
};
const enrolment = {
  codeHash: 'c'.repeat(64),
  role: 'field' as const,
  user: 'u1',
  deviceName: 'Планшет',
  holderPhone: null,
  createdAt: 1,
  expiresAt: 2,
  usedAt: null,
  usedBy: null
};

function nodesOf(node: PlanNode | undefined): readonly PlanNode[] {
  return node === undefined ? [] : [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
