import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { needsSurvey } from '#domain/survey/needs-survey.ts';
import { enrol } from '#server/sync/testing-centre.ts';
import { introduce } from '#server/access/setup.ts';
import { revokeDevice } from '#server/access/devices.ts';
import { openTestApp, type SendOptions, type TestApp } from '#server/testing-app.ts';
import { routes, type Access } from './route-table.ts';

let world: TestApp;

beforeEach(async () => {
  world = await openTestApp();
});

afterEach(async () => {
  await world.close();
});

const callers = [
  'nobody',
  'field',
  'revoked',
  'foreign',
  'respondent',
  'coordinator',
  'administrator'
] as const;
const allowed: Readonly<Record<Access, readonly (typeof callers)[number][]>> = {
  public: callers,
  exchange: callers,
  machine: [],
  device: ['field', 'respondent'],
  reader: ['field', 'respondent', 'coordinator', 'administrator'],
  office: ['coordinator', 'administrator'],
  administrator: ['administrator']
};

test('every route lets in exactly the callers that the table names', async () => {
  const { deps, service } = world.centre;
  const field = await enrol(world.centre, 'tablet', 'field', 'kristina');
  const revoked = await enrol(world.centre, 'lost-tablet', 'field', 'kristina');
  const respondent = await enrol(world.centre, 'phone', 'respondent', 'link');
  await revokeDevice(deps, revoked.id);
  // A device of another centre in the same storage.
  const foreign = { secret: 'secret-of-another-centre-01' };
  const device = await deps.storage.readSnapshot((snapshot) => snapshot.device(deps.centre, field.id));
  if (device === undefined) throw new Error('the tablet was enrolled just now');
  const secretHash = deps.hashing.sha256(foreign.secret);
  await deps.storage.withTransaction((tx) => tx.putDevice('another', { ...device, secretHash }));
  const as: Readonly<Record<(typeof callers)[number], SendOptions>> = {
    nobody: {},
    field: { secret: field.secret },
    revoked: { secret: revoked.secret },
    foreign,
    respondent: { secret: respondent.secret },
    coordinator: { cookie: (await world.signIn('coordinator')).cookie },
    administrator: { cookie: (await world.signIn('administrator')).cookie }
  };
  expect(service).toBeDefined();
  for (const [key, { access }] of Object.entries(routes)) {
    if (access === 'public' || access === 'exchange') continue;
    const [method = '', pattern = ''] = key.split(' ');
    const path = pattern.replace(':type', 'person').replace(/:\w+/g, 'a');
    for (const caller of callers) {
      const { status } = await world.send(method, path, as[caller]);
      const isLetIn = status !== 401 && status !== 403;
      expect(isLetIn, `${key} as ${caller}: ${status}`).toBe(allowed[access].includes(caller));
    }
  }
});

test('a code connects one device once, and not after a week', async () => {
  const { cookie } = await world.signIn('coordinator');
  const make = async (): Promise<string> => {
    const json = { user: 'kristina', deviceName: 'Планшет № 1' };
    const made = (await (await world.send('POST', '/api/enrolments', { cookie, json })).json()) as {
      code: string;
      url: string;
    };
    expect(made.url).toBe(`http://localhost:4141/enrol/${made.code}`);
    return made.code;
  };
  const use = (code: string) => world.send('POST', '/api/enrol', { json: { code } });
  const code = await make();
  const first = await use(code);
  expect(first.status).toBe(201);
  const identity = (await first.json()) as { device: string; secret: string };
  expect(identity).toMatchObject({ user: 'kristina', role: 'field', name: 'Планшет № 1' });
  const again = await use(code);
  expect([again.status, await again.json()]).toMatchObject([410, { error: 'used_code' }]);
  const late = await make();
  world.centre.now += 8 * 86_400_000;
  const expired = await use(late);
  expect([expired.status, await expired.json()]).toMatchObject([410, { error: 'expired_code' }]);

  const listed = (await (await world.send('GET', '/api/devices', { cookie })).json()) as {
    devices: unknown[];
  };
  expect(listed.devices).toMatchObject([{ device: identity.device, revokedAt: null, lastExchangeAt: null }]);
  await world.send('POST', `/api/devices/${identity.device}/revoke`, { cookie });
  const path = `/api/attachments/${'a'.repeat(64)}`;
  const refused = await world.send('GET', path, { secret: identity.secret });
  expect(await refused.json()).toMatchObject({ error: 'revoked' });
});

test('the first start makes the centre and its people once, with the right code only', async () => {
  const person = (name: string) => ({ name, email: `${name}@example.org`, password: 'winter road 7' });
  const json = {
    code: (await world.deps.setup.code()) ?? '',
    centreName: 'Ресурсный центр',
    timeZone: 'Asia/Yekaterinburg',
    administrator: person('anna'),
    second: person('boris')
  };
  const set = (body: unknown) => world.send('POST', '/api/setup', { json: body });
  expect((await set({ ...json, code: 'guessed' })).status).toBe(404);
  expect((await set({ ...json, timeZone: 'Mars/Olympus' })).status).toBe(400);
  const made = await set(json);
  expect(made.status).toBe(201);
  expect(made.headers.getSetCookie()[0]).toMatch(/^zimnik=/);
  expect((await set(json)).status).toBe(410);
  expect((await world.accounts.all()).map((user) => user.role).sort()).toEqual([
    'administrator',
    'coordinator'
  ]);
  const { deps } = world.centre;
  const records = await deps.storage.readSnapshot((snapshot) => snapshot.recordsOfType(deps.centre, 'staff'));
  expect(records.map((record) => record.fields['name']?.v).sort()).toEqual(['anna', 'boris']);
});

