import { defineRecord } from './definition.ts';
import * as field from './field-schemas.ts';

/** Why somebody's data are erased: 152-ФЗ, ст. 9 ч. 2, ст. 21 ч. 3–5.1. */
export const erasureGrounds = ['withdrawal', 'demand', 'purpose_reached', 'unlawful'] as const;

/**
 * «Стереть данные человека»: the coordinator's decision; the id is that of the person's card (or of a contact left with
 * a survey). The server carries it out in the same transaction and notes what was done in `destruction`. It cannot be
 * undone. Holds nothing that names the person.
 */
export const erasure = defineRecord({
  type: 'erasure',
  fields: {
    ground: field.oneOf(erasureGrounds),
    /** Number of the person's request in the centre's own register of letters. */
    request: field.line,
    requestedOn: field.day,
    /** Ids of further records whose words name the person: contacts, consultations, remarks. */
    also: field.list(field.reference, 200),
    by: field.userId,
    at: field.instant
  },
  required: ['ground', 'requestedOn'],
  writers: ['coordinator', 'administrator'],
  streamsOf: () => ['office']
});
