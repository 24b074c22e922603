import { failureWords, type RequestError } from '$lib/features/office/index.ts';
import { m } from '$lib/paraglide/messages.js';
import type { TakenFile } from './requests.ts';

/** Why not everything in a file was taken, and what to do; undefined when it was. */
export function endWords(end: TakenFile['end']): string | undefined {
  switch (end) {
    case 'all':
      return undefined;
    case 'gap':
      return m.office_file_end_gap();
    case 'copied':
      return m.office_file_end_copied();
    case 'newer':
      return m.office_file_end_newer();
  }
}

/** Why nothing of a file was taken, and what to do. */
export function refusalWords(problem: RequestError): string {
  if (problem.type !== 'refused') return failureWords(problem);
  switch (problem.code) {
    case 'foreign_bundle':
    case 'bad_request':
      return m.office_file_foreign();
    case 'unknown_device':
      return m.office_file_unknown();
    case 'too_large':
      return m.office_file_large();
    default:
      return failureWords(problem);
  }
}
