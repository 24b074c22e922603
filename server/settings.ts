/** How much the log tells, from the least. */
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** A variable of the environment, and what it is when it is not set. What it means is told by `words/`. */
export interface Setting {
  readonly name: string;
  readonly fallback: string;
  readonly secret?: true;
}

/** Every variable that the server reads; `zimnik --help` and the table at start are made of it. */
export const settings = [
  { name: 'PORT', fallback: '3000' },
  { name: 'ZIMNIK_HOST', fallback: 'localhost' },
  { name: 'ZIMNIK_URL', fallback: '' },
  { name: 'ZIMNIK_LANGUAGE', fallback: '' },
  { name: 'ZIMNIK_DATA', fallback: 'data/centre' },
  { name: 'DATABASE_URL', fallback: '', secret: true },
  { name: 'ZIMNIK_BACKUP', fallback: '' },
  { name: 'ZIMNIK_BACKUP_HOURS', fallback: '24' },
  { name: 'ZIMNIK_BACKUP_KEEP', fallback: '14' },
  { name: 'ZIMNIK_FREE_MB', fallback: '500' },
  { name: 'ZIMNIK_S3_URL', fallback: '' },
  { name: 'ZIMNIK_S3_BUCKET', fallback: '' },
  { name: 'ZIMNIK_S3_REGION', fallback: 'us-east-1' },
  { name: 'ZIMNIK_S3_KEY', fallback: '' },
  { name: 'ZIMNIK_S3_SECRET', fallback: '', secret: true },
  { name: 'ZIMNIK_DEMO', fallback: '' },
  { name: 'ZIMNIK_LOG_LEVEL', fallback: '' },
  { name: 'ZIMNIK_METRICS_TOKEN', fallback: '', secret: true },
  { name: 'ZIMNIK_TRUST_PROXY', fallback: '' },
  { name: 'ZIMNIK_MIN_BUILD', fallback: '' },
  { name: 'ZIMNIK_ADDRESS_LIMIT', fallback: '6000' }
] as const satisfies readonly Setting[];

export type SettingName = (typeof settings)[number]['name'];
