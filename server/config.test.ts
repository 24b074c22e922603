import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeConfig, describeSettings, readConfig } from './config.ts';
import { settings } from './settings.ts';
import { operatorWords } from './words/index.ts';

const english = { ZIMNIK_LANGUAGE: 'en' };

test('an empty environment gives the defaults', () => {
  const config = readConfig({});
  expect(config).toMatchObject({
    ok: true,
    value: {
      port: 3000,
      host: 'localhost',
      url: 'http://localhost:3000',
      demo: false,
      metricsToken: undefined
    }
  });
});

test('every wrong variable is told at once, with what it should be', () => {
  const config = readConfig({ PORT: 'http', ZIMNIK_DEMO: 'yes', ZIMNIK_URL: 'https://example.org/zimnik' });
  expect(config.ok ? [] : config.error.map((problem) => problem.name)).toEqual([
    'PORT',
    'ZIMNIK_URL',
    'ZIMNIK_DEMO'
  ]);
});

test('a misspelt variable is a problem, not silently a default', () => {
  const config = readConfig({ ...english, ZIMNIK_DATE: '/srv/zimnik' });
  expect(config).toEqual({
    ok: false,
    error: [{ name: 'ZIMNIK_DATE', says: 'no such setting; see --help' }]
  });
});

test('a wrong setting is told in the language that the environment asks for', () => {
  const told = (environment: Readonly<Record<string, string>>) => {
    const config = readConfig({ ...environment, PORT: '0' });
    return config.ok ? [] : config.error;
  };
  expect(told({})).toEqual([{ name: 'PORT', says: 'нужно целое число от 1 до 65535' }]);
  expect(told(english)).toEqual([{ name: 'PORT', says: 'a whole number from 1 to 65535' }]);
  // A language that nobody speaks here is told in the system's.
  expect(told({ ZIMNIK_LANGUAGE: 'de', LANG: 'en_US.UTF-8' })).toEqual([
    { name: 'PORT', says: 'a whole number from 1 to 65535' },
    { name: 'ZIMNIK_LANGUAGE', says: 'ru, en or empty' }
  ]);
});

test('the printed table names every variable and masks secrets; help and documents name them too', () => {
  const environment = { ...english, ZIMNIK_METRICS_TOKEN: 'a-token-nobody-may-see', PORT: '4000' };
  const config = readConfig(environment);
  if (!config.ok) throw new Error('these settings are right');
  const table = describeConfig(environment, config.value);
  expect(table).toMatch(/ZIMNIK_URL +http:\/\/localhost:4000 +default/);
  const operations = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');
  for (const { name } of settings) {
    expect(table).toContain(name);
    for (const words of Object.values(operatorWords)) expect(describeSettings(words)).toContain(name);
    expect(operations, 'docs/operations.md').toContain(`\`${name}\``);
  }
  expect(table).not.toContain('nobody');
});

test('a store for photos is named whole or not at all, and never in the demonstration', () => {
  const whole = {
    ...english,
    ZIMNIK_S3_URL: 'https://s3.example.org',
    ZIMNIK_S3_BUCKET: 'photos',
    ZIMNIK_S3_KEY: 'key',
    ZIMNIK_S3_SECRET: 'kept to myself'
  };
  const config = readConfig(whole);
  if (!config.ok) throw new Error('these settings are right');
  expect(config.value.s3).toEqual({
    url: 'https://s3.example.org',
    bucket: 'photos',
    region: 'us-east-1',
    keyId: 'key',
    secret: 'kept to myself'
  });
  expect(describeConfig(whole, config.value)).not.toContain('myself');
  for (const name of Object.keys(whole).filter((one) => one.startsWith('ZIMNIK_S3_'))) {
    const parted = readConfig({ ...whole, [name]: '' });
    expect(parted.ok ? '' : parted.error[0]?.says, name).toContain('goes together with');
  }
  expect(readConfig({ ...whole, ZIMNIK_DEMO: '1' }).ok).toBe(false);
});
