import { readdirSync } from 'node:fs';

/** Whether a folder is there, but not for the user that runs this: to that user it looks like one that is not there. */
export function isForbidden(folder: string): boolean {
  try {
    readdirSync(folder);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
  }
}
