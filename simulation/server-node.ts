import { Hono, type Context } from 'hono';
import type { Role } from '#domain/records/definition.ts';
import { LedgerFile, uniteWithLedger } from '#server/erasure-ledger.ts';
import { createFiles, type Files } from '#server/files/files.ts';
import type { AppEnv } from '#server/http/app-env.ts';
import { bearerOf } from '#server/http/bearer.ts';
import { courierRoutes } from '#server/http/courier.ts';
import { errorAnswer } from '#server/http/errors.ts';
import { syncRoutes } from '#server/http/sync.ts';
import { uploadRoutes } from '#server/http/uploads.ts';
import { presentSchema, type Schema } from '#domain/sync/upcast.ts';
import { changeRole } from '#server/access/change-role.ts';
import type { DeviceRow, ServerStorage } from '#server/storage/server-storage.ts';
import { newDevice } from '#server/sync/authenticate.ts';
import { announceRestore, ensureCentre } from '#server/sync/centre.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { Pokes } from '#server/sync/pokes.ts';
import { PreparedStreams } from '#server/sync/prepared-streams.ts';
import type { FaultPoint, SyncDeps } from '#server/sync/sync-deps.ts';
import { createSyncService } from '#server/sync/sync-service.ts';
import type { KeptDatabase } from './kept-database.ts';
import { openMemoryStore } from './memory-store.ts';
import { createRandom, type Random } from './random.ts';
import { CrashError, type Trace } from './trace.ts';

export const centreId = 'centre';
const coordinator = { id: 'c1', name: 'c1', email: 'c1@example.org', role: 'coordinator' } as const;

type PostUpload = ReturnType<typeof uploadRoutes>['POST /api/uploads'];
/** Written out: what all three resources are, whichever of them the compiler has looked at first. */
type UploadHandler = (...given: Parameters<PostUpload>) => ReturnType<PostUpload>;

interface Backup {
  readonly name: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly seq: number;
  readonly at: number;
}

/** So low that a few records are a large stream, and so little memory that what is prepared must often go. */
const preparedOptions = { stretchBytes: () => 400, leastRecords: 3, mostBytes: 12_000 };

