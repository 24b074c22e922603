import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Reads a secret that only this server's user may read, or makes it at first start. Returns hex, 64 characters. */
export function secretFromFile(file: string, random: (length: number) => Uint8Array): string {
  if (!existsSync(file)) {
    // `wx`: two processes at their first start must not each believe in a secret of their own.
    writeFileSync(file, `${Buffer.from(random(32)).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  }
  const secret = readFileSync(file, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(secret)) throw new Error(`${file} holds no secret that this server has made`);
  return secret;
}
