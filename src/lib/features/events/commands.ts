import type { Values } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';
import type { ShownRow } from '$lib/storage/write.ts';

/** An event that is added on the spot: one session, one sheet. */
export interface NewEvent {
  readonly title: string;
  readonly kind: NonNullable<Values<'event'>['kind']>;
  readonly settlement: string;
  readonly venue: string;
  /** Plain day. */
  readonly date: string;
  /** `HH:MM`, empty when not given. */
  readonly start: string;
  readonly project: string | undefined;
}

/** Event and session in one operation; returns the session's id. */
export async function addEvent(app: Pick<App, 'write' | 'newId'>, given: NewEvent): Promise<string> {
  const event = app.newId();
  const session = app.newId();
  const { title, kind, settlement, venue, date, start, project } = given;
  await app.write([
    {
      type: 'event',
      id: event,
      set: {
        title: title.trim(),
        kind,
        from: date,
        to: date,
        state: 'planned',
        ...(settlement === '' ? {} : { settlement }),
        ...(venue.trim() === '' ? {} : { venue: venue.trim() }),
        ...(project === undefined ? {} : { project })
      }
    },
    {
      type: 'session',
      id: session,
      set: { event, number: 1, date, ...(start === '' ? {} : { start }) }
    }
  ]);
  return session;
}

/** How an event stands, with the reason where a plan changed. */
export async function setEventState(
  app: Pick<App, 'write'>,
  event: string,
  given: {
    readonly state: NonNullable<Values<'event'>['state']>;
    readonly reason: Values<'event'>['reason'];
    readonly movedTo: string;
  },
  shown: number | ShownRow
): Promise<void> {
  const { state, reason, movedTo } = given;
  await app.write([
    {
      type: 'event',
      id: event,
      set: { state, reason: reason ?? null, movedTo: movedTo === '' ? null : movedTo },
      shown
    }
  ]);
}
