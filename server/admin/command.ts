import { describeSettings } from '#server/config.ts';
import { fail, ok, type Result } from '#domain/result.ts';

/** What the server's program was asked to do. */
export type Command =
  | { readonly type: 'serve' }
  | { readonly type: 'help' }
  | { readonly type: 'reset_password'; readonly email: string }
  | { readonly type: 'backup'; readonly folder: string }
  | { readonly type: 'verify' };

export const usage = `zimnik                      start the server
zimnik user reset <email>   set a new password, print it once, end the account's sessions
zimnik backup <folder>      consistent copy of all data into a new folder, beside a working server
zimnik verify               replay the log and prove that the records equal it
zimnik --help               this text

From the project's folder: npm run -s zimnik -- <command>

Settings from the environment (in brackets: when unset):
${describeSettings()}
`;

/** Reads the arguments after the program's name. */
export function parseCommand(
  words: readonly string[]
): Result<Command, { readonly type: 'unknown_command' }> {
  const [first, second, third] = words;
  if (words.includes('--help') || words.includes('-h') || first === 'help') return ok({ type: 'help' });
  if (first === undefined) return ok({ type: 'serve' });
  if (first === 'verify' && words.length === 1) return ok({ type: 'verify' });
  if (first === 'backup' && second !== undefined && words.length === 2)
    return ok({ type: 'backup', folder: second });
  if (first === 'user' && second === 'reset' && third !== undefined && words.length === 3)
    return ok({ type: 'reset_password', email: third });
  return fail({ type: 'unknown_command' });
}
