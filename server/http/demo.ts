import * as v from 'valibot';
import { sameDigest } from '#server/sync/hashing.ts';
import { withCookies } from './accounts.ts';
import type { AppDeps } from './app-deps.ts';
import { errorAnswer } from './errors.ts';
import type { Handlers } from './mount-routes.ts';
import { readJson } from './read-json.ts';

const tokenSchema = v.strictObject({ token: v.pipe(v.string(), v.maxLength(100)) });

/** Routes that only a server that shows the demonstration answers to. */
export function demoRoutes(
  deps: AppDeps
): Handlers<'GET /api/demo' | 'POST /api/demo/sign-in' | 'POST /api/demo/restart'> {
  const isRightToken = (token: string, right: string): boolean =>
    sameDigest(deps.hashing.sha256(token), deps.hashing.sha256(right));
  return {
    'GET /api/demo': (c) => {
      const headers = { 'cache-control': 'no-store' };
      return c.json(
        deps.demo === undefined
          ? { demo: false }
          : { demo: true, run: deps.demo.run, links: demoLinks(deps.demo) },
        200,
        headers
      );
    },
    'POST /api/demo/sign-in': async (c) => {
      if (deps.demo === undefined) return errorAnswer(c, 'not_found');
      const given = await readJson(c, tokenSchema);
      if (given instanceof Response) return given;
      if (!isRightToken(given.token, deps.demo.token)) return errorAnswer(c, 'unknown_code');
      return withCookies(c.body(null, 204), await deps.demo.signIn());
    },
    'POST /api/demo/restart': async (c) => {
      if (deps.demo === undefined) return errorAnswer(c, 'not_found');
      const given = await readJson(c, tokenSchema);
      if (given instanceof Response) return given;
      if (!isRightToken(given.token, deps.demo.token)) return errorAnswer(c, 'unknown_code');
      await deps.demo.restart();
      return c.json({ demo: true, links: demoLinks(deps.demo) }, 200, { 'cache-control': 'no-store' });
    }
  };
}

/** The three addresses of the demonstration, in the order in which they are printed. */
export function demoLinks(demo: {
  readonly enrolCode: string;
  readonly surveyLink: string;
  readonly token: string;
}) {
  return {
    field: `/enrol/${demo.enrolCode}`,
    survey: `/survey/${demo.surveyLink}`,
    office: `/office?demo=${demo.token}`
  };
}
