// `npm run bench [-- question …] [--save]`: each question is a file of its own; without names all are asked. `--save` keeps
// the figures in baselines.json and in README.
import { parseArgs } from 'node:util';
import { benchNames } from '#scripts/bench-names.mjs';
import { baselineOf, readBaselines, saveBaselines } from './baselines.ts';
import { coldStartOffline } from './cold-start-offline.ts';
import { indicators } from './indicators.ts';
import { lighthouse } from './lighthouse.ts';
import { manyNewDevices } from './many-new-devices.ts';
import { memory } from './memory.ts';
import { newDeviceLoad } from './new-device.ts';
import { nothingToSync } from './nothing-to-sync.ts';
import { printFigures, type Figure } from './result.ts';
import { requests } from './requests.ts';
import { search } from './search.ts';
import { serverRate } from './server-rate.ts';
import { slowLinkPush } from './slow-link.ts';
import { surveyFirstLoad } from './survey-first-load.ts';
import { syncStorm } from './sync-storm.ts';
import { tenChanges } from './ten-changes.ts';
import { tapToDurable } from './tap-to-durable.ts';
import { wireBytes } from './wire-bytes.ts';

const questions: Readonly<Record<(typeof benchNames)[number], () => Promise<readonly Figure[]>>> = {
  'tap-to-durable': tapToDurable,
  'cold-start-offline': coldStartOffline,
  search,
  'survey-first-load': surveyFirstLoad,
  lighthouse,
  'wire-bytes': wireBytes,
  requests,
  'nothing-to-sync': nothingToSync,
  'ten-changes': tenChanges,
  'slow-link': slowLinkPush,
  'new-device': newDeviceLoad,
  'many-new-devices': manyNewDevices,
  indicators,
  memory,
  'server-rate': serverRate,
  'sync-storm': syncStorm
};

const { values, positionals: asked } = parseArgs({
  options: { save: { type: 'boolean' } },
  allowPositionals: true
});
const kept = readBaselines();
const measured: Figure[] = [];
for (const name of benchNames) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n${name}`);
  const figures = await questions[name]();
  printFigures(figures, (figure) => baselineOf(figure, kept));
  measured.push(...figures);
}
if (values.save === true) saveBaselines(measured);
