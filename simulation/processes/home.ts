import { setTimeout as pause } from 'node:timers/promises';
import { startServer, zimnik, type RunningServer } from '#e2e/server.ts';
import { dataFiles } from '#server/data-files.ts';
import { openSqliteStorage } from '#server/storage/sqlite-storage.ts';
import type { Random } from '#simulation/random.ts';
import { Crew, credentialsOf } from './crew.ts';
import { enrolTablets } from './enrol.ts';
import { lostPromises, wrongAtTheEnd } from './oracle.ts';
import type { Findings } from './outcome.ts';

/** A data folder with a server process over it that ends and begins again, and the tablets that use it. */
export class Home {
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #checked = new Map<string, number>();
  /** How long each start took until the server took data, ms. */
  readonly readyMs: number[] = [];
  server: RunningServer;
  readonly crew: Crew;

  private constructor(
    folder: string,
    env: Readonly<Record<string, string>>,
    server: RunningServer,
    crew: Crew
  ) {
    this.#folder = folder;
    this.#env = env;
    this.server = server;
    this.crew = crew;
  }

  /** Makes an empty centre with so many tablets in an empty folder and starts its server. */
  static async open(given: {
    readonly folder: string;
    readonly tablets: number;
    readonly random: Random;
    readonly env?: Readonly<Record<string, string>>;
  }): Promise<Home> {
    const { folder, random } = given;
    const env = { ZIMNIK_LOG_LEVEL: 'error', ...given.env };
    const credentials = credentialsOf(given.tablets);
    const storage = openSqliteStorage({ file: dataFiles(folder).centre });
    await enrolTablets(storage, credentials);
    await storage.close();
    const server = await startServer({ mode: 'fresh', dataDirectory: folder, env });
    return new Home(folder, env, server, await Crew.open(credentials, server.port, random));
  }

  /** Starts the server again over the same data, at the same address. */
  async start(until: '/readyz' | '/healthz' = '/readyz'): Promise<void> {
    const begunAt = performance.now();
    const { port } = this.server;
    this.server = await startServer({
      mode: 'fresh',
      dataDirectory: this.#folder,
      env: this.#env,
      port,
      until
    });
    this.readyMs.push(performance.now() - begunAt);
  }

  /** Promises to tablets that the log does not keep; read beside the server, which has put its database in order itself. */
  async lostPromises(): Promise<readonly string[]> {
    const storage = openSqliteStorage({ file: dataFiles(this.#folder).centre });
    try {
      return await lostPromises(storage, this.crew.tablets, this.#checked);
    } finally {
      await storage.close();
    }
  }

  /** Everything has to arrive; then the server is stopped, its log is proved and compared with what people were told. */
  async finish(findings: Findings, what: string): Promise<void> {
    await this.crew.heal();
    await this.server.stop();
    const proved = await zimnik(['verify'], { ZIMNIK_DATA: this.#folder });
    findings.note(`${what}, verify`, proved.code === 0 ? [] : [proved.printed]);
    findings.note(`${what}, last promises`, await this.lostPromises());
    const storage = openSqliteStorage({ file: dataFiles(this.#folder).centre });
    findings.note(`${what}, the end`, await wrongAtTheEnd(storage, this.crew.tablets));
    await storage.close();
  }

  async close(): Promise<void> {
    await this.crew.close();
    await this.server.stop();
  }

  /** The status of a page that watchers ask; 0 = nobody answers. */
  async status(path: '/readyz' | '/healthz'): Promise<number> {
    const answer = await fetch(this.server.url + path).catch(() => undefined);
    await answer?.text();
    return answer?.status ?? 0;
  }

  /** Waits until the server says so, at most 20 s; true = it did. */
  async waitForStatus(path: '/readyz' | '/healthz', status: number): Promise<boolean> {
    const giveUpAt = performance.now() + 20_000;
    while (performance.now() < giveUpAt) {
      if ((await this.status(path)) === status) return true;
      await pause(50);
    }
    return false;
  }

  /**
   * Waits at most 30 s until the server either says that it is not ready or acknowledges something: in a journal of its
   * database that has grown before, there may be room on a disk that has none.
   */
  async saysHowItIs(): Promise<boolean> {
    const acknowledged = (): number => this.crew.sum((tablet) => tablet.acknowledged.size);
    const before = acknowledged();
    const giveUpAt = performance.now() + 30_000;
    while (performance.now() < giveUpAt) {
      if (acknowledged() > before || (await this.status('/readyz')) === 503) return true;
      await pause(50);
    }
    return false;
  }

  /** Waits until tablets were asked so many more times to come later, at most 20 s; true = they were. */
  async waitForSlowDown(): Promise<boolean> {
    const asked = (): number => this.crew.sum((tablet) => tablet.results.get('slow_down') ?? 0);
    const before = asked();
    const giveUpAt = performance.now() + 20_000;
    while (performance.now() < giveUpAt) {
      if (asked() > before) return true;
      await pause(20);
    }
    return false;
  }
}
