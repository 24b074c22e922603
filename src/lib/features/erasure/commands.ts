import type { Values } from '#domain/records/registry.ts';
import type { App } from '$lib/app/open-app.ts';

/** Why and on whose word somebody's data go. */
export interface ErasureReason {
  readonly ground: NonNullable<Values<'erasure'>['ground']>;
  /** Number of the request; empty = it has none. */
  readonly request: string;
  /** YYYY-MM-DD. */
  readonly requestedOn: string;
}

/** Decides that a person's data are erased; the centre carries it out when it hears of it. */
export async function erasePerson(
  app: Pick<App, 'write' | 'device' | 'now' | 'runner'>,
  person: string,
  reason: ErasureReason,
  also: readonly string[]
): Promise<void> {
  const { ground, request, requestedOn } = reason;
  await app.write([
    {
      type: 'erasure',
      id: person,
      set: {
        ground,
        requestedOn,
        ...(request.trim() === '' ? {} : { request: request.trim() }),
        ...(also.length === 0 ? {} : { also: [...also] }),
        by: app.device.user,
        at: app.now()
      }
    }
  ]);
  void app.runner.now();
}
