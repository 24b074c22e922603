// Words of the activist's page: those of its language come as a file of their own, and nobody loads the other language.
// Words of what only some pages load, such as rare types of questions, come with it.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const languages = ['ru', 'en'];
const virtual = 'virtual:survey-words';

/**
 * @param {{ root: string, entry: string }} options
 * @returns {import('vite').Plugin}
 */
export function surveyWords({ root, entry }) {
  const first = reached(root, [resolve(root, entry)]);
  const late = [...first.dynamic].map((file) => ({ file, names: lateWords(root, first, file) }));
  return {
    name: 'survey-words',
    enforce: 'pre',
    resolveId(source) {
      if (source.startsWith(virtual)) return source;
      return /\/paraglide\/messages\.js$|\/survey\/words\.ts$|^\.\/words\.ts$/.test(source)
        ? virtual
        : undefined;
    },
    load(id) {
      if (id === virtual) return chooser();
      const language = languages.find((one) => id === `${virtual}/${one}`);
      if (language !== undefined) return `export default ${words(root, first.words, language)};`;
      const part = late.find((_, index) => id === `${virtual}/late/${index}`);
      if (part === undefined) return undefined;
      const both = languages.map((one) => words(root, part.names, one)).join(', ');
      return `import { add } from '${virtual}';\nadd(${both});`;
    },
    transform: {
      order: 'post',
      handler(code, id) {
        const index = late.findIndex(({ file }) => file === id);
        return index < 0 ? undefined : { code: `import '${virtual}/late/${index}';\n${code}`, map: null };
      }
    }
  };
}

/** The module that stands in for the compiled messages and for `src/survey/words.ts`. */
function chooser() {
  return `export const m = {};
let chosen = 'ru';
export async function useLanguage(language) {
  chosen = language;
  Object.assign(m, (await (language === 'en' ? import('${virtual}/en') : import('${virtual}/ru'))).default);
}
export function add(ru, en) {
  Object.assign(m, chosen === 'en' ? en : ru);
}`;
}

function lateWords(root, first, file) {
  const names = reached(root, [file]).words;
  return new Set([...names].filter((name) => !first.words.has(name)));
}

/** The words that modules use, following what they import at once, and the modules that they import later. */
function reached(root, files) {
  const seen = new Set();
  const found = { words: new Set(), dynamic: new Set() };
  const queue = [...files];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const code = readFileSync(file, 'utf8');
    for (const [, source] of code.matchAll(/^\s*(?:import|export)(?! type)\b[^;]*?['"]([^'"]+)['"];/gm))
      queue.push(...fileOf(root, file, source));
    for (const [, source] of code.matchAll(/\bimport\(['"]([^'"]+)['"]\)/g))
      for (const one of fileOf(root, file, source)) found.dynamic.add(one);
    if (code.includes('/paraglide/messages.js')) wordsIn(file, code).forEach((name) => found.words.add(name));
  }
  return found;
}

/** Words are there once the page has begun: one that is only named, or chosen by an expression, would not be found. */
function wordsIn(file, code) {
  const other = /\bm(?:\[|\.\w+(?![\w(]))/.exec(code);
  if (other) throw new Error(`${file}: ${other[0]} should be a call of one word, such as m.survey_start()`);
  return [...code.matchAll(/\bm\.(\w+)\(/g)].map(([, name]) => name);
}

/** The source file that is imported; packages and styles hold no words. */
function fileOf(root, from, source) {
  const path = source.startsWith('$lib/')
    ? join(root, 'src/lib', source.slice('$lib/'.length))
    : source.startsWith('#domain/')
      ? join(root, 'domain', source.slice('#domain/'.length))
      : source.startsWith('.')
        ? resolve(dirname(from), source)
        : undefined;
  if (path === undefined || path.includes('/paraglide/') || !/\.(?:ts|svelte)$/.test(path)) return [];
  if (!existsSync(path)) throw new Error(`${from} imports ${source}, which is not there`);
  return [path];
}

/** An object of the compiled messages of one language. */
function words(root, names, language) {
  const lines = [...names].sort().map((name) => {
    const code = readFileSync(join(root, 'src/lib/paraglide/messages', `${name}.js`), 'utf8');
    const [, body] = new RegExp(`^const ${language}_${name} = ([\\s\\S]*?^\\});$`, 'm').exec(code) ?? [];
    if (body === undefined || body.includes('registry.'))
      throw new Error(`The page cannot take the word ${name}`);
    return `${name}: ${body}`;
  });
  return `{\n${lines.join(',\n')}\n}`;
}
