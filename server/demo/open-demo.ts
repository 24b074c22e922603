import { demoContent } from '#demo/content.ts';
import { putEnrolment } from '#server/access/enrolments.ts';
import type { AccessDeps } from '#server/access/access-deps.ts';
import type { Accounts } from '#server/access/accounts.ts';
import type { DemoControl } from '#server/http/app-deps.ts';
import type { SyncService } from '#server/sync/sync-service.ts';
import { demoKeysFrom } from './demo-keys.ts';
import { isYesterdaysAndUntouched, keepCalendar, showingZone, todayIn } from './keep-calendar.ts';
import { seed } from './seed.ts';

const email = 'demo@localhost.example';

/** Fills an empty centre with the demonstration and gives what its links need; a centre with data keeps them. */
export async function openDemo(
  deps: AccessDeps & { readonly service: SyncService; readonly accounts: Accounts },
  keysFile: string,
  restart: () => Promise<void>
): Promise<DemoControl> {
  const keys = demoKeysFrom(keysFile, deps.random);
  const content = demoContent({
    seed: 'zimnik',
    today: todayIn(showingZone, deps.clock()),
    timeZone: showingZone,
    surveyLink: keys.surveyLink
  });
  const { field, survey, office } = content.links;
  const name = content.staff.find((person) => person.user === office.user)?.name ?? office.user;
  let isStale = false;
  const isFilled = (await deps.accounts.all()).length > 0;
  const before = await deps.storage.readSnapshot((snapshot) => snapshot.centre(deps.centre));
  if (!isFilled && before !== undefined && before.seq > 0) {
    // The account is made last, so this centre was cut off while it was being filled, and nobody has seen it yet.
    isStale = true;
  } else if (!isFilled) {
    await seed(deps, content);
    // The coordinator's device is a coordinator's, so the account is too: both must tell the same role.
    await deps.accounts.create({
      id: office.user,
      name,
      email,
      password: keys.password,
      role: 'coordinator'
    });
  } else {
    isStale = await isYesterdaysAndUntouched(deps);
    if (!isStale) await keepCalendar(deps);
  }
  await putEnrolment(deps, keys.enrolCode, field);
  const made = await deps.storage.readSnapshot((snapshot) => snapshot.centre(deps.centre));
  return {
    run: made?.epoch ?? '',
    isStale,
    enrolCode: keys.enrolCode,
    surveyLink: survey.link,
    token: keys.token,
    signIn: async () => {
      const cookies = await deps.accounts.signIn({ email, password: keys.password });
      if (cookies === undefined) throw new Error("the demonstration's account does not let in");
      return cookies;
    },
    restart
  };
}
