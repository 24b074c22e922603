import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import * as v from 'valibot';
import { randomBytesToId } from '#domain/ids.ts';

const schema = v.strictObject({
  enrolCode: v.string(),
  surveyLink: v.string(),
  token: v.string(),
  password: v.string()
});

/** The secrets in the demonstration's three links: made once, so that printed links stay good. */
export type DemoKeys = v.InferOutput<typeof schema>;

export function demoKeysFrom(file: string, random: (length: number) => Uint8Array): DemoKeys {
  if (existsSync(file)) return v.parse(schema, JSON.parse(readFileSync(file, 'utf8')));
  const secret = (): string => randomBytesToId(random(12));
  const keys = { enrolCode: secret(), surveyLink: secret(), token: secret(), password: secret() };
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  return keys;
}
