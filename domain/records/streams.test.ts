import { expect, it } from 'vitest';
import { registry } from './registry.ts';

it('tells by the number of what it takes whether the streams of a record come from its fields', () => {
  for (const [type, { streamsOf, fields }] of Object.entries(registry)) {
    const filled = Object.fromEntries(Object.keys(fields).map((field) => [field, 'office']));
    const bare = streamsOf('a~b', {});
    if (streamsOf.length < 2) expect(streamsOf('a~b', filled), type).toEqual(bare);
  }
});
