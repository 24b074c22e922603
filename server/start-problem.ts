/** What a person can put right when the server does not start; undefined for everything else, which is a bug. */
export function startProblem(
  error: unknown,
  config: { readonly port: number; readonly dataFolder: string }
): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${config.port} is taken by another program: stop it or set another PORT.`;
    case 'EADDRNOTAVAIL':
      return 'ZIMNIK_HOST is no address of this machine.';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'ENOTDIR':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
      return `Not allowed to write into ${config.dataFolder} (or to listen on port ${config.port}): ${code}.`;
    case 'ENOSPC':
    case 'SQLITE_FULL':
      return `The disk of ${config.dataFolder} is full: free some space and start again. Nothing was lost.`;
    default:
      return undefined;
  }
}
