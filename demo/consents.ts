import type { Values } from '#domain/records/registry.ts';
import type { DemoChange } from './batch.ts';
import { personId, type DemoPerson } from './people.ts';

/** Nobody asked t11 yet, t12 refused, the parents of t8 (15 years) are awaited; so are a few of the register. */
const without = /^(t11|k\d+|q([5-9]|1[0-2])|z1[0-8])$/;

/** Consents to keep data: papers signed when the person first came. */
export function consentChanges(
  people: readonly DemoPerson[],
  date: string,
  takenBy: string
): readonly DemoChange[] {
  return people
    .filter((person) => !without.test(person.key))
    .map(({ key }) => {
      const state = key === 't12' ? 'refused' : key === 't8' ? 'awaited' : 'given';
      const values: Values<'consent'> = {
        person: personId(key),
        kind: key === 't8' ? 'parent' : 'processing',
        state,
        textVersion: '1',
        takenBy,
        ...(state === 'given' ? { method: 'paper', date } : {})
      };
      return { e: 'consent', k: `consent-${key}`, set: values };
    });
}
