import { afterEach, beforeEach, expect, test } from 'vitest';
import { demoContent } from '#demo/content.ts';
import { plainValues } from '#domain/sync/merge.ts';
import { enrol, openTestCentre, type TestCentre } from '#server/sync/testing-centre.ts';
import { isYesterdaysAndUntouched, keepCalendar, showingZone, todayIn } from './keep-calendar.ts';
import { seed } from './seed.ts';

const dayMs = 86_400_000;
let centre: TestCentre;

beforeEach(async () => {
  centre = await openTestCentre();
  const today = todayIn(showingZone, centre.now);
  const content = demoContent({ seed: 'zimnik', today, timeZone: showingZone, surveyLink: 'opros' });
  await seed({ ...centre.deps, service: centre.service }, content);
}, 60_000);
afterEach(() => centre.close());

async function eventsPresent(): Promise<readonly string[]> {
  const events = await centre.storage.readSnapshot((snapshot) => snapshot.recordsOfType('centre', 'event'));
  return events
    .filter((event) => plainValues(event)['deletedAt'] === undefined)
    .map((event) => event.k)
    .filter((id) => /^(school|week)-/.test(id))
    .sort();
}

async function startLater(days: number): Promise<string> {
  centre.now += days * dayMs;
  await keepCalendar({ ...centre.deps, service: centre.service });
  return todayIn(showingZone, centre.now);
}

test('the whole history passes the real exchange, with its conflict and its silent tablet', async () => {
  const { conflicts, tablet, people } = await centre.storage.readSnapshot(async (snapshot) => ({
    conflicts: await snapshot.recordsOfType('centre', 'conflict'),
    tablet: await snapshot.device('centre', 'field-demo3'),
    people: await snapshot.recordsOfType('centre', 'person')
  }));
  expect(conflicts.map((conflict) => plainValues(conflict)['state'])).toEqual(['open']);
  expect(tablet?.pending).toBe(12);
  expect(Math.floor((centre.now - (tablet?.lastExchangeAt ?? 0)) / dayMs)).toBe(5);
  expect(people.length).toBeGreaterThan(170);
});

test('a start on the same day adds nothing', async () => {
  const before = await eventsPresent();
  await startLater(0);
  expect(await eventsPresent()).toEqual(before);
  expect(before).toHaveLength(2);
});

test('a later start moves what nobody touched to its own day, again and again', async () => {
  const first = await startLater(3);
  expect(await eventsPresent()).toEqual([`school-${first}`, `week-${first}`]);
  const second = await startLater(4);
  expect(await eventsPresent()).toEqual([`school-${second}`, `week-${second}`]);
});

test('a day on which a guest marked someone stays', async () => {
  const day = todayIn(showingZone, centre.now);
  const guest = await enrol(centre, 'field-guest', 'field', 'ivan');
  await guest.ok([
    guest.operation([{ e: 'attendance', k: `school-${day}-1~p-t1`, set: { status: 'present' } }])
  ]);
  const later = await startLater(2);
  expect(await eventsPresent()).toEqual([`school-${day}`, `school-${later}`, `week-${day}`, `week-${later}`]);
});

test('a later start after nobody wrote anything can begin anew; after a guest wrote, it cannot', async () => {
  expect(await isYesterdaysAndUntouched(centre.deps)).toBe(false);
  centre.now += 3 * dayMs;
  expect(await isYesterdaysAndUntouched(centre.deps)).toBe(true);
  const guest = await enrol(centre, 'field-guest', 'field', 'ivan');
  expect(await isYesterdaysAndUntouched(centre.deps)).toBe(true);
  await guest.ok([
    guest.operation([
      { e: 'attendance', k: `${(await eventsPresent())[0]}-1~p-t1`, set: { status: 'present' } }
    ])
  ]);
  expect(await isYesterdaysAndUntouched(centre.deps)).toBe(false);
});
