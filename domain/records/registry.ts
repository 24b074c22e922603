import { alias } from './alias.ts';
import { attendance } from './attendance.ts';
import { campaign } from './campaign.ts';
import { centre } from './centre.ts';
import { confidentialText } from './confidential-text.ts';
import { conflict } from './conflict.ts';
import { consent } from './consent.ts';
import { consultation } from './consultation.ts';
import { contact } from './contact.ts';
import { readValues, type PlainValues, type RecordDefinition, type ValuesOf } from './definition.ts';
import { destruction } from './destruction.ts';
import { erasure } from './erasure.ts';
import { event } from './event.ts';
import { form } from './form.ts';
import { group } from './group.ts';
import { indicator } from './indicator.ts';
import { membership } from './membership.ts';
import { milestone } from './milestone.ts';
import { organisation } from './organisation.ts';
import { person } from './person.ts';
import { photo } from './photo.ts';
import { problem } from './problem.ts';
import { project } from './project.ts';
import { publication } from './publication.ts';
import { remark } from './remark.ts';
import { response } from './response.ts';
import { review } from './review.ts';
import { session } from './session.ts';
import { settlement } from './settlement.ts';
import { sheet } from './sheet.ts';
import { staff } from './staff.ts';
import { topic } from './topic.ts';

/** The closed list of record types. A new type is one file beside this one and one line here. */
export const registry = {
  alias,
  attendance,
  campaign,
  centre,
  confidential_text: confidentialText,
  conflict,
  consent,
  consultation,
  contact,
  destruction,
  erasure,
  event,
  form,
  group,
  indicator,
  membership,
  milestone,
  organisation,
  person,
  photo,
  problem,
  project,
  publication,
  remark,
  response,
  review,
  session,
  settlement,
  sheet,
  staff,
  topic
};

export type RecordType = keyof typeof registry;
/** The typed values of a record type. */
export type Values<Type extends RecordType> = ValuesOf<(typeof registry)[Type]>;

/** A record as screens and counts see it. `seq` 0 = not yet seen by the server. */
export interface RecordRow<Type extends RecordType> {
  readonly type: Type;
  readonly id: string;
  /** Number of the operation that last changed it; 0 while only this device knows it. */
  readonly seq: number;
  /** Which history of the centre that number belongs to; absent = the first. */
  readonly era?: number;
  /** Who last changed it (user id), empty when unknown. */
  readonly by: string;
  /** When, corrected time, UTC ms; 0 when unknown. */
  readonly at: number;
  readonly values: Values<Type>;
}

/** Whether a type is known to this program; unknown ones are kept untouched. */
export function isRecordType(type: string): type is RecordType {
  return Object.prototype.hasOwnProperty.call(registry, type);
}

/** The definition of a type, in its general form. */
export function definitionOf(type: string): RecordDefinition | undefined {
  const definitions: Readonly<Record<string, RecordDefinition>> = registry;
  return isRecordType(type) ? definitions[type] : undefined;
}

/** The typed values of a record from untyped ones (a page, a stored row): every field is parsed by its schema. */
export function parseValues<Type extends RecordType>(type: Type, values: PlainValues): Values<Type> {
  const definition: RecordDefinition = registry[type];
  return readValues(definition, values) as Values<Type>;
}

/** Records that only the server makes; people's operations may close them but not give birth to them. */
export const serverMade: ReadonlySet<string> = new Set<RecordType>(['conflict', 'destruction', 'problem']);
