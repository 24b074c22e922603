import type { Context } from 'hono';
import type { AppEnv } from './app-env.ts';

/** The only table of what can be refused over HTTP and with which status. Its texts live in the app. */
export const errorStatus = {
  bad_request: 400,
  /** A courier's file that is damaged, no such file at all, or made for another centre. */
  foreign_bundle: 400,
  hash_mismatch: 400,
  unsafe_drawing: 400,
  unsafe_picture: 400,
  sign_in: 401,
  revoked: 401,
  wrong_password: 401,
  forbidden: 403,
  foreign_origin: 403,
  not_found: 404,
  unknown_code: 404,
  unknown_device: 404,
  unknown_link: 404,
  email_taken: 409,
  last_administrator: 409,
  not_named: 409,
  /** The part of a file begins where the file does not end. */
  wrong_offset: 409,
  used_code: 410,
  expired_code: 410,
  closed: 410,
  too_large: 413,
  tus_version: 412,
  media_type: 415,
  slow_down: 429,
  internal: 500,
  starting: 503,
  /** The database cannot be reached or written now; `detail` is its code. */
  unavailable: 503,
  /** Little space is left, and it is kept for records: files are taken again when there is more. */
  no_space: 507
} as const;

export type ErrorCode = keyof typeof errorStatus;

/** `{ error, id, detail? }`: the code, the request's id for the log, and in plain English what was wrong. */
export function errorAnswer(c: Context<AppEnv>, error: ErrorCode, detail?: string): Response {
  const body = { error, id: c.get('requestId'), ...(detail === undefined ? {} : { detail }) };
  return c.json(body, errorStatus[error], { 'cache-control': 'no-store' });
}
