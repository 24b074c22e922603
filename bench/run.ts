// `npm run bench [-- question …]`: each question is a file of its own; without names all are asked.
import { coldStartOffline } from './cold-start-offline.ts';
import { printFigures } from './result.ts';
import { search } from './search.ts';
import { slowLinkPush } from './slow-link.ts';
import { surveyFirstLoad } from './survey-first-load.ts';
import { tapToDurable } from './tap-to-durable.ts';
import { wireBytes } from './wire-bytes.ts';

const questions = {
  'tap-to-durable': tapToDurable,
  'cold-start-offline': coldStartOffline,
  search,
  'survey-first-load': surveyFirstLoad,
  'wire-bytes': wireBytes,
  'slow-link': slowLinkPush
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in questions));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. Known: ${Object.keys(questions).join(', ')}`);
  process.exit(2);
}
for (const [name, measure] of Object.entries(questions)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n${name}`);
  printFigures(await measure());
}
