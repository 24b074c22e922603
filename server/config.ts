import { resolve } from 'node:path';
import * as v from 'valibot';
import { fail, ok, type Result } from '#domain/result.ts';
import type { S3Settings } from './files/s3-store.ts';
import { logLevels, settings, type LogLevel, type Setting } from './settings.ts';
import { languageOf, operatorWords, type OperatorWords } from './words/index.ts';

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

/** What each variable may be; the messages say what it should be. */
function environmentSchema(words: OperatorWords['wrongSettings']) {
  const switchSchema = v.pipe(
    v.picklist(['', '0', '1'], words.switch),
    v.transform((text) => text === '1')
  );
  const origin = v.pipe(v.string(), v.check(isOriginOrEmpty, words.origin));
  const numberFrom = (min: number, max: number) => wholeNumber(min, max, words.wholeNumber({ min, max }));
  return v.object({
    PORT: numberFrom(1, 65_535),
    ZIMNIK_HOST: v.pipe(v.string(), v.regex(/^[A-Za-z0-9.:-]{1,255}$/, words.host)),
    ZIMNIK_URL: origin,
    ZIMNIK_LANGUAGE: v.picklist(['', 'ru', 'en'], words.language),
    ZIMNIK_DATA: v.pipe(v.string(), v.minLength(1, words.folder)),
    DATABASE_URL: v.pipe(v.string(), v.check(isPostgresOrEmpty, words.postgres)),
    ZIMNIK_BACKUP: v.string(),
    ZIMNIK_BACKUP_HOURS: numberFrom(1, 720),
    ZIMNIK_BACKUP_KEEP: numberFrom(1, 1_000),
    ZIMNIK_FREE_MB: numberFrom(0, 10_000_000),
    ZIMNIK_S3_URL: origin,
    ZIMNIK_S3_BUCKET: v.pipe(v.string(), v.regex(/^([a-z0-9][a-z0-9.-]{2,62})?$/, words.bucket)),
    ZIMNIK_S3_REGION: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/, words.region)),
    ZIMNIK_S3_KEY: v.string(),
    ZIMNIK_S3_SECRET: v.string(),
    ZIMNIK_DEMO: switchSchema,
    ZIMNIK_LOG_LEVEL: v.picklist(['', ...logLevels], words.logLevel),
    ZIMNIK_METRICS_TOKEN: v.pipe(
      v.string(),
      v.check((text) => text === '' || text.length >= 16, words.longToken)
    ),
    ZIMNIK_TRUST_PROXY: switchSchema,
    ZIMNIK_MIN_BUILD: v.pipe(v.string(), v.maxLength(80, words.shortBuild)),
    ZIMNIK_ADDRESS_LIMIT: numberFrom(60, 10_000_000)
  });
}

export interface ConfigProblem {
  readonly name: string;
  /** What it should be, in the language that the environment asks for. */
  readonly says: string;
}

/** Parses the environment; every problem is told at once. Unset and empty variables take their defaults. */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>
): Result<Config, readonly ConfigProblem[]> {
  const words = operatorWords[languageOf(environment)].wrongSettings;
  const parsed = v.safeParse(environmentSchema(words), valuesOf(environment));
  const known = new Set<string>(settings.map((setting) => setting.name));
  const unknown = Object.keys(environment)
    .filter((name) => name.startsWith('ZIMNIK_') && !known.has(name))
    .map((name) => ({ name, says: words.unknown }));
  if (!parsed.success || unknown.length > 0) {
    const issues = parsed.success ? [] : parsed.issues;
    return fail([
      ...unknown,
      ...issues.map((issue) => ({ name: v.getDotPath(issue) ?? '', says: issue.message }))
    ]);
  }
  const given = parsed.output;
  const s3 = s3Of(given);
  if (s3 === 'incomplete') return fail([{ name: 'ZIMNIK_S3_URL', says: words.storeIncomplete }]);
  if (given.ZIMNIK_DEMO && s3 !== undefined)
    return fail([{ name: 'ZIMNIK_DEMO', says: words.demoKeepsPhotos }]);
  if (given.ZIMNIK_DEMO && given.DATABASE_URL !== '')
    return fail([{ name: 'ZIMNIK_DEMO', says: words.demoIsEmbedded }]);
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
  const language = languageOf(environment);
  const { byDefault } = operatorWords[language].start;
  const inForce: Readonly<Record<string, string | undefined>> = {
    ZIMNIK_URL: config.url,
    ZIMNIK_LANGUAGE: language,
    ZIMNIK_DATA: config.databaseUrl === undefined ? config.dataFolder : '— (PostgreSQL)',
    ZIMNIK_LOG_LEVEL: config.logLevel,
    ZIMNIK_BACKUP: config.backups?.folder
  };
  const rows = settings.map((setting: Setting) => {
    const value = values[setting.name] ?? '';
    const plain = inForce[setting.name] ?? value;
    const shown = setting.secret && value !== '' ? '••••••' : plain === '' ? '—' : plain;
    return [setting.name, shown, value === setting.fallback ? byDefault : ''] as const;
  });
  const width = Math.max(...rows.map(([, shown]) => shown.length));
  return rows
    .map(([name, shown, note]) => `  ${name.padEnd(22)}${shown.padEnd(width + 2)}${note}`.trimEnd())
    .join('\n');
}

/** One line a variable, for `--help`. */
export function describeSettings(words: OperatorWords): string {
  return settings
    .map(
      ({ name, fallback }) =>
        `  ${name.padEnd(22)}${words.settings[name]}${fallback === '' ? '' : ` (${fallback})`}`
    )
    .join('\n');
}

function valuesOf(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    settings.map(({ name, fallback }) => [name, environment[name]?.trim() || fallback] as const)
  );
}

function wholeNumber(min: number, max: number, message: string) {
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
