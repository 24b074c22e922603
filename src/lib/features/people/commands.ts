import { capitaliseName } from '#domain/names/person-name.ts';
import { neededConsent } from '#domain/review/consent-state.ts';
import type { Values } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';
import type { AnyChange, ShownRow } from '$lib/storage/write.ts';

/** What is typed about a person who is met for the first time; surname and first name are enough. */
export interface NewPerson {
  readonly surname: string;
  readonly name: string;
  readonly patronymic?: string;
  readonly settlement?: string;
  readonly organisation?: string;
  readonly phone?: string;
}

/** How a consent step ended: on paper, on the screen, later on paper, not given. */
export type ConsentAnswer = 'paper' | 'screen' | 'later' | 'refused';

/** Versions of the consent texts that are shown and printed today. */
export const consentTextVersions = { processing: 'processing-2026-11', parent: 'parent-2026-11' } as const;

/** The change that makes a person's card; empty fields are left out. */
export function newPersonChange(id: string, person: NewPerson): AnyChange {
  const { surname, name, patronymic = '', settlement = '', organisation = '', phone = '' } = person;
  const optional = {
    ...(patronymic.trim() === '' ? {} : { patronymic: capitaliseName(patronymic.trim()) }),
    ...(settlement === '' ? {} : { settlement }),
    ...(organisation === '' ? {} : { organisation }),
    ...(phone.trim() === '' ? {} : { phone: phone.trim() })
  };
  return {
    type: 'person',
    id,
    set: { surname: capitaliseName(surname.trim()), name: capitaliseName(name.trim()), ...optional }
  };
}

/**
 * Notes how the step of consent ended: an adult's own, for a minor the parent's. Writes on the consent of that kind that
 * the person already has, so that «позже» becomes «на бумаге» and not a second document.
 */
export async function recordConsent(
  app: Pick<App, 'write' | 'newId'> & { readonly device: { readonly user: string } },
  target: {
    readonly person: string;
    readonly consent: string | undefined;
    readonly ageBand: Values<'person'>['ageBand'];
  },
  answer: ConsentAnswer,
  day: string
): Promise<void> {
  const id = target.consent ?? app.newId();
  const kind = neededConsent([target.ageBand]);
  const state = answer === 'refused' ? 'refused' : answer === 'later' ? 'awaited' : 'given';
  await app.write([
    {
      type: 'consent',
      id,
      set: {
        person: target.person,
        kind,
        state,
        textVersion: consentTextVersions[kind],
        date: day,
        takenBy: app.device.user,
        ...(answer === 'refused' ? {} : { method: answer === 'screen' ? 'screen' : 'paper' })
      }
    }
  ]);
}

/** The fields of a card that its form shows; empty = nothing there. */
export interface PersonFields {
  readonly surname: string;
  readonly name: string;
  readonly patronymic: string;
  readonly settlement: string;
  readonly organisation: string;
  readonly position: string;
  readonly phone: string;
  readonly ageBand: string;
}

const personFields = [
  'surname',
  'name',
  'patronymic',
  'settlement',
  'organisation',
  'position',
  'phone',
  'ageBand'
] as const satisfies readonly (keyof PersonFields)[];

/** Writes the fields that were touched; with `replaces` it sends all, because what it corrects was not accepted. */
export async function correctPerson(
  app: Pick<App, 'write'>,
  target: { readonly id: string; readonly shown: number | ShownRow; readonly replaces: number | undefined },
  before: PersonFields,
  typed: PersonFields
): Promise<void> {
  const touched = personFields.filter(
    (key) => typed[key].trim() !== before[key] || (target.replaces !== undefined && typed[key] !== '')
  );
  if (touched.length === 0) return;
  const set = Object.fromEntries(
    touched.map((key) => [key, typed[key].trim() === '' ? null : typed[key].trim()])
  );
  await app.write(
    [{ type: 'person', id: target.id, set, shown: target.shown }],
    target.replaces === undefined ? {} : { replaces: target.replaces, withOthers: true }
  );
}
