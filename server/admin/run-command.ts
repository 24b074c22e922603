import { existsSync } from 'node:fs';
import { unreachable } from '#domain/result.ts';
import { changeRole } from '#server/access/change-role.ts';
import type { AccountRole } from '#server/access/accounts.ts';
import type { Config } from '#server/config.ts';
import { dataFiles } from '#server/data-files.ts';
import type { FileStore } from '#server/files/file-store.ts';
import { openFileStore } from '#server/files/open-store.ts';
import { openDatabases, type OpenDatabases } from '#server/open-databases.ts';
import { centreId, randomBytes } from '#server/platform.ts';
import { nodeHashing } from '#server/sync/node-hashing.ts';
import { verify } from '#server/sync/verify.ts';
import type { Command } from './command.ts';
import { makeBackup, restoreCopy } from './copy-commands.ts';
import { migrateCentre } from './migrate-command.ts';
import { tellProgress } from './progress.ts';
import { isForbidden, notReadable } from './readable.ts';
import type { Say } from './say.ts';

/** Does one administrative task on a data folder. Returns the exit code; `say` prints a line. */
export async function runCommand(
  command: Exclude<Command, { type: 'serve' | 'help' }>,
  config: Config,
  say: Say
): Promise<number> {
  if (config.databaseUrl === undefined && isForbidden(config.dataFolder)) {
    say(notReadable(config.dataFolder));
    return 1;
  }
  if (command.type === 'restore') return restoreCopy(command.folder, config, say);
  if (command.type === 'migrate') return migrateCentre(config, say);
  if (config.databaseUrl === undefined && !existsSync(dataFiles(config.dataFolder).centre)) {
    say(`${config.dataFolder} holds no data: start the server first, or set ZIMNIK_DATA.`);
    return 1;
  }
  const databases = await openDatabases(config, (error) => {
    say(String(error));
  });
  try {
    switch (command.type) {
      case 'reset_password':
        return await resetPassword(command.email, databases, say);
      case 'change_role':
        return await giveRole(command.email, command.role, databases, say);
      case 'backup':
        return await makeBackup(command.folder, config, databases, say);
      case 'verify':
        return await verifyLog(databases, openFileStore(config), say);
      default:
        return unreachable(command);
    }
  } finally {
    await databases.close();
  }
}

async function resetPassword(email: string, { accounts }: OpenDatabases, say: Say): Promise<number> {
  const password = newPassword();
  const isKnown = await accounts.setPassword(email, password);
  say(isKnown ? `New password for ${email}: ${password}` : `There is no account with the address ${email}.`);
  return isKnown ? 0 : 1;
}

async function giveRole(
  email: string,
  role: AccountRole,
  { accounts, storage }: OpenDatabases,
  say: Say
): Promise<number> {
  const deps = { accounts, storage, centre: centreId, clock: () => Date.now() };
  const result = await changeRole(deps, email, role);
  if (result.ok) {
    say(`${email} is ${role} now; devices changed: ${result.value.devices}.`);
    return 0;
  }
  switch (result.error.type) {
    case 'unknown_email':
      say(`There is no account with the address ${email}.`);
      return 1;
    case 'last_administrator':
      say(`${email} is the only administrator: make another one first.`);
      return 1;
    default:
      return unreachable(result.error);
  }
}

async function verifyLog({ storage }: OpenDatabases, store: FileStore, say: Say): Promise<number> {
  const report = await verify(storage, centreId, nodeHashing, tellProgress(say, Date.now), store);
  for (const finding of report.findings) say(JSON.stringify(finding));
  say(
    report.findings.length === 0
      ? `${report.records} records equal the fold of ${report.operations} operations; the chain is whole.`
      : `${report.findings.length} findings in ${report.operations} operations and ${report.records} records.`
  );
  const { stored, awaited } = report.attachments;
  if (stored + awaited > 0)
    say(`Signatures and pictures named by records: ${stored} are here, ${awaited} still wait on a tablet.`);
  return report.findings.length === 0 ? 0 : 1;
}

/** Letters that no one mistakes for each other, in groups that can be read out by telephone: 75 bits. */
function newPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
  const picked = Array.from(randomBytes(15), (byte) => letters.charAt(byte & 31)).join('');
  return picked.replace(/(.{5})(?=.)/g, '$1-');
}
