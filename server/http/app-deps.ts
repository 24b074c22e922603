import type { AccessDeps } from '#server/access/access-deps.ts';
import type { Accounts } from '#server/access/accounts.ts';
import type { Setup } from '#server/access/setup.ts';
import type { PushHealth } from '#server/sync/push-health.ts';
import type { SyncDeps } from '#server/sync/sync-deps.ts';
import type { SyncService } from '#server/sync/sync-service.ts';
import type { Turns } from '#server/sync/turns.ts';
import type { Files } from '#server/files/files.ts';
import type { RequestLog } from './request-log.ts';
import type { Site } from './site.ts';
import type { SurveySite } from './survey-site.ts';

/** Everything that the HTTP side is made of; tests pass a real storage and a clock of their own. */
export interface AppDeps extends AccessDeps {
  readonly service: SyncService;
  /** Who may exchange now; everybody at once unless told. */
  readonly turns?: Turns;
  readonly files: Files;
  /** Whether pushes get through, as far as `/readyz` tells it. */
  readonly pushHealth?: PushHealth;
  /** Bytes left where the embedded database lies. */
  readonly freeBytes?: () => Promise<number>;
  readonly pokes: SyncDeps['pokes'];
  readonly accounts: Accounts;
  readonly setup: Setup;
  /** Origin under which browsers reach the server. */
  readonly url: string;
  /** The built app. */
  readonly site: Site;
  /** The built page of the activist's link. */
  readonly surveySite: SurveySite;
  readonly log: RequestLog;
  /** Aborted when the server stops: open streams end. */
  readonly shutdown: AbortSignal;
  readonly metricsToken?: string | undefined;
  readonly trustProxy?: boolean;
  /** Requests a minute from one address; 6,000 unless told. */
  readonly addressLimit?: number;
  /** The copies that this server makes by itself, if it does. */
  readonly backups?: { newestAt(): number | undefined; readonly failed: number };
  /** The demonstration, when this server shows it. */
  readonly demo?: DemoControl;
}

/** What the demonstration's own routes need. */
export interface DemoControl {
  /** Another one after each restart: open tabs see by it that theirs is gone. */
  readonly run: string;
  /** Made on another day and untouched: its dates are wrong, and nobody misses it. */
  readonly isStale: boolean;
  readonly enrolCode: string;
  readonly surveyLink: string;
  readonly token: string;
  /** Headers with the cookie of the demonstration's coordinator. */
  readonly signIn: () => Promise<Headers>;
  /** Throws everything away and begins anew; resolves when the new content is there. */
  readonly restart: () => Promise<void>;
}
