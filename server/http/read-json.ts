import type { Context } from 'hono';
import * as v from 'valibot';
import type { AppEnv } from './app-env.ts';
import { errorAnswer } from './errors.ts';
import { readBody } from './request-body.ts';

const maxJsonBytes = 32_000;

/** The body by its schema, or the refusal to answer with. */
export async function readJson<Schema extends v.GenericSchema>(
  c: Context<AppEnv>,
  schema: Schema
): Promise<v.InferOutput<Schema> | Response> {
  const mediaType = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (mediaType !== 'application/json') return errorAnswer(c, 'media_type', 'send application/json');
  const body = await readBody(c.req.raw, maxJsonBytes);
  if (!body.ok) return errorAnswer(c, body.error.type === 'too_large' ? 'too_large' : 'bad_request');
  const parsed = v.safeParse(schema, jsonOf(body.value));
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  return errorAnswer(c, 'bad_request', `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`.slice(0, 300));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No schema takes it: the answer says that the body has the wrong type.
    return undefined;
  }
}
