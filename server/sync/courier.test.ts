import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Bundle } from '#domain/sync/bundle.ts';
import { revokeDevice } from '#server/access/devices.ts';
import { enrol, openTestCentre, spelled, type TestCentre, type TestDevice } from './testing-centre.ts';
import { verify } from './verify.ts';

let centre: TestCentre;
let tablet: TestDevice;

beforeEach(async () => {
  centre = await openTestCentre();
  tablet = await enrol(centre, 'tablet', 'field', 'u1');
});
afterEach(() => centre.close());

const mark = (status: string, person = 'p1') => [
  { e: 'attendance', k: `s1~${person}`, set: { status, at: 1 }, base: 0 }
];

function bundle(ops: readonly unknown[], more: Partial<Bundle> = {}): Bundle {
  return {
    z: 1,
    kind: 'bundle',
    device: tablet.id,
    secret: tablet.secret,
    madeAt: tablet.now,
    clock: tablet.clockPeriod,
    epoch: null,
    head: null,
    ops: [...ops],
    attachments: [],
    ...more
  };
}

async function take(ops: readonly unknown[], more: Partial<Bundle> = {}) {
  const taken = await centre.service.takeBundle(bundle(ops, more));
  if (!taken.ok) throw new Error(taken.error.type);
  return taken.value;
}

const log = () => centre.storage.readSnapshot((snapshot) => snapshot.log('centre', 0, 10_000));
const devices = () => centre.storage.readSnapshot((snapshot) => snapshot.devices('centre'));

describe('a file carried to the centre', () => {
  test('is judged as its author’s work, and is receipted', async () => {
    const ops = [tablet.operation(mark('present')), tablet.operation(mark('late', 'p2'))];
    const { receipt, end } = await take(ops);
    expect(end).toBe('all');
    expect(spelled(receipt.acks)).toEqual(['1–2 applied 1']);
    expect(receipt).toMatchObject({ device: 'tablet', z: 1, kind: 'receipt' });
    expect(receipt.head).toEqual([2, (await log()).at(-1)?.hash]);
    expect((await log()).map(({ device, n, by }) => [device, n, by])).toEqual([
      ['tablet', 1, 'u1'],
      ['tablet', 2, 'u1']
    ]);
    expect((await verify(centre.storage, 'centre', centre.deps.hashing)).findings).toEqual([]);
  });

  test('and the same work by the network, in whatever order, is judged once', async () => {
    const first = [tablet.operation(mark('present'))];
    await take(first);
    expect(spelled((await tablet.ok(first)).acks)).toEqual(['1 applied 1 repeat']);
    const second = [tablet.operation(mark('late'))];
    await tablet.ok(second);
    expect(spelled((await take([...first, ...second])).receipt.acks)).toEqual(['1–2 applied 1 repeat']);
    expect(await log()).toHaveLength(2);
  });

  test('may hold more than one exchange carries', async () => {
    const ops = Array.from({ length: 2_300 }, (_, index) => tablet.operation(mark('present', `p${index}`)));
    const { receipt, end } = await take(ops);
    expect(end).toBe('all');
    expect(spelled(receipt.acks)).toEqual([
      '1–1000 applied 1',
      '1001–2000 applied 1001',
      '2001–2300 applied 2001'
    ]);
  });

  test('of a bad operation refuses that one and takes the others', async () => {
    const bad = tablet.operation([{ e: 'attendance', k: 's1~p1', set: { status: 7 }, base: 0 }]);
    const { receipt } = await take([bad, tablet.operation(mark('present'))]);
    expect(spelled(receipt.acks)).toEqual(['1 refused(invalid) 1', '2 applied 2']);
  });

  test('that lacks earlier work takes nothing out of order', async () => {
    tablet.operation(mark('present'));
    const { receipt, end } = await take([tablet.operation(mark('late'))]);
    expect([end, receipt.acks]).toEqual(['gap', []]);
    expect(await log()).toEqual([]);
  });

  test('of a copied database changes nothing and makes no device that nobody could use', async () => {
    await tablet.ok([tablet.operation(mark('present'))]);
    tablet.n = 0;
    const { receipt, end } = await take([tablet.operation(mark('absent'))]);
    expect([end, receipt.acks]).toEqual(['copied', []]);
    expect((await devices()).map(({ id }) => id)).toEqual(['tablet']);
  });

  test('takes the time of its marks from the offset that the last exchange showed', async () => {
    tablet.skew = 3 * 3_600_000;
    await tablet.ok([]);
    const writtenAt = centre.now;
    const op = tablet.operation(mark('present'));
    centre.now += 5 * 86_400_000;
    await take([op], { madeAt: tablet.now });
    expect(await log()).toMatchObject([{ corrected: writtenAt, suspect: false }]);
    const [row] = await devices();
    expect(row?.lastExchangeAt).toBe(writtenAt);
  });

  test('of a clock that no exchange has measured is suspect', async () => {
    await tablet.ok([]);
    const measured = tablet.clockPeriod;
    tablet.clockPeriod += 1;
    await take([tablet.operation(mark('present'))], { clock: measured });
    expect((await log()).map(({ suspect }) => suspect)).toEqual([true]);
    const never = await enrol(centre, 'never', 'field', 'u2');
    const op = never.operation(mark('late', 'p2'));
    await take([op], { device: never.id, secret: never.secret });
    expect((await log()).map(({ suspect }) => suspect)).toEqual([true, true]);
  });

  test('that knows work which a restored copy lacks is judged all the same, and its receipt says so', async () => {
    const { epoch } = await tablet.ok([tablet.operation(mark('present'))]);
    const op = tablet.operation(mark('late', 'p2'));
    const gone = [1, 'of a history that is gone'] satisfies Bundle['head'];
    const { receipt } = await take([op], { epoch, head: gone });
    expect(receipt).toMatchObject({ since: gone, head: null });
    expect(spelled(receipt.acks)).toEqual(['2 applied 2']);
  });

  test('of a revoked tablet is held for the coordinator; of a stranger it is nothing', async () => {
    const op = tablet.operation(mark('present'));
    await revokeDevice(centre.deps, tablet.id);
    expect(spelled((await take([op])).receipt.acks)).toEqual(['1 held(device_revoked) 1']);
    const desk = await enrol(centre, 'desk', 'coordinator', 'c1');
    const strangers = [
      { secret: 'another-secret-0123456789' },
      { device: 'nobody' },
      { device: desk.id, secret: desk.secret }
    ];
    for (const more of strangers) {
      const refused = await centre.service.takeBundle(bundle([op], more));
      expect(refused).toEqual({ ok: false, error: { type: 'unknown_device' } });
    }
    centre.now += 401 * 86_400_000;
    expect((await centre.service.takeBundle(bundle([op]))).ok).toBe(false);
  });
});
