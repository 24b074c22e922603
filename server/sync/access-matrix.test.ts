import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roles, type Role } from '#domain/records/definition.ts';
import { registry, serverMade, type RecordType } from '#domain/records/registry.ts';
import { enrol, openTestCentre, type TestCentre, type TestDevice } from './testing-centre.ts';

/**
 * Who may write and read what, said a second time and by hand, against the server as it answers: a role that is added
 * to a record's file, or a stream that is added to the access table, is seen here.
 */
const office: readonly Role[] = ['coordinator', 'administrator'];
const worker: readonly Role[] = ['field', ...office];
const everybody: readonly Role[] = ['respondent', ...worker];

/** A new record of each type, who may make one, and who receives it. `me` is the writer's user id. */
const table: {
  readonly [Type in RecordType]: {
    readonly makes: readonly Role[];
    readonly reads: readonly Role[];
    readonly set: (me: string) => Record<string, unknown>;
    /** Id of the record where it says something; a plain one otherwise. */
    readonly id?: string;
  };
} = {
  alias: { makes: office, reads: worker, set: () => ({ kind: 'person', of: 'p1' }) },
  attendance: { makes: worker, reads: worker, set: () => ({ status: 'present' }), id: 's1~' },
  campaign: { makes: office, reads: worker, set: () => ({ title: 'Опрос' }) },
  centre: { makes: office, reads: worker, set: () => ({ name: 'Центр', timeZone: 'Asia/Omsk' }) },
  confidential_text: { makes: worker, reads: office, set: (me) => ({ author: me, request: 'Долги' }) },
  conflict: { makes: [], reads: [], set: () => ({ state: 'open' }) },
  consent: { makes: worker, reads: worker, set: () => ({ person: 'p1', kind: 'photo', state: 'given' }) },
  consultation: { makes: worker, reads: worker, set: (me) => ({ date: '2026-11-24', author: me }) },
  contact: {
    makes: everybody,
    reads: office,
    set: () => ({ name: 'Галина', phone: '+79120000000', consentTextVersion: '1' })
  },
  destruction: { makes: [], reads: [], set: () => ({ at: 1 }) },
  erasure: { makes: office, reads: office, set: () => ({ ground: 'withdrawal', requestedOn: '2026-11-24' }) },
  event: { makes: worker, reads: worker, set: () => ({ title: 'Сход', from: '2026-11-24' }) },
  form: { makes: office, reads: worker, set: () => ({ form: 'needs', version: 9, definition: {} }) },
  group: { makes: worker, reads: worker, set: () => ({ name: 'Наш двор' }) },
  indicator: {
    makes: office,
    reads: worker,
    set: () => ({ project: 'g1', title: 'Люди', target: 70, unit: 'people', rule: {} })
  },
  membership: { makes: worker, reads: worker, set: () => ({ active: true }), id: 'g1~' },
  milestone: { makes: office, reads: worker, set: () => ({ project: 'g1', title: 'Школа' }) },
  organisation: { makes: worker, reads: worker, set: () => ({ name: 'ТОС' }) },
  person: { makes: worker, reads: worker, set: () => ({ surname: 'Волдин', name: 'Игорь' }) },
  photo: { makes: worker, reads: worker, set: () => ({ of: 'event', target: 'e1', file: 'a'.repeat(64) }) },
  problem: { makes: [], reads: [], set: () => ({ state: 'open' }) },
  project: {
    makes: office,
    reads: worker,
    set: () => ({ title: 'Малым территориям', from: '2026-01-01', to: '2027-01-01' })
  },
  publication: { makes: worker, reads: worker, set: () => ({ project: 'g1', title: 'Заметка' }) },
  remark: { makes: office, reads: office, set: () => ({ to: 'u9', text: 'Уточните', target: 's1' }) },
  response: {
    makes: everybody,
    reads: office,
    set: () => ({ campaign: 'c1', form: 'needs~1', version: 1, answers: {} })
  },
  review: { makes: office, reads: worker, set: () => ({ state: 'accepted', upTo: 1 }), id: 'sheet~' },
  session: { makes: worker, reads: worker, set: () => ({ event: 'e1', date: '2026-11-24' }) },
  settlement: { makes: office, reads: worker, set: () => ({ name: 'Село' }) },
  sheet: { makes: worker, reads: worker, set: () => ({ closed: true }) },
  staff: { makes: office, reads: worker, set: () => ({ name: 'Анна' }) },
  topic: { makes: office, reads: worker, set: () => ({ title: 'Устав' }) }
};
const types = Object.keys(registry) as RecordType[];

