import * as v from 'valibot';
import { connectOffice, listDevices, revokeDevice } from '#server/access/devices.ts';
import type { AppDeps } from './app-deps.ts';
import { errorAnswer } from './errors.ts';
import type { Handlers } from './mount-routes.ts';
import { readJson } from './read-json.ts';

const officeDeviceSchema = v.strictObject({
  name: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(80)), '')
});

/** The office's page of devices, and the coordinator's own browser as a device. */
export function deviceRoutes(
  deps: AppDeps
): Handlers<'GET /api/devices' | 'POST /api/devices/office' | 'POST /api/devices/:id/revoke'> {
  return {
    'GET /api/devices': async (c) =>
      c.json({ devices: await listDevices(deps) }, 200, { 'cache-control': 'no-store' }),
    'POST /api/devices/office': async (c, user) => {
      const given = await readJson(c, officeDeviceSchema);
      if (given instanceof Response) return given;
      const identity = await connectOffice(deps, user, given.name);
      return c.json({ ...identity, userName: user.name }, 201, { 'cache-control': 'no-store' });
    },
    'POST /api/devices/:id/revoke': async (c) => {
      const isKnown = await revokeDevice(deps, c.req.param('id') ?? '');
      return isKnown ? c.body(null, 204) : errorAnswer(c, 'not_found');
    }
  };
}
