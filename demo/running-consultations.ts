import type { DemoDevice } from './batch.ts';
import type { PlannedConsultation } from './consultations.ts';
import { tabletAnna, tabletIvan, tabletLyudmila } from './crew.ts';
import { addDays } from './days.ts';
import { mothers, shore, yard, type DemoGroup } from './groups.ts';
import { organisationPlace } from './organisations.ts';
import { series } from './people.ts';
import { runningProject } from './project-cards.ts';
import { itemAt } from './random.ts';
import type { TopicSection } from './topics.ts';

/** How many of the demonstration's 120 consultations belong to the running project. */
const runningCount = 102;

type Draft = Omit<PlannedConsultation, 'key' | 'by' | 'project' | 'phone' | 'turn' | 'date' | 'state'> & {
  readonly daysAgo?: number;
  readonly by?: DemoDevice;
  readonly state?: PlannedConsultation['state'];
};

const practical: readonly TopicSection[] = ['reporting', 'accounting', 'changes', 'publicity'];

/**
 * The consultations of the running project. Whoever is named here is in the project's 61 people; the exceptions are the
 * person outside the period and nobody else. Organisations are the six that were helped, one that awaits review and
 * one municipal institution.
 */
export function runningConsultations(today: string, projectFrom: string): readonly PlannedConsultation[] {
  const drafts: readonly Draft[] = [
    ...registrationCases(today),
    ...organisationsHelped(),
    ...projectsDesigned(),
    {
      section: 'accounting',
      organisation: 'm2',
      people: [],
      settlement: 'nizhnie-narykary',
      daysAgo: 33
    },
    ...awaiting()
  ];
  const rest = runningCount - 1 - drafts.length;
  const general: readonly Draft[] = series('c', 19, 34)
    .concat(series('c', 19, 34))
    .slice(0, rest)
    .map((key, index) => ({
      section: itemAt(
        ['publicity', 'personal-data', 'self-government', 'registers', 'material'] as const,
        index
      ),
      people: [key],
      settlement: itemAt(['oktyabrskoe', 'priobie', 'unyugan', 'talinka'] as const, index),
      ...(index === 3 ? { confidential: true as const, by: tabletAnna } : {})
    }));
  const all = [...drafts, ...general];
  const inPeriod = all.map((draft, index) => plan(draft, index, today));
  const tooEarly: PlannedConsultation = {
    ...plan({ section: 'material', people: ['x1'], settlement: 'priobie' }, all.length, today),
    key: 'early',
    date: addDays(projectFrom, -4)
  };
  return [...inPeriod, tooEarly];
}

function plan(draft: Draft, index: number, today: string): PlannedConsultation {
  const { daysAgo, by, state, ...rest } = draft;
  // Within the project's five months, and nothing of Людмила since her tablet fell silent five days ago.
  const spread = 8 + ((index * 37) % 127);
  return {
    ...rest,
    key: `next${index + 1}`,
    date: addDays(today, -(daysAgo ?? spread)),
    by: by ?? itemAt([tabletIvan, tabletAnna, tabletLyudmila], index),
    project: runningProject,
    phone: index % 2 === 0,
    turn: index,
    state: state ?? 'accepted'
  };
}

/** Three open cases: five, seven and four contacts. «Наш двор» has four of its five people in them. */
function registrationCases(today: string): readonly Draft[] {
  return [
    ...registrationCase(shore, shore.members, 5, 'sherkaly', today),
    ...registrationCase(mothers, mothers.members.slice(0, 5), 7, 'andra', today),
    ...registrationCase(yard, yard.members.slice(0, 4), 4, 'maly-atlym', today)
  ];
}

function registrationCase(
  group: DemoGroup,
  people: readonly string[],
  contacts: number,
  settlement: string,
  today: string
): readonly Draft[] {
  return Array.from({ length: contacts }, (_, index) => {
    const isLast = index === contacts - 1;
    // Everybody is there at the first and last talk, one or two between.
    const present = index === 0 || isLast ? people : people.slice(index % people.length).slice(0, 2);
    return {
      section: 'registration' as const,
      group: group.id,
      people: present,
      settlement,
      daysAgo: 9 + (contacts - 1 - index) * 14,
      followUp: {
        text: itemAt(
          ['Выбрать форму', 'Принести проект устава', 'Назначить собрание', 'Заполнить заявление'],
          index
        ),
        date: isLast ? addDays(today, 4) : addDays(today, -(9 + (contacts - 2 - index) * 14)),
        done: !isLast
      }
    };
  });
}

/** Six СО НКО got practical help, three of them learnt to govern, five heard of raising resources. */
function organisationsHelped(): readonly Draft[] {
  const drafts: Draft[] = [];
  for (let number = 1; number <= 6; number++) {
    const organisation = `n${number}`;
    const settlement = organisationPlace(organisation);
    const members = series('c', number * 3 - 2, number * 3);
    const help = (section: TopicSection, turn: number): Draft => ({
      section,
      organisation,
      people: [itemAt(members, turn)],
      settlement
    });
    drafts.push(...practical.map(help));
    if (number <= 5) drafts.push(help(number % 2 === 0 ? 'grants' : 'fundraising', number));
    if (number <= 3) drafts.push(help('management', 0), help('management', 1));
  }
  return drafts;
}

/** People who write a project and were not at the school. */
function projectsDesigned(): readonly Draft[] {
  return series('c', 1, 15).map((key, index) => ({
    section: 'design',
    people: [key],
    settlement: organisationPlace(`n${Math.floor(index / 3) + 1}`)
  }));
}

/** Notes of the last days that nobody decided about; they add one organisation and one person to a later count. */
function awaiting(): readonly Draft[] {
  const state = 'awaiting' as const;
  const add = (draft: Omit<Draft, 'state' | 'by'>, turn: number): Draft => ({
    ...draft,
    state,
    by: itemAt([tabletIvan, tabletAnna], turn)
  });
  return [
    add({ section: 'reporting', organisation: 'n7', people: ['c40'], settlement: 'talinka', daysAgo: 3 }, 1),
    add({ section: 'design', people: ['gb1'], settlement: 'sherkaly', daysAgo: 2 }, 0),
    add({ section: 'publicity', people: ['c22'], settlement: 'oktyabrskoe', daysAgo: 2 }, 1),
    add({ section: 'material', people: ['c26'], settlement: 'priobie', daysAgo: 1 }, 0)
  ];
}
