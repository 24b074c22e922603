/** What `npm run bench` can be asked, in the order in which it asks; `bench/run.ts` has the measurement of each. */
export const benchNames = /** @type {const} */ ([
  'tap-to-durable',
  'cold-start-offline',
  'search',
  'survey-first-load',
  'lighthouse',
  'wire-bytes',
  'requests',
  'nothing-to-sync',
  'ten-changes',
  'slow-link',
  'new-device',
  'many-new-devices',
  'indicators',
  'memory',
  'server-rate',
  'sync-storm'
]);
