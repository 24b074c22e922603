// Reads the built files as the oldest supported browsers would: newer syntax, methods or style in them ends this with code 1.
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { transform } from 'esbuild';
import { root } from './run.mjs';
import { filesUnder } from './source-hash.mjs';

const floors = [
  {
    folder: 'build-survey',
    target: ['chrome80'],
    // With the version of Chrome that brought each. One that a file puts in itself where it is missing may be used, and one
    // that it uses only where it found it.
    methods: {
      replaceAll: 85,
      at: 92,
      findLast: 97,
      findLastIndex: 97,
      hasOwn: 93,
      randomUUID: 92,
      toSorted: 110,
      toReversed: 110,
      groupBy: 117,
      withResolvers: 119
    },
    globals: ['structuredClone', 'reportError'],
    styles: [
      /:where\(|:is\(|:has\(|(?<!:not\():focus-visible/,
      /[;{]inset:|[;{]aspect-ratio:|@layer|@container|oklch\(|color-mix\(|[{;}]&/,
      // A height in the newer units stands after the same in an older one.
      /(?<!height:\d+vh;min-height:|height:\d+vh;)(?:min-|max-)?height:[\d.]+[dsl]vh/
    ]
  },
  {
    folder: 'build',
    target: ['chrome109', 'safari16.4', 'firefox115'],
    methods: {
      groupBy: 117,
      withResolvers: 119,
      isSubsetOf: 122,
      symmetricDifference: 122,
      waitAsync: 145,
      fromAsync: 121,
      toBase64: 140
    },
    globals: ['navigation.navigate', 'CookieStore'],
    styles: [/@scope|@starting-style|light-dark\(|anchor\(|:has-slotted/]
  }
];

const found = [];
for (const floor of floors) {
  const files = filesUnder(join(root, floor.folder));
  for (const file of files.filter((name) => name.endsWith('.js'))) await checkScript(file, floor);
  for (const file of files.filter((name) => name.endsWith('.css'))) await checkStyle(file, floor);
}
if (found.length > 0) console.error(`Newer than the oldest supported browsers:\n${found.join('\n')}`);
process.exit(found.length > 0 ? 1 : 0);

async function checkScript(file, { target, methods, globals }) {
  const text = readFileSync(file, 'utf8');
  const [written, lowered] = await Promise.all([
    withTarget(text, 'js', 'esnext'),
    withTarget(text, 'js', target)
  ]);
  if (written !== lowered) report(file, `syntax: ${firstDifference(written, lowered)}`);
  for (const name of Object.keys(methods))
    if (uses(text, name) > foundUses(text, name) && !text.includes(`prototype.${name}=`))
      report(file, `.${name}() came with Chrome ${methods[name]}`);
  for (const name of globals)
    if (new RegExp(`(?<![.\\w$])${name.replace('.', '\\.')}\\(`).test(text)) report(file, name);
}

function uses(text, name) {
  return text.match(new RegExp(`\\.${name}\\(`, 'g'))?.length ?? 0;
}

/** Uses right behind the question whether the browser has it: `if(Some.prototype.name)return some.name(`. */
function foundUses(text, name) {
  const asked = new RegExp(`if\\([\\w$]+\\.prototype\\.${name}\\)return [\\w$]+\\.${name}\\(`, 'g');
  return text.match(asked)?.length ?? 0;
}

async function checkStyle(file, { target, styles }) {
  const text = readFileSync(file, 'utf8');
  const [written, lowered] = await Promise.all([
    withTarget(text, 'css', 'esnext'),
    withTarget(text, 'css', target)
  ]);
  if (written !== lowered) report(file, `style: ${firstDifference(written, lowered)}`);
  for (const pattern of styles) {
    const match = pattern.exec(text);
    if (match) report(file, `style: ${text.slice(Math.max(0, match.index - 60), match.index + 60)}`);
  }
}

async function withTarget(text, loader, target) {
  // Every floor knows \p{…}; the table of this tool asks for the newest Unicode.
  const supported = { 'regexp-unicode-property-escapes': true };
  return (await transform(text, { loader, target, supported, logLevel: 'silent' })).code;
}

function firstDifference(one, other) {
  const lines = other.split('\n');
  const index = one.split('\n').findIndex((line, at) => line !== lines[at]);
  return `${one.split('\n')[index]?.trim().slice(0, 100)} → ${lines[index]?.trim().slice(0, 100)}`;
}

function report(file, what) {
  found.push(`  ${relative(root, file)}: ${what}`);
}
