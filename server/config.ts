import { resolve } from 'node:path';
import * as v from 'valibot';
import { fail, ok, type Result } from '#domain/result.ts';
import type { S3Settings } from './files/s3-store.ts';

/** What the server runs with, parsed once at start. */
export interface Config {
  readonly port: number;
  /** Address to listen on. */
  readonly host: string;
  /** Origin under which browsers reach the server, without a slash at the end. */
  readonly url: string;
  /** Folder of everything that must survive: databases and secrets. */
  readonly dataFolder: string;
  /** PostgreSQL in place of the embedded database; undefined = SQLite files in the data folder. */
  readonly databaseUrl: string | undefined;
  readonly demo: boolean;
  readonly logLevel: LogLevel;
  readonly metricsToken: string | undefined;
  readonly trustProxy: boolean;
  /** Oldest build that may receive pages; empty = any. */
  readonly minBuild: string;
  /** Requests a minute that one address may make. */
  readonly addressLimit: number;
  /** Copies that the server makes by itself; undefined = none. */
  readonly backups: BackupPlan | undefined;
  /** Files are refused when less than this is free, bytes: the rest is kept for records. */
  readonly fileReserve: number;
  /** A bucket for photos; undefined = they lie in the data folder. */
  readonly s3: S3Settings | undefined;
}

export interface BackupPlan {
  /** Each copy is a folder in it, named by its time. */
  readonly folder: string;
  readonly everyMs: number;
  /** So many newest copies stay, and the last one of each of the twelve months before. */
  readonly keep: number;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

interface Setting {
  readonly name: string;
  readonly fallback: string;
  readonly says: string;
  readonly secret?: true;
}

/** Every variable of the environment that the server reads; `zimnik --help` and the table at start are made of it. */
export const settings = [
  { name: 'PORT', fallback: '3000', says: 'port to listen on' },
  { name: 'ZIMNIK_HOST', fallback: 'localhost', says: 'address to listen on; 0.0.0.0 = every network' },
  {
    name: 'ZIMNIK_URL',
    fallback: '',
    says: 'address in the browser, such as https://zimnik.example.org; empty = http://localhost:PORT'
  },
  { name: 'ZIMNIK_DATA', fallback: 'data/centre', says: 'folder of the databases and secrets; back it up' },
  {
    name: 'DATABASE_URL',
    fallback: '',
    says: 'postgres://user:password@host/database for a large installation; empty = the embedded SQLite',
    secret: true
  },
  {
    name: 'ZIMNIK_BACKUP',
    fallback: '',
    says: 'folder for the copies that the server makes by itself, best on another disk; empty = none'
  },
  { name: 'ZIMNIK_BACKUP_HOURS', fallback: '24', says: 'hours between two such copies' },
  {
    name: 'ZIMNIK_BACKUP_KEEP',
    fallback: '14',
    says: 'so many newest copies stay, and the last one of each of the twelve months before'
  },
  {
    name: 'ZIMNIK_FREE_MB',
    fallback: '500',
    says: 'photos are taken only while so many megabytes of the disk are free: the rest is kept for records'
  },
  {
    name: 'ZIMNIK_S3_URL',
    fallback: '',
    says: 'an S3-compatible store for photos, such as https://s3.example.org; empty = they lie in the data folder'
  },
  { name: 'ZIMNIK_S3_BUCKET', fallback: '', says: 'bucket in that store, made beforehand' },
  { name: 'ZIMNIK_S3_REGION', fallback: 'us-east-1', says: 'region that the store calls itself' },
  { name: 'ZIMNIK_S3_KEY', fallback: '', says: 'access key of that store' },
  { name: 'ZIMNIK_S3_SECRET', fallback: '', says: 'secret of that key', secret: true },
  { name: 'ZIMNIK_DEMO', fallback: '', says: '1 = the demonstration centre with invented people' },
  {
    name: 'ZIMNIK_LOG_LEVEL',
    fallback: '',
    says: `one of ${logLevels.join(', ')}; empty = info, in the demonstration warn`
  },
  {
    name: 'ZIMNIK_METRICS_TOKEN',
    fallback: '',
    says: 'bearer token for /metrics; empty = this machine only',
    secret: true
  },
  {
    name: 'ZIMNIK_TRUST_PROXY',
    fallback: '',
    says: '1 = a proxy stands before the server and sets X-Forwarded-For'
  },
  {
    name: 'ZIMNIK_MIN_BUILD',
    fallback: '',
    says: 'oldest version of the app that may receive data; empty = any'
  },
  {
    name: 'ZIMNIK_ADDRESS_LIMIT',
    fallback: '6000',
    says: 'requests a minute from one address (a village shares one)'
  }
] as const satisfies readonly Setting[];

const switchSchema = v.pipe(
  v.picklist(['', '0', '1'], 'is 1 or empty'),
  v.transform((text) => text === '1')
);

const environmentSchema = v.object({
  PORT: numberFrom(1, 65_535),
  ZIMNIK_HOST: v.pipe(v.string(), v.regex(/^[A-Za-z0-9.:-]{1,255}$/, 'is a host name or an address')),
  ZIMNIK_URL: v.pipe(
    v.string(),
    v.check(isOriginOrEmpty, 'is https://host or http://localhost:port, nothing after it')
  ),
  ZIMNIK_DATA: v.pipe(v.string(), v.minLength(1, 'names a folder')),
  DATABASE_URL: v.pipe(v.string(), v.check(isPostgresOrEmpty, 'is postgres://user:password@host/database')),
  ZIMNIK_BACKUP: v.string(),
  ZIMNIK_BACKUP_HOURS: numberFrom(1, 720),
  ZIMNIK_BACKUP_KEEP: numberFrom(1, 1_000),
  ZIMNIK_FREE_MB: numberFrom(0, 10_000_000),
  ZIMNIK_S3_URL: v.pipe(
    v.string(),
    v.check(isOriginOrEmpty, 'is https://host or http://localhost:port, nothing after it')
  ),
  ZIMNIK_S3_BUCKET: v.pipe(v.string(), v.regex(/^([a-z0-9][a-z0-9.-]{2,62})?$/, 'is the name of a bucket')),
  ZIMNIK_S3_REGION: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/, 'is the name of a region')),
  ZIMNIK_S3_KEY: v.string(),
  ZIMNIK_S3_SECRET: v.string(),
  ZIMNIK_DEMO: switchSchema,
  ZIMNIK_LOG_LEVEL: v.picklist(['', ...logLevels], `is one of ${logLevels.join(', ')}`),
  ZIMNIK_METRICS_TOKEN: v.pipe(
    v.string(),
    v.check((text) => text === '' || text.length >= 16, 'has at least 16 characters')
  ),
  ZIMNIK_TRUST_PROXY: switchSchema,
  ZIMNIK_MIN_BUILD: v.pipe(v.string(), v.maxLength(80, 'has at most 80 characters')),
  ZIMNIK_ADDRESS_LIMIT: numberFrom(60, 10_000_000)
});

