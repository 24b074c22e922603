// Proves that package-lock.json names the platform packages of every package: a lock made where the registry
// lacked some of them installs there, but `npm ci` refuses it on every other machine.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
  Object.keys(optionalDependencies)
    .filter((name) => !placesFor(path, name).some((place) => place in packages))
    .map((name) => `${name}, which ${path} names`)
);
for (const name of missing) console.error(`Not in package-lock.json: ${name}`);
if (missing.length > 0)
  console.error('Pin the package in "overrides" to a version whose platform packages all exist.');
process.exit(missing.length > 0 ? 1 : 0);

/** Where Node would look for a package from this folder, nearest first. */
function placesFor(path, name) {
  const above = path.lastIndexOf('/node_modules/');
  const here = `${path === '' ? '' : `${path}/`}node_modules/${name}`;
  return path === '' ? [here] : [here, ...placesFor(above === -1 ? '' : path.slice(0, above), name)];
}
