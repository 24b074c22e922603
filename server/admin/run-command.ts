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
import { isForbidden } from './readable.ts';
import type { Terminal } from './terminal.ts';

/** Does one administrative task on a data folder. Returns the exit code. */
export async function runCommand(
  command: Exclude<Command, { type: 'serve' | 'help' }>,
  config: Config,
  terminal: Terminal
): Promise<number> {
  const { say, words } = terminal;
  if (config.databaseUrl === undefined && isForbidden(config.dataFolder)) {
    say(words.place.notReadable({ folder: config.dataFolder }));
    return 1;
  }
  if (command.type === 'restore') return restoreCopy(command.folder, config, terminal);
  if (command.type === 'migrate') return migrateCentre(config, terminal);
  if (config.databaseUrl === undefined && !existsSync(dataFiles(config.dataFolder).centre)) {
    say(words.place.noData({ folder: config.dataFolder }));
    return 1;
  }
  const databases = await openDatabases(config, (error) => {
    say(words.problem.databaseTrouble({ says: String(error) }));
  });
  try {
    switch (command.type) {
      case 'reset_password':
        return await resetPassword(command.email, databases, terminal);
      case 'change_role':
        return await giveRole(command.email, command.role, databases, terminal);
      case 'backup':
        return await makeBackup(command.folder, config, databases, terminal);
      case 'verify':
        return await verifyLog(databases, openFileStore(config), terminal);
      default:
        return unreachable(command);
    }
  } finally {
    await databases.close();
  }
}

async function resetPassword(
  email: string,
  { accounts }: OpenDatabases,
  { say, words }: Terminal
): Promise<number> {
  const password = newPassword();
  const isKnown = await accounts.setPassword(email, password);
  say(isKnown ? words.user.newPassword({ email, password }) : words.user.unknown({ email }));
  return isKnown ? 0 : 1;
}

async function giveRole(
  email: string,
  role: AccountRole,
  { accounts, storage }: OpenDatabases,
  { say, words }: Terminal
): Promise<number> {
  const deps = { accounts, storage, centre: centreId, clock: () => Date.now() };
  const result = await changeRole(deps, email, role);
  if (result.ok) {
    say(words.user.roleGiven({ email, role, devices: result.value.devices }));
    return 0;
  }
  switch (result.error.type) {
    case 'unknown_email':
      say(words.user.unknown({ email }));
      return 1;
    case 'last_administrator':
      say(words.user.lastAdministrator({ email }));
      return 1;
    default:
      return unreachable(result.error);
  }
}

async function verifyLog({ storage }: OpenDatabases, store: FileStore, terminal: Terminal): Promise<number> {
  const { say } = terminal;
  const words = terminal.words.verify;
  const report = await verify(storage, centreId, nodeHashing, tellProgress(terminal, Date.now), store);
  for (const finding of report.findings) say(JSON.stringify(finding));
  const counts = { recordCount: report.records, operationCount: report.operations };
  const count = report.findings.length;
  say(count === 0 ? words.whole(counts) : words.findings({ count, ...counts }));
  const { stored, awaited } = report.attachments;
  if (stored + awaited > 0) say(words.files({ stored, awaited }));
  return count === 0 ? 0 : 1;
}

/** Letters that no one mistakes for each other, in groups that can be read out by telephone: 75 bits. */
function newPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
  const picked = Array.from(randomBytes(15), (byte) => letters.charAt(byte & 31)).join('');
  return picked.replace(/(.{5})(?=.)/g, '$1-');
}
