import * as v from 'valibot';
import { isTimeZone } from '#server/access/time-zone.ts';
import { emailSchema, nameSchema, passwordSchema, phoneSchema } from './account-schemas.ts';
import { withCookies } from './accounts.ts';
import type { AppDeps } from './app-deps.ts';
import { errorAnswer } from './errors.ts';
import type { Handlers } from './mount-routes.ts';
import { readJson } from './read-json.ts';

const personSchema = v.strictObject({ name: nameSchema, email: emailSchema, password: passwordSchema });
const setupSchema = v.strictObject({
  code: v.pipe(v.string(), v.maxLength(100)),
  centreName: v.pipe(v.string(), v.trim(), v.minLength(1, 'is empty'), v.maxLength(300)),
  timeZone: v.pipe(v.string(), v.maxLength(60), v.check(isTimeZone, 'is no time zone')),
  phone: v.optional(phoneSchema),
  administrator: personSchema,
  second: v.optional(personSchema)
});

/** The first start: whoever holds the printed link names the centre and its people, and is signed in at once. */
export function setupRoutes(deps: AppDeps): Handlers<'GET /api/setup' | 'POST /api/setup'> {
  return {
    'GET /api/setup': async (c) =>
      c.json({ needed: (await deps.setup.code()) !== undefined }, 200, { 'cache-control': 'no-store' }),
    'POST /api/setup': async (c) => {
      const given = await readJson(c, setupSchema);
      if (given instanceof Response) return given;
      const made = await deps.setup.complete(given);
      if (!made.ok) return errorAnswer(c, made.error.type);
      const cookies = await deps.accounts.signIn(given.administrator);
      return withCookies(c.json({ user: made.value }, 201), cookies);
    }
  };
}
