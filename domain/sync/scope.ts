import type { Role, Stream } from '#domain/records/definition.ts';
import { definitionOf, serverMade } from '#domain/records/registry.ts';
import type { Change } from './operation.ts';

/** Who acts, as the server knows the device's principal. */
export interface Actor {
  readonly role: Role;
  /** User id; for a link's device `link`. */
  readonly user: string;
  readonly device: string;
  /** The survey whose link registered a respondent's device. */
  readonly campaign?: string;
}

/** The streams an actor reads, in order of need. The one access table for reading. */
export function streamsFor(actor: Actor): readonly Stream[] {
  switch (actor.role) {
    case 'field':
      return ['reference', 'people', 'attendance', 'consultations', `private/${actor.user}`];
    case 'coordinator':
    case 'administrator':
      return [
        'reference',
        'people',
        'attendance',
        'consultations',
        'answers',
        'office',
        `private/${actor.user}`
      ];
    case 'respondent':
      return [`own/${actor.device}`];
  }
}

/** What the access table needs to know of the record that a change touches. */
export interface Touched {
  /** The device that gave birth to it; undefined = this change does. */
  readonly bornOn: string | undefined;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Whether the actor may make this change. The one access table for writing; the server asks for every change. */
export function mayWrite(actor: Actor, change: Change, touched: Touched): boolean {
  const definition = definitionOf(change.e);
  if (definition === undefined) return false;
  if (!definition.writers.includes(actor.role)) return false;
  if (serverMade.has(change.e) && touched.bornOn === undefined) return false;
  if (actor.role === 'respondent') {
    // What was returned to this phone may be answered from it, and nothing else of it changed.
    if (change.e === 'remark')
      return touched.values['device'] === actor.device && Object.keys(change.set).every(isAnswer);
    // A link opens its own survey: nothing gets into another one's answers by it. A contact may name no survey.
    const named = change.set['campaign'] ?? actor.campaign;
    if (actor.campaign !== undefined && named !== actor.campaign) return false;
    return touched.bornOn === undefined || touched.bornOn === actor.device;
  }
  if (actor.role === 'field') {
    if (change.e === 'remark') return touched.values['to'] === actor.user;
    if (change.e === 'photo' && touched.values['confidential'] === true)
      return touched.values['author'] === actor.user;
    if (change.e === 'confidential_text')
      return touched.bornOn === undefined
        ? change.set['author'] === actor.user
        : touched.values['author'] === actor.user && (change.set['author'] ?? actor.user) === actor.user;
  }
  return true;
}

function isAnswer(field: string): boolean {
  return field === 'done' || field === 'answer';
}

/** The roles that see the office's screens. */
export function isOffice(role: Role): boolean {
  return role === 'coordinator' || role === 'administrator';
}
