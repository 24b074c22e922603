import type { Values } from '#domain/records/registry.ts';
import { m } from '$lib/paraglide/messages.js';

type Event = Values<'event'>;
type Kind = NonNullable<Event['kind']>;
type State = NonNullable<Event['state']>;
type Reason = NonNullable<Event['reason']>;

const kinds: Record<Kind, () => string> = {
  seminar: m.field_kind_seminar,
  school: m.field_kind_school,
  practical_work: m.field_kind_practical_work,
  meeting: m.field_kind_meeting,
  webinar: m.field_kind_webinar,
  trip: m.field_kind_trip
};

const states: Record<State, () => string> = {
  planned: m.field_state_planned,
  running: m.field_state_running,
  held: m.field_state_held,
  moved: m.field_state_moved,
  cancelled: m.field_state_cancelled
};

const reasons: Record<Reason, () => string> = {
  weather: m.field_reason_weather,
  winter_road_closed: m.field_reason_winter_road_closed,
  flight_cancelled: m.field_reason_flight_cancelled,
  frost_day: m.field_reason_frost_day,
  quarantine: m.field_reason_quarantine,
  facilitator_ill: m.field_reason_facilitator_ill,
  no_power: m.field_reason_no_power,
  participants_asked: m.field_reason_participants_asked,
  other: m.field_reason_other
};

/** The word for a kind of event. */
export function eventKindWord(kind: Kind): string {
  return kinds[kind]();
}

/** The word for the state of an event. */
export function eventStateWord(state: State): string {
  return states[state]();
}

/** The word for why a plan changed. */
export function eventReasonWord(reason: Reason): string {
  return reasons[reason]();
}
