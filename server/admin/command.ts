import { describeSettings } from '#server/config.ts';
import { fail, ok, type Result } from '#domain/result.ts';
import { accountRoles, type AccountRole } from '#server/access/accounts.ts';
import type { OperatorWords } from '#server/words/index.ts';

/** What the server's program was asked to do. */
export type Command =
  | { readonly type: 'serve'; readonly fresh: boolean }
  | { readonly type: 'help' }
  | { readonly type: 'reset_password'; readonly email: string }
  | { readonly type: 'change_role'; readonly email: string; readonly role: AccountRole }
  /** Without a folder: a copy among those that the server makes by itself. */
  | { readonly type: 'backup'; readonly folder: string | undefined }
  | { readonly type: 'restore'; readonly folder: string }
  | { readonly type: 'verify' }
  /** From ZIMNIK_DATA into DATABASE_URL. */
  | { readonly type: 'migrate' };

/** What `zimnik --help` prints: the commands and every setting. */
export function usage(words: OperatorWords): string {
  return `${words.usage.commands}\n${words.usage.settings}\n${describeSettings(words)}\n`;
}

/** Reads the arguments after the program's name. */
export function parseCommand(
  words: readonly string[]
): Result<Command, { readonly type: 'unknown_command' }> {
  const [first, second, third, fourth] = words;
  if (words.includes('--help') || words.includes('-h') || first === 'help') return ok({ type: 'help' });
  if (first === undefined) return ok({ type: 'serve', fresh: false });
  if (first === '--fresh' && words.length === 1) return ok({ type: 'serve', fresh: true });
  if (first === 'verify' && words.length === 1) return ok({ type: 'verify' });
  if (first === 'migrate' && words.length === 1) return ok({ type: 'migrate' });
  if (first === 'backup' && words.length <= 2) return ok({ type: 'backup', folder: second });
  if (first === 'restore' && second !== undefined && words.length === 2)
    return ok({ type: 'restore', folder: second });
  if (first === 'user' && second === 'reset' && third !== undefined && words.length === 3)
    return ok({ type: 'reset_password', email: third });
  const role = accountRoles.find((known) => known === fourth);
  if (
    first === 'user' &&
    second === 'role' &&
    third !== undefined &&
    role !== undefined &&
    words.length === 4
  )
    return ok({ type: 'change_role', email: third, role });
  return fail({ type: 'unknown_command' });
}