export interface ConfigProblem {
  readonly name: string;
  readonly says: string;
}

/** Parses the environment; every problem is told at once. Unset and empty variables take their defaults. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>
): Result<Config, readonly ConfigProblem[]> {
  const parsed = v.safeParse(environmentSchema, valuesOf(environment));
  const known = new Set<string>(settings.map((setting) => setting.name));
  const unknown = Object.keys(environment)
    .filter((name) => name.startsWith('ZIMNIK_') && !known.has(name))
    .map((name) => ({ name, says: 'is not a setting; see --help' }));
  if (!parsed.success || unknown.length > 0) {
    const issues = parsed.success ? [] : parsed.issues;
    return fail([
      ...unknown,
      ...issues.map((issue) => ({ name: v.getDotPath(issue) ?? '', says: issue.message }))
    ]);
  }
  const given = parsed.output;
  const s3 = s3Of(given);
  if (s3 === 'incomplete')
    return fail([
      {
        name: 'ZIMNIK_S3_URL',
        says: 'goes together with ZIMNIK_S3_BUCKET, ZIMNIK_S3_KEY and ZIMNIK_S3_SECRET'
      }
    ]);
  if (given.ZIMNIK_DEMO && s3 !== undefined)
    return fail([{ name: 'ZIMNIK_DEMO', says: 'keeps its photos in the data folder: unset ZIMNIK_S3_URL' }]);
  if (given.ZIMNIK_DEMO && given.DATABASE_URL !== '')
    return fail([{ name: 'ZIMNIK_DEMO', says: 'lives in the embedded database: unset DATABASE_URL' }]);
  return ok({
    port: given.PORT,
    host: given.ZIMNIK_HOST,
    url: given.ZIMNIK_URL === '' ? `http://localhost:${given.PORT}` : new URL(given.ZIMNIK_URL).origin,
    dataFolder: resolve(given.ZIMNIK_DATA),
    databaseUrl: given.DATABASE_URL === '' ? undefined : given.DATABASE_URL,
    demo: given.ZIMNIK_DEMO,
    logLevel: given.ZIMNIK_LOG_LEVEL || (given.ZIMNIK_DEMO ? 'warn' : 'info'),
    metricsToken: given.ZIMNIK_METRICS_TOKEN === '' ? undefined : given.ZIMNIK_METRICS_TOKEN,
    trustProxy: given.ZIMNIK_TRUST_PROXY,
    minBuild: given.ZIMNIK_MIN_BUILD,
    addressLimit: given.ZIMNIK_ADDRESS_LIMIT,
    s3,
    fileReserve: given.ZIMNIK_FREE_MB * 1_000_000,
    backups:
      given.ZIMNIK_BACKUP === ''
        ? undefined
        : {
            folder: resolve(given.ZIMNIK_BACKUP),
            everyMs: given.ZIMNIK_BACKUP_HOURS * 3_600_000,
            keep: given.ZIMNIK_BACKUP_KEEP
          }
  });
}

/** The store of photos, if one is named; `incomplete` = something that belongs to it is missing. */
function s3Of(given: {
  readonly ZIMNIK_S3_URL: string;
  readonly ZIMNIK_S3_BUCKET: string;
  readonly ZIMNIK_S3_REGION: string;
  readonly ZIMNIK_S3_KEY: string;
  readonly ZIMNIK_S3_SECRET: string;
}): S3Settings | 'incomplete' | undefined {
  const {
    ZIMNIK_S3_URL: url,
    ZIMNIK_S3_BUCKET: bucket,
    ZIMNIK_S3_REGION: region,
    ZIMNIK_S3_KEY: keyId,
    ZIMNIK_S3_SECRET: secret
  } = given;
  const parts = [url, bucket, keyId, secret];
  if (parts.every((part) => part === '')) return undefined;
  if (parts.some((part) => part === '')) return 'incomplete';
  return { url: new URL(url).origin, bucket, region, keyId, secret };
}

