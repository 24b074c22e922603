import type { Pool } from 'pg';

const secretHex = /^[0-9a-f]{64}$/;

/**
 * Reads the secret that every process of the server shares, or makes it at the first start. Returns hex, 64 characters.
 * Who reads the database reads it; without the accounts beside it, it opens nothing.
 */
export async function secretFromDatabase(
  pool: Pool,
  random: (length: number) => Uint8Array
): Promise<string> {
  const made = Buffer.from(random(32)).toString('hex');
  // The first process's secret stays, whoever else starts at the same moment.
  await pool.query("INSERT INTO secrets (name, value) VALUES ('cookies', $1) ON CONFLICT DO NOTHING", [made]);
  const found = await pool.query<{ value: string }>("SELECT value FROM secrets WHERE name = 'cookies'");
  const secret = found.rows[0]?.value ?? '';
  if (!secretHex.test(secret)) throw new Error('the database holds no secret that this server has made');
  return secret;
}
