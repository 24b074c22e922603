import * as v from 'valibot';
import { TokenBuckets } from './token-buckets.ts';
import { accountRoles } from '#server/access/accounts.ts';
import { changeRole } from '#server/access/change-role.ts';
import { introduce } from '#server/access/setup.ts';
import type { AppDeps } from './app-deps.ts';
import { errorAnswer } from './errors.ts';
import { emailSchema, nameSchema, passwordSchema } from './account-schemas.ts';
import type { Handlers } from './mount-routes.ts';
import { readJson } from './read-json.ts';

const signInSchema = v.strictObject({ email: emailSchema, password: v.pipe(v.string(), v.maxLength(200)) });
const passwordChangeSchema = v.strictObject({
  present: v.pipe(v.string(), v.maxLength(200)),
  next: passwordSchema
});
const newUserSchema = v.strictObject({
  name: nameSchema,
  email: emailSchema,
  password: passwordSchema,
  role: v.picklist(['coordinator', 'administrator'])
});

const roleSchema = v.strictObject({ email: emailSchema, role: v.picklist(accountRoles) });

/** Signing in and out, the own password, and the people of the office. */
export function accountRoutes(
  deps: AppDeps
): Handlers<
  | 'GET /api/session'
  | 'POST /api/sign-in'
  | 'POST /api/sign-out'
  | 'POST /api/password'
  | 'GET /api/users'
  | 'POST /api/users'
  | 'POST /api/users/role'
> {
  // Beside the limit of the address: one account's password is guessed a few times only, from wherever.
  const attempts = new TokenBuckets({ burst: 10, perSecond: 1 / 30 });
  return {
    'GET /api/session': async (c) => {
      const session = await deps.accounts.renew(c.req.raw.headers);
      const answer = c.json({ user: session?.user ?? null }, 200, { 'cache-control': 'no-store' });
      return withCookies(answer, session?.headers);
    },
    'POST /api/sign-in': async (c) => {
      const given = await readJson(c, signInSchema);
      if (given instanceof Response) return given;
      if (attempts.take(given.email.toLowerCase(), deps.clock()) > 0) return errorAnswer(c, 'slow_down');
      const cookies = await deps.accounts.signIn(given);
      return cookies === undefined
        ? errorAnswer(c, 'wrong_password')
        : withCookies(c.body(null, 204), cookies);
    },
    'POST /api/sign-out': async (c) =>
      withCookies(c.body(null, 204), await deps.accounts.signOut(c.req.raw.headers)),
    'POST /api/password': async (c) => {
      const given = await readJson(c, passwordChangeSchema);
      if (given instanceof Response) return given;
      const cookies = await deps.accounts.changePassword(c.req.raw.headers, given);
      return cookies === undefined
        ? errorAnswer(c, 'wrong_password')
        : withCookies(c.body(null, 204), cookies);
    },
    'GET /api/users': async (c) =>
      c.json({ users: await deps.accounts.list() }, 200, { 'cache-control': 'no-store' }),
    'POST /api/users': async (c, administrator) => {
      const given = await readJson(c, newUserSchema);
      if (given instanceof Response) return given;
      const made = await deps.accounts.create(given);
      if (!made.ok) return errorAnswer(c, made.error.type);
      const { id, name } = made.value;
      await introduce(deps, administrator, [{ e: 'staff', k: id, set: { name } }]);
      return c.json({ user: made.value }, 201);
    },
    'POST /api/users/role': async (c) => {
      const given = await readJson(c, roleSchema);
      if (given instanceof Response) return given;
      const changed = await changeRole(deps, given.email, given.role);
      if (changed.ok) return c.body(null, 204);
      return errorAnswer(c, changed.error.type === 'unknown_email' ? 'not_found' : 'last_administrator');
    }
  };
}

export function withCookies(answer: Response, cookies: Headers | undefined): Response {
  for (const cookie of cookies?.getSetCookie() ?? []) answer.headers.append('set-cookie', cookie);
  return answer;
}