/** The table of what is in force, printed at start; secrets are masked. */
export function describeConfig(
  environment: Readonly<Record<string, string | undefined>>,
  config: Config
): string {
  const values = valuesOf(environment);
  const inForce: Readonly<Record<string, string | undefined>> = {
    ZIMNIK_URL: config.url,
    ZIMNIK_DATA: config.databaseUrl === undefined ? config.dataFolder : '— (PostgreSQL)',
    ZIMNIK_LOG_LEVEL: config.logLevel,
    ZIMNIK_BACKUP: config.backups?.folder
  };
  const rows = settings.map((setting: Setting) => {
    const value = values[setting.name] ?? '';
    const plain = inForce[setting.name] ?? value;
    const shown = setting.secret && value !== '' ? '••••••' : plain === '' ? '—' : plain;
    return [setting.name, shown, value === setting.fallback ? 'default' : ''] as const;
  });
  const width = Math.max(...rows.map(([, shown]) => shown.length));
  return rows
    .map(([name, shown, note]) => `  ${name.padEnd(22)}${shown.padEnd(width + 2)}${note}`.trimEnd())
    .join('\n');
}

/** One line a variable, for `--help`. */
export function describeSettings(): string {
  return settings
    .map(
      ({ name, fallback, says }) => `  ${name.padEnd(22)}${says}${fallback === '' ? '' : ` (${fallback})`}`
    )
    .join('\n');
}

function valuesOf(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    settings.map(({ name, fallback }) => [name, environment[name]?.trim() || fallback] as const)
  );
}

function numberFrom(min: number, max: number) {
  const message = `is a whole number from ${min} to ${max}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,8}$/, message),
    v.transform(Number),
    v.minValue(min, message),
    v.maxValue(max, message)
  );
}

function isOriginOrEmpty(text: string): boolean {
  if (text === '') return true;
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (
    ['http:', 'https:'].includes(url.protocol) &&
    ['/', ''].includes(url.pathname) &&
    url.search === '' &&
    url.username === ''
  );
}

function isPostgresOrEmpty(text: string): boolean {
  return text === '' || (URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol));
}