test('an account is guessed a few times only, and signing in opens the office', async () => {
  const { cookie } = await world.signIn('coordinator');
  const session = await world.send('GET', '/api/session', { cookie });
  expect(await session.json()).toMatchObject({ user: { name: 'Анна', role: 'coordinator' } });
  const guess = { json: { email: 'person-0@example.org', password: 'guessed' } };
  const statuses: number[] = [];
  for (let count = 0; count < 12; count++)
    statuses.push((await world.send('POST', '/api/sign-in', guess)).status);
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
});

async function openCampaign(state: string, description = 'Пять минут'): Promise<void> {
  const { user } = await world.signIn('administrator');
  const by = { id: user, name: 'Анна', email: '', role: 'administrator' } as const;
  const definition = { ...needsSurvey };
  const { id: form, version } = needsSurvey;
  await introduce({ ...world.centre.deps, service: world.centre.service }, by, [
    {
      e: 'centre',
      k: 'centre',
      set: { name: 'Центр', timeZone: 'Asia/Yekaterinburg', phone: '+7 900 000-00-00' }
    },
    { e: 'form', k: `${form}~${version}`, set: { form, version, definition } },
    {
      e: 'campaign',
      k: 'now',
      set: {
        title: 'Опрос </script><b>',
        description,
        form: `${form}~${version}`,
        version,
        state,
        link: 'kedr',
        phone: '+7 900 111-22-33'
      }
    }
  ]);
}

test('the page of a link can be read without scripts and names the campaign to messengers', async () => {
  await openCampaign('open');
  const answer = await world.send('GET', '/survey/kedr');
  const text = await answer.text();
  expect(answer.status).toBe(200);
  expect(text).toContain('<meta property="og:title" content="Опрос &lt;/script&gt;&lt;b&gt;" />');
  expect(text).toContain('<div id="survey">');
  expect(text).toContain(needsSurvey.parts[0]?.questions[0]?.text['ru']);
  expect(text).toContain('href="tel:+79001112233"');
  const data = /<script type="application\/json" id="survey-data">(.*?)<\/script>/.exec(text)?.[1] ?? '';
  const api = await world.send('GET', '/api/survey/kedr');
  expect(JSON.parse(data)).toEqual(await api.json());
  const same = await world.send('GET', '/api/survey/kedr', {
    headers: { 'if-none-match': api.headers.get('etag') ?? '' }
  });
  expect(same.status).toBe(304);
});

test('an unknown link, a draft and a closed survey are told in words with the telephone', async () => {
  await openCampaign('closed');
  const closed = await world.send('GET', '/survey/kedr');
  expect(closed.status).toBe(410);
  expect(await closed.text()).toContain('+7\u00a0(900)\u00a0111-22-33');
  const unknown = await world.send('GET', '/survey/nothing');
  expect(unknown.status).toBe(404);
  expect(await unknown.text()).toContain('+7\u00a0(900)\u00a0000-00-00');
  expect((await world.send('GET', '/api/survey/nothing')).status).toBe(404);
});

test('at an address where offline work is impossible the questionnaire takes no answers and says why', async () => {
  await world.close();
  world = await openTestApp({ url: 'http://192.0.2.7:3000' });
  await openCampaign('open');
  const text = await (await world.send('GET', '/survey/kedr')).text();
  expect(text).toContain('адрес, который начинается с https');
  expect(text).not.toContain('<script');
});

test('only a plain drawing that a record names is taken, and only its readers get it', async () => {
  const tablet = await enrol(world.centre, 'tablet', 'field', 'kristina');
  const phone = await enrol(world.centre, 'phone', 'respondent', 'link');
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1L2 2"/></svg>';
  const evil = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
  const put = (text: string, hash = hashOf(text)) =>
    world.send('PUT', `/api/attachments/${hash}`, {
      secret: tablet.secret,
      body: text,
      headers: { 'content-type': 'image/svg+xml' }
    });
  expect((await put(drawing)).status).toBe(409);
  await tablet.ok([
    tablet.operation([{ e: 'attendance', k: 'session~person', set: { signatureInk: hashOf(drawing) } }])
  ]);
  expect((await put(drawing, 'a'.repeat(64))).status).toBe(400);
  expect(await (await put(evil)).json()).toMatchObject({ error: 'unsafe_drawing' });
  expect((await put(`${drawing}${' '.repeat(9_000)}`)).status).toBe(413);
  expect((await put(drawing)).status).toBe(204);
  const path = `/api/attachments/${hashOf(drawing)}`;
  const got = await world.send('GET', path, { secret: tablet.secret });
  expect(await got.text()).toBe(drawing);
  expect(got.headers.get('content-security-policy')).toContain('sandbox');
  expect((await world.send('GET', path, { secret: phone.secret })).status).toBe(404);
});

test('the demonstration is answered only where it is shown', async () => {
  expect(await (await world.send('GET', '/api/demo')).json()).toEqual({ demo: false });
  expect((await world.send('POST', '/api/demo/restart', { json: { token: 'x' } })).status).toBe(404);
});
