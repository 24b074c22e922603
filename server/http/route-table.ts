/**
 * Who may call a route:
 * - `public`: anybody;
 * - `exchange`: decides by itself who comes (the exchange of devices and its pokes);
 * - `device`: a device with its secret, not revoked;
 * - `reader`: such a device, or somebody signed in at the office; the record decides further;
 * - `office`: a coordinator or administrator who is signed in;
 * - `administrator`: an administrator who is signed in;
 * - `machine`: this machine itself, or the token for metrics.
 */
export type Access = 'public' | 'exchange' | 'device' | 'reader' | 'office' | 'administrator' | 'machine';

export interface RouteRule {
  readonly access: Access;
  /** Answers to guesses are few: codes and passwords. */
  readonly guessable?: true;
}

/** Every route that carries data, with the role it asks for. The app refuses to mount any other; tests walk this table. */
export const routes = {
  'GET /healthz': { access: 'public' },
  'GET /readyz': { access: 'public' },
  'GET /metrics': { access: 'machine' },
  'POST /api/sync': { access: 'exchange' },
  'GET /api/pokes': { access: 'exchange' },
  'GET /api/session': { access: 'public' },
  'POST /api/sign-in': { access: 'public', guessable: true },
  'POST /api/sign-out': { access: 'public' },
  'POST /api/password': { access: 'office', guessable: true },
  'GET /api/setup': { access: 'public' },
  'POST /api/setup': { access: 'public', guessable: true },
  'GET /api/users': { access: 'office' },
  'POST /api/users': { access: 'administrator' },
  'POST /api/users/role': { access: 'administrator' },
  'POST /api/enrolments': { access: 'office' },
  'POST /api/enrol': { access: 'public', guessable: true },
  'GET /api/devices': { access: 'office' },
  'POST /api/devices/office': { access: 'office' },
  'POST /api/devices/:id/revoke': { access: 'office' },
  'GET /api/courier-keys': { access: 'public' },
  'POST /api/bundles': { access: 'office' },
  'GET /api/records/:type/:id/history': { access: 'office' },
  'PUT /api/attachments/:sha256': { access: 'device' },
  'GET /api/attachments/:sha256': { access: 'reader' },
  'GET /api/awaited-files': { access: 'reader' },
  'OPTIONS /api/uploads': { access: 'public' },
  'POST /api/uploads': { access: 'device' },
  'GET /api/uploads/:sha256': { access: 'device' },
  'PATCH /api/uploads/:sha256': { access: 'device' },
  'GET /api/survey/:link': { access: 'public' },
  'GET /survey/:link': { access: 'public' },
  'GET /s/:link': { access: 'public' },
  'GET /api/demo': { access: 'public' },
  'POST /api/demo/sign-in': { access: 'public', guessable: true },
  'POST /api/demo/restart': { access: 'public', guessable: true }
} as const satisfies Readonly<Record<string, RouteRule>>;

export type RouteKey = keyof typeof routes;