let centre: TestCentre;
const devices = new Map<Role, TestDevice>();

beforeAll(async () => {
  centre = await openTestCentre();
  for (const role of roles)
    devices.set(role, await enrol(centre, `${role}-1`, role, role === 'respondent' ? 'link' : `u-${role}`));
});

afterAll(async () => {
  await centre.close();
});

function deviceOf(role: Role): TestDevice {
  const device = devices.get(role);
  if (device === undefined) throw new Error(`no device for ${role}`);
  return device;
}

function idOf(type: RecordType, role: Role): string {
  return `${table[type].id ?? ''}${type.replace('_', '')}-${role}`;
}

/** Everything that a role's device receives of a fresh start: `type/id`. */
async function received(role: Role): Promise<ReadonlySet<string>> {
  const device = deviceOf(role);
  device.cursors = {};
  const seen = new Set<string>();
  for (let more = true; more;) {
    const answer = await device.ok([]);
    for (const page of answer.streams) for (const row of page.rows) seen.add(`${row.e}/${row.k}`);
    more = answer.streams.some((page) => page.more);
  }
  return seen;
}

describe.sequential('the access table, as the server answers', () => {
  test.each(roles)(
    '%s writes exactly what it may, and everything else is refused as forbidden',
    async (role) => {
      const device = deviceOf(role);
      const outcomes: Record<string, string> = {};
      const expected: Record<string, string> = {};
      for (const type of types) {
        const set = table[type].set(device.user);
        const answer = await device.ok([device.operation([{ e: type, k: idOf(type, role), set }])]);
        const [ack] = answer.acks;
        outcomes[type] = ack === undefined ? '' : 'reason' in ack ? `${ack.o} ${ack.reason}` : ack.o;
        expected[type] = table[type].makes.includes(role) ? 'applied' : 'refused forbidden';
      }
      expect(outcomes).toEqual(expected);
    }
  );

  test('nobody but the server gives birth to what only the server makes', () => {
    for (const type of serverMade) expect(table[type as RecordType].makes).toEqual([]);
  });

  test.each(roles)('%s receives exactly what it may read', async (role) => {
    const seen = await received(role);
    // What was refused is told to the office and to its author as a problem: not part of this table.
    // So is what the server notes about an erasure.
    const got = [...seen].filter((key) => !/^(problem|destruction)\//.test(key)).sort();
    const should = types
      .filter((type) => table[type].reads.includes(role))
      .flatMap((type) => table[type].makes.map((author) => `${type}/${idOf(type, author)}`));
    // The confidential words that one wrote oneself.
    if (role === 'field') should.push(`confidential_text/${idOf('confidential_text', role)}`);
    expect(got).toEqual(should.sort());
  });

  test('a worker neither reads nor changes the confidential words and remarks of another one', async () => {
    const coordinator = deviceOf('coordinator');
    const field = deviceOf('field');
    await coordinator.ok([
      coordinator.operation([
        { e: 'confidential_text', k: 'theirs', set: { author: 'u9', request: 'Долги' } },
        { e: 'remark', k: 'to-other', set: { to: 'u9', text: 'Уточните', target: 's1' } },
        { e: 'remark', k: 'to-me', set: { to: field.user, text: 'Уточните', target: 's1' } }
      ])
    ]);
    const seen = await received('field');
    expect(seen).toContain('remark/to-me');
    expect(seen).not.toContain('remark/to-other');
    expect(seen).not.toContain('confidential_text/theirs');
    const acks = (
      await field.ok([
        field.operation([{ e: 'confidential_text', k: 'theirs', set: { request: 'Нет' } }]),
        field.operation([{ e: 'confidential_text', k: 'theirs', set: { author: field.user } }]),
        field.operation([{ e: 'remark', k: 'to-other', set: { done: true } }]),
        field.operation([{ e: 'remark', k: 'to-me', set: { done: true } }])
      ])
    ).acks;
    expect(acks.map((ack) => ack.o)).toEqual(['refused', 'refused', 'refused', 'applied']);
  });

  test("a respondent's device touches nothing that another device made", async () => {
    const other = await enrol(centre, 'respondent-2', 'respondent', 'link');
    const answer = await other.ok([
      other.operation([{ e: 'response', k: idOf('response', 'respondent'), set: { answers: { q1: 'x' } } }]),
      other.operation([{ e: 'contact', k: idOf('contact', 'respondent'), set: { phone: '+79990000000' } }])
    ]);
    expect(answer.acks.map((ack) => ack.o)).toEqual(['refused', 'refused']);
  });
});
