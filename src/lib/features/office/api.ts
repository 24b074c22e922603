import * as v from 'valibot';
import { fail, ok, type Result } from '#domain/result.ts';
import { m } from '$lib/paraglide/messages.js';

/** What a request of the desk can end in; `code` is the server's own word for a refusal. */
export type RequestError =
  | { readonly type: 'no_network' }
  | {
      readonly type: 'refused';
      readonly status: number;
      readonly code: string;
      /** By which the server's log tells of it. */
      readonly id?: string | undefined;
    }
  /** Somebody else answered: a portal's page, a proxy's error. */
  | { readonly type: 'foreign_answer' };

const refusalSchema = v.object({ error: v.string(), id: v.optional(v.string()) });

interface Request<Schema extends v.GenericSchema> {
  readonly method?: 'GET' | 'POST';
  /** Sent as JSON unless another kind is named; then it is the text itself. */
  readonly body?: unknown;
  readonly mediaType?: string;
  readonly schema: Schema;
}

/** The shape of answers that carry nothing. */
export const nothing = v.undefined();

/** One request to the centre's own address with the sign-in cookie; the answer is parsed by its schema. */
export async function request<Schema extends v.GenericSchema>(
  send: typeof fetch,
  path: string,
  { method = 'GET', body, mediaType = 'application/json', schema }: Request<Schema>
): Promise<Result<v.InferOutput<Schema>, RequestError>> {
  let answer: Response;
  try {
    answer = await send(path, {
      method,
      credentials: 'same-origin',
      ...(body === undefined
        ? {}
        : {
            headers: { 'content-type': mediaType },
            body: typeof body === 'string' ? body : JSON.stringify(body)
          })
    });
  } catch {
    return fail({ type: 'no_network' });
  }
  const json = await readJson(answer);
  if (!answer.ok) {
    const refusal = v.safeParse(refusalSchema, json);
    return refusal.success
      ? fail({ type: 'refused', status: answer.status, code: refusal.output.error, id: refusal.output.id })
      : fail({ type: 'foreign_answer' });
  }
  const parsed = v.safeParse(schema, json);
  return parsed.success ? ok(parsed.output) : fail({ type: 'foreign_answer' });
}

/** What is said of a request that failed for a reason that has no words of its own, with the id by which the log tells of it. */
export function failureWords(error: RequestError): string {
  if (error.type === 'no_network') return m.office_no_connection();
  const id = error.type === 'refused' ? error.id : undefined;
  return id === undefined
    ? m.office_request_failed()
    : `${m.office_request_failed()} ${m.office_request_id({ id })}`;
}

async function readJson(answer: Response): Promise<unknown> {
  const text = await answer.text();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // A page of somebody else: the schema tells so.
    return text;
  }
}
