import { pino } from 'pino';
import type { LogLevel } from './settings.ts';
import type { RequestLog } from './http/request-log.ts';

export type Log = RequestLog & {
  /** What the server did by itself. */
  event(event: 'backup_made'): void;
};

/** One JSON line a request and an error, to stderr: what people read goes to stdout. */
export function createLog(level: LogLevel): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  return {
    request(line) {
      if (line.status >= 500) logger.error(line);
      else logger.info(line);
    },
    error(error, about) {
      logger.error({ ...about, err: withoutContents(error) });
    },
    event(event) {
      logger.info({ event });
    }
  };
}

interface SafeError {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack: readonly string[];
  readonly cause?: SafeError;
}

/**
 * What an error tells about the program, without what people wrote: messages of parsers and databases quote the values
 * that they stumbled over, and some errors carry whole rows as properties.
 */
export function withoutContents(error: unknown): SafeError {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: [] };
  const stack = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    // A parser of JSON quotes the text with its own quotes in it.
    message: error instanceof SyntaxError ? '…' : masked(error.message),
    stack: stack.slice(0, 12).map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: withoutContents(error.cause) })
  };
}

/** Quoted values, parameters of statements, and every word that is not written in Latin letters become «…». */
function masked(message: string): string {
  return message
    .replace(/\nparams:[\s\S]*$/, '\nparams: …')
    .replace(/(["'`]).*?\1/gs, '$1…$1')
    .replace(/\([^()]*\)=\([^()]*\)/g, '(…)=(…)')
    .replace(/\S*[^\p{ASCII}…\s]\S*/gu, '…')
    .replace(/\S+@\S+/g, '…')
    .slice(0, 500);
}