/** The real server's routes on a real database, with crashes, backups and restores. */
export class ServerNode {
  readonly #database: KeptDatabase;
  readonly #random: Random;
  readonly #store = openMemoryStore(() => {
    if (this.crashesAfterBytes) this.#crash('between the bytes of a file and its row');
  });
  /** The server crashes when it has next written the bytes of a file. */
  crashesAfterBytes = false;
  readonly #ledger: LedgerFile;
  /** Ids whose data the server was told to erase for ever. */
  readonly erased = new Set<string>();
  readonly #trace: Trace;
  readonly #now: () => number;
  #storage: ServerStorage;
  #app: Hono<AppEnv>;
  #deps: SyncDeps;
  #files: Files;
  /** Outlives restarts and restores, as in another process on the same database. */
  readonly prepared = new PreparedStreams(preparedOptions);
  /** The server crashes when it next passes this point. */
  crashAt: FaultPoint | undefined;
  #crashed = false;
  readonly backups: Backup[] = [];
  readonly signedOut = new Set<string>();
  #schema: Schema = presentSchema;

  private constructor(
    database: KeptDatabase,
    storage: ServerStorage,
    random: Random,
    trace: Trace,
    now: () => number
  ) {
    this.#database = database;
    this.#storage = storage;
    this.#random = random;
    this.#trace = trace;
    this.#now = now;
    this.#ledger = new LedgerFile(database.ledger, centreId);
    [this.#deps, this.#app, this.#files] = this.#compose();
  }

  static async start(
    seed: number,
    database: KeptDatabase,
    trace: Trace,
    now: () => number
  ): Promise<ServerNode> {
    const storage = await database.open();
    const server = new ServerNode(database, storage, createRandom(seed).branch(1), trace, now);
    await ensureCentre(server.#deps);
    return server;
  }

  get storage(): ServerStorage {
    return this.#storage;
  }

  #crash(point: string): never {
    this.#crashed = true;
    throw new CrashError(point);
  }

  #compose(): [SyncDeps, Hono<AppEnv>, Files] {
    const deps: SyncDeps = {
      storage: this.#storage,
      centre: centreId,
      clock: this.#now,
      random: this.#random.bytes,
      hashing: nodeHashing,
      pokes: new Pokes(),
      prepared: this.prepared,
      ledger: {
        add: (rows) => {
          this.#ledger.add(rows);
          for (const { kind, name } of rows) if (kind === 'id') this.erased.add(name);
        }
      },
      schema: this.#schema,
      // Both sessions of the deeds: no date decides what a new device gets ahead.
      nextSessions: () => Promise.resolve(['s1', 's2']),
      faults: (point) => {
        if (this.crashAt !== point) return;
        this.crashAt = undefined;
        this.#crash(point);
      },
      eraseFiles: (hashes) => files.erase(hashes),
      report: (error) => this.#trace.fail('server error', String(error))
    };
    const app = new Hono<AppEnv>();
    app.onError((error, c) => {
      if (!(error instanceof CrashError)) this.#trace.fail('server error', error.stack ?? error.message);
      return c.text('bad gateway', 502);
    });
    const service = createSyncService(deps);
    const officeSession = (request: Request): Promise<string | undefined> => {
      const user = request.headers.get('x-signed-in') ?? undefined;
      return Promise.resolve(user === undefined || this.signedOut.has(user) ? undefined : user);
    };
    app.route('/', syncRoutes({ service, officeSession, clock: this.#now }));
    const files = createFiles({ ...deps, store: this.#store, reserve: 0 });
    const courier = courierRoutes({ ...deps, service, files });
    app.get('/api/courier-keys', (c) => courier['GET /api/courier-keys'](c, undefined));
    app.post('/api/bundles', (c) => courier['POST /api/bundles'](c, coordinator));
    const uploads = uploadRoutes({ ...deps, files });
    const asDevice = (handler: UploadHandler) => async (c: Context<AppEnv>) => {
      const secretHash = nodeHashing.sha256(bearerOf(c.req.raw) ?? '');
      const device = await deps.storage.readSnapshot((tx) => tx.deviceBySecret(centreId, secretHash));
      return device === undefined || device.revokedAt !== null
        ? errorAnswer(c, 'sign_in')
        : handler(c, device);
    };
    app.post('/api/uploads', asDevice(uploads['POST /api/uploads']));
    app.get('/api/uploads/:sha256', asDevice(uploads['GET /api/uploads/:sha256']));
    app.patch('/api/uploads/:sha256', asDevice(uploads['PATCH /api/uploads/:sha256']));
    return [deps, app, files];
  }

  /** Whether the whole of a file is here: its row and its bytes. */
  async hasFile(sha256: string): Promise<boolean> {
    const row = await this.#storage.readSnapshot((snapshot) => snapshot.attachment(centreId, sha256));
    const bytes = this.#store.kept.get(sha256);
    return row !== undefined && bytes !== undefined && nodeHashing.sha256(bytes) === sha256;
  }

  /** Hashes of which there is anything here: bytes, a row, a part. */
  async heldFiles(): Promise<ReadonlySet<string>> {
    const held = new Set(this.#store.kept.keys());
    await this.#storage.readSnapshot(async (snapshot) => {
      for (const { sha256 } of await snapshot.attachmentsAfter(centreId, '', 10_000)) held.add(sha256);
      for (const { sha256 } of await snapshot.uploadsBefore(centreId, Number.MAX_SAFE_INTEGER))
        held.add(sha256);
    });
    return held;
  }

  /** Handles one request to its end; undefined when the server crashed on the way. */
  async handle(request: Request): Promise<Response | undefined> {
    const response = await this.#app.request(request);
    if (!this.#crashed) return response;
    await this.restart();
    return undefined;
  }

  /** What a page asks beside the exchange. */
  async ask(url: string | URL | Request): Promise<Response> {
    return this.#app.request(url instanceof Request ? url : url.toString());
  }

  async restart(): Promise<void> {
    await this.#reopen();
  }

  /** Another version of the server comes into force. */
  async upgrade(schema: Schema): Promise<void> {
    this.#schema = schema;
    await this.restart();
  }

  async #reopen(between?: () => Promise<void>): Promise<void> {
    this.#crashed = false;
    this.crashAt = undefined;
    await this.#storage.close();
    await between?.();
    this.#storage = await this.#database.open();
    [this.#deps, this.#app, this.#files] = this.#compose();
    if (this.erased.size === 0) return;
    await uniteWithLedger(this.#storage, this.#ledger, this.#deps);
    await this.#files.erase(this.#ledger.attachments());
  }

  async enrol(id: string, secret: string, role: Role, user: string): Promise<void> {
    const secretHash = nodeHashing.sha256(secret);
    const device = newDevice({ id, secretHash, role, user, name: id, createdAt: this.#now() });
    await this.#storage.withTransaction((tx) => tx.putDevice(centreId, device));
  }

  async changeDevice(id: string, change: (device: DeviceRow) => DeviceRow): Promise<void> {
    await this.#storage.withTransaction(async (tx) => {
      const device = await tx.device(centreId, id);
      if (device !== undefined) await tx.putDevice(centreId, change(device));
    });
  }

  /** Gives somebody's account another role, as the administrator's command does. */
  async changeRole(user: string, role: 'coordinator' | 'field'): Promise<void> {
    const accounts = {
      all: () => Promise.resolve([]),
      setRole: () => Promise.resolve(user)
    };
    await changeRole(
      { storage: this.#storage, centre: centreId, clock: this.#now, accounts },
      `${user}@example.org`,
      role
    );
  }

  /** Whether who knows this end of the log knows nothing but what is in the log. */
  isPresentHistory(epoch: string | null, head: readonly [number, string] | null): Promise<boolean> {
    return this.#storage.readSnapshot(async (snapshot) => {
      if ((await snapshot.centre(centreId))?.epoch !== epoch) return false;
      return head === null || (await snapshot.hashAt(centreId, head[0])) === head[1];
    });
  }

  device(id: string): Promise<DeviceRow | undefined> {
    return this.#storage.readSnapshot((snapshot) => snapshot.device(centreId, id));
  }

  /** Copies the database aside and lets devices know up to where they may forget. */
  async backUp(): Promise<void> {
    const name = `backup_${this.backups.length}`;
    await this.#reopen(() => this.#database.copyAside(name));
    const seq = await this.#storage.withTransaction(async (tx) => {
      const centre = await tx.centre(centreId);
      if (centre === undefined) throw new Error('The centre is gone');
      await tx.putCentre({ ...centre, durable: centre.seq });
      return centre.seq;
    });
    this.backups.push({ name, seq, at: this.#now(), files: new Map(this.#store.kept) });
  }

  /** Puts an older copy in place of the database; what came after it is known only to devices. */
  async restore(backup: Backup, announced: boolean): Promise<void> {
    await this.#reopen(async () => {
      await this.#database.putBack(backup.name);
      // As on a new machine, where nothing is but the copy.
      this.#store.kept = new Map(backup.files);
    });
    if (announced) await announceRestore(this.#deps);
  }

  async stop(): Promise<void> {
    await this.#storage.close();
    await this.#database.remove();
  }
}
