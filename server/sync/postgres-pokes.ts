import pg from 'pg';
import * as v from 'valibot';
import { applicationName } from '#server/storage/postgres-storage.ts';
import { Pokes, type Poke } from './pokes.ts';

export interface PostgresPokesOptions {
  /** The database that all processes of the server share. */
  readonly url: string;
  /** Tells the pokes of different centres in one database apart. */
  readonly centre: string;
  /** The present head of the log: what was missed while the connection was down. */
  readonly head: () => Promise<Poke | undefined>;
  readonly report: (error: unknown) => void;
}

const channel = 'zimnik_pokes';
const firstPauseMs = 500;
const longestPauseMs = 30_000;
const noticeSchema = v.object({
  from: v.string(),
  centre: v.string(),
  epoch: v.string(),
  seq: v.pipe(v.number(), v.safeInteger())
});

/** Pokes that reach every process of the server: PostgreSQL carries them from one to the others. */
export class PostgresPokes extends Pokes {
  readonly #options: PostgresPokesOptions;
  readonly #self = crypto.randomUUID();
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = firstPauseMs;
  #closed = false;

  private constructor(options: PostgresPokesOptions) {
    super();
    this.#options = options;
  }

  /** Resolves when the first connection listens; a lost one is opened again, ever more slowly. */
  static async open(options: PostgresPokesOptions): Promise<PostgresPokes> {
    const pokes = new PostgresPokes(options);
    await pokes.#listen();
    return pokes;
  }

  override notify(poke: Poke): void {
    super.notify(poke);
    const notice = JSON.stringify({ ...poke, from: this.#self, centre: this.#options.centre });
    // A poke that is lost costs a delay: devices ask by themselves too.
    this.#client?.query('SELECT pg_notify($1, $2)', [channel, notice]).catch(this.#options.report);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#client?.end();
  }

  async #listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      application_name: applicationName,
      keepAlive: true
    });
    client.on('notification', ({ payload }) => {
      this.#hear(payload ?? '');
    });
    client.on('error', this.#options.report);
    client.on('end', () => {
      if (this.#client === client) this.#again();
    });
    await client.connect();
    await client.query(`LISTEN ${channel}`);
    this.#client = client;
    this.#pauseMs = firstPauseMs;
  }

  #hear(payload: string): void {
    const notice = v.safeParse(noticeSchema, parseJson(payload));
    if (!notice.success) return;
    const { from, centre, epoch, seq } = notice.output;
    if (from !== this.#self && centre === this.#options.centre) super.notify({ epoch, seq });
  }

  #again(): void {
    this.#client = undefined;
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      this.#listen().then(
        () => this.#catchUp().catch(this.#options.report),
        (error: unknown) => {
          this.#options.report(error);
          this.#again();
        }
      );
    }, this.#pauseMs);
    this.#pauseMs = Math.min(longestPauseMs, 2 * this.#pauseMs);
  }

  /** A head that cannot be read leaves the connection as it is: a second one would tell everything twice. */
  async #catchUp(): Promise<void> {
    const head = await this.#options.head();
    if (head !== undefined) super.notify(head);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
