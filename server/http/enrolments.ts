import * as v from 'valibot';
import { plainIdSchema } from '#domain/ids.ts';
import { plainValues } from '#domain/sync/merge.ts';
import { createEnrolment, enrol } from '#server/access/enrolments.ts';
import { phoneSchema } from './account-schemas.ts';
import type { AppDeps } from './app-deps.ts';
import { errorAnswer } from './errors.ts';
import type { Handlers } from './mount-routes.ts';
import { readJson } from './read-json.ts';

const deviceNameSchema = v.pipe(v.string(), v.trim(), v.minLength(1, 'is empty'), v.maxLength(80));
const enrolmentSchema = v.strictObject({
  user: plainIdSchema,
  deviceName: deviceNameSchema,
  holderPhone: v.optional(phoneSchema)
});
const enrolSchema = v.strictObject({
  code: v.pipe(v.string(), v.maxLength(100)),
  deviceName: v.optional(deviceNameSchema)
});

/** Connecting a field device: the office makes a code, the device uses it once. */
export function enrolmentRoutes(deps: AppDeps): Handlers<'POST /api/enrolments' | 'POST /api/enrol'> {
  return {
    'POST /api/enrolments': async (c) => {
      const given = await readJson(c, enrolmentSchema);
      if (given instanceof Response) return given;
      const { code, expiresAt } = await createEnrolment(deps, given);
      return c.json({ code, url: `${deps.url}/enrol/${code}`, expiresAt }, 201, {
        'cache-control': 'no-store'
      });
    },
    'POST /api/enrol': async (c) => {
      const given = await readJson(c, enrolSchema);
      if (given instanceof Response) return given;
      const isReusable = deps.demo !== undefined && given.code === deps.demo.enrolCode;
      const enrolled = await enrol(deps, { ...given, isReusable });
      if (!enrolled.ok) return errorAnswer(c, enrolled.error.type);
      const identity = enrolled.value;
      return c.json({ ...identity, ...(await greeting(deps, identity.user)) }, 201, {
        'cache-control': 'no-store'
      });
    }
  };
}

/** What a device shows before its first exchange is over: whose it is, and of which centre. */
async function greeting(deps: AppDeps, user: string) {
  return deps.storage.readSnapshot(async (snapshot) => {
    const keys = [
      ['centre', 'centre'],
      ['staff', user]
    ] as const;
    const records = await snapshot.records(deps.centre, keys);
    const [centre = {}, staff = {}] = keys.map(([type]) => {
      const found = records.find((record) => record.e === type);
      return found === undefined ? {} : plainValues(found);
    });
    return {
      userName: staff['name'] ?? '',
      centre: { name: centre['name'] ?? '', phone: centre['phone'] ?? '', timeZone: centre['timeZone'] ?? '' }
    };
  });
}
