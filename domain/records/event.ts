import * as v from 'valibot';
import { defineRecord, parentField } from './definition.ts';
import * as field from './field-schemas.ts';

export const eventStates = ['planned', 'running', 'held', 'moved', 'cancelled'] as const;

/** Why a plan changed, in the terms of the North. */
export const eventReasons = [
  'weather',
  'winter_road_closed',
  'flight_cancelled',
  'frost_day',
  'quarantine',
  'facilitator_ill',
  'no_power',
  'participants_asked',
  'other'
] as const;

/** What an event or a consultation teaches or helps with; indicators count by these. */
export const subjects = [
  'ngo_management',
  'fundraising',
  'project_design',
  'trainer',
  'registration',
  'accounting',
  'promotion',
  'volunteers',
  'legal',
  'other'
] as const;

/** An event of a project: seminar, school, practical work, meeting, webinar, field trip. */
export const event = defineRecord({
  type: 'event',
  fields: {
    project: field.reference,
    title: field.line,
    kind: field.oneOf(['seminar', 'school', 'practical_work', 'meeting', 'webinar', 'trip']),
    subjects: field.list(field.oneOf(subjects), 10),
    settlement: field.reference,
    venue: field.line,
    from: field.day,
    to: field.day,
    state: field.oneOf(eventStates),
    reason: field.oneOf(eventReasons),
    reasonNote: field.line,
    /** The day it was moved to. */
    movedTo: field.day,
    facilitators: field.list(v.object({ name: field.line, external: field.flag }), 20),
    /** The coordinator's decision: nameless participants of this event count toward a target. */
    countNameless: field.flag,
    plannedPeople: field.count,
    hours: v.pipe(v.number(), v.minValue(0), v.maxValue(1000)),
    deletedAt: field.instant
  },
  required: ['title', 'from'],
  contested: ['title', 'from', 'state', 'settlement'],
  follows: { reason: 'state', reasonNote: 'state', movedTo: 'state' },
  writers: ['field', 'coordinator', 'administrator'],
  streamsOf: () => ['reference'],
  parentOf: parentField('project')
});
