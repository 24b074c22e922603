import { describeSettings } from '#server/config.ts';
import { fail, ok, type Result } from '#domain/result.ts';
import { accountRoles, type AccountRole } from '#server/access/accounts.ts';

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

/** What can be said to the program. */
export const commands = `zimnik                      start the server
zimnik user reset <email>   set a new password, print it once, end the account's sessions
zimnik user role <email> <role>
                            make an account coordinator or administrator; field closes the office to it
zimnik backup [<folder>]    consistent, proved copy of all data into a new folder, beside a working server;
                            without a name: into ZIMNIK_BACKUP, removing outdated ones
zimnik restore <folder>     put such a copy in the place of the data; stop the server first. What was there is
                            moved aside; tablets offer again what they have kept since the copy
zimnik verify               replay the log and prove that the records equal it
zimnik migrate              copy a centre from the embedded database in ZIMNIK_DATA into the empty PostgreSQL of
                            DATABASE_URL and prove the copy; stop the server first
zimnik --help               this text, and every setting

From the project's folder: npm run -s zimnik -- <command>
`;

export const usage = `${commands}
Settings from the environment (in brackets: when unset):
${describeSettings()}
`;

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
