import { topicRecords } from '#domain/start/start-records.ts';
import type { Values } from '#domain/records/registry.ts';
import type { DemoChange, DemoContent } from './batch.ts';
import type { DemoDay } from './calendar.ts';
import { consentChanges } from './consents.ts';
import { devices, office, staff, tabletAnna } from './crew.ts';
import { addDays, clockOf } from './days.ts';
import { organisationChanges } from './organisations.ts';
import { people, personChange, personId } from './people.ts';
import { holdPastProject } from './past-project.ts';
import { centreName } from './project-cards.ts';
import { holdRunningProject, projectDates } from './running-project.ts';
import { settlementChanges } from './settlements.ts';
import { holdSurvey, runningCampaign } from './survey-wave.ts';
import { createTimeline } from './timeline.ts';
import { bornYesterday } from './yesterday.ts';

export interface DemoOptions extends DemoDay {
  /** Names, answers and the like differ with it; ids and numbers do not. */
  readonly seed: string;
  /** The secret part of the survey link's path. */
  readonly surveyLink: string;
}

/** The demonstration centre's whole history up to the evening before `today`: a function of seed and day. */
export function demoContent({ seed, today, timeZone, surveyLink }: DemoOptions): DemoContent {
  const clock = clockOf(timeZone);
  const timeline = createTimeline();
  const register = people(seed).filter(({ key }) => !bornYesterday.has(key));
  const wasThere = ({ key }: { readonly key: string }): boolean =>
    /^(c|o|ha|hb|hc)\d/.test(key) || /^t(1|3|9)$/.test(key);
  const { from } = projectDates(today);

  timeline.exchange(office, clock('2022-06-01', '09:00'), [
    centreChange(timeZone),
    ...staffChanges(),
    ...settlementChanges(),
    ...topicRecords(),
    ...organisationChanges(),
    ...register.filter(wasThere).map(personChange)
  ]);
  timeline.exchange(
    tabletAnna,
    clock('2022-06-02', '18:00'),
    consentChanges(register.filter(wasThere), '2022-06-02', tabletAnna.user)
  );
  const newcomers = register.filter((person) => !wasThere(person));
  timeline.exchange(office, clock(addDays(from, -21), '09:00'), [
    ...newcomers.map(personChange),
    areDifferent('t5', 't6'),
    areDifferent('t8', 'z2')
  ]);
  timeline.exchange(
    tabletAnna,
    clock(addDays(from, -19), '18:00'),
    consentChanges(newcomers, addDays(from, -19), tabletAnna.user)
  );
  holdPastProject(timeline, clock);
  holdRunningProject(timeline, clock, today);
  holdSurvey(timeline, clock, { seed, today, surveyLink });

  return {
    batches: timeline.batches(),
    devices,
    staff: staff.map(({ user, role, name, phone }) => ({ user, role, name, phone })),
    links: {
      field: { user: 'ivan', deviceName: 'Планшет для показа' },
      survey: { link: surveyLink, campaign: runningCampaign },
      office: { user: office.user }
    }
  };
}

function centreChange(timeZone: string): DemoChange {
  const values: Values<'centre'> = {
    name: centreName,
    shortName: 'РЦ (показ)',
    phone: '+79000000100',
    address: 'Октябрьский район, адрес придуман',
    timeZone,
    grantLine: 'Демо-данные. Люди и организации придуманы.',
    demo: true
  };
  return { e: 'centre', k: 'centre', set: values };
}

function staffChanges(): readonly DemoChange[] {
  return staff.map(({ user, name, position, phone }) => ({
    e: 'staff',
    k: user,
    set: { name, position, phone }
  }));
}

/** Father and son, two cards of one name: certainly not one person. */
function areDifferent(one: string, other: string): DemoChange {
  return {
    e: 'alias',
    k: personId(one),
    set: { kind: 'person', differs: [personId(other)] }
  };
}
