import { pino } from 'pino';
import type { LogLevel } from './config.ts';
import type { RequestLog } from './http/request-log.ts';

/** One JSON line a request and an error, to stderr: what people read goes to stdout. */
export function createLog(level: LogLevel): RequestLog {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  return {
    request(line) {
      if (line.status >= 500) logger.error(line);
      else logger.info(line);
    },
    error(error, about) {
      logger.error({ ...about, err: error });
    }
  };
}
