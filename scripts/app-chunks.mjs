// Puts the app's modules together into few files: on a slow tablet each file of its own costs a start many milliseconds.

/** What every page needs. */
const entries = ['/generated/client-optimized/app.js', '/runtime/client/entry.js'];
const startFiles = [
  ...entries,
  '/src/routes/+layout.svelte',
  '/src/routes/+layout.ts',
  '/src/routes/+error.svelte'
];
const messagesList = '/src/lib/paraglide/messages.js';
/** What opens first in the field and is waited for: the frame of every page, the day, a sheet. */
const hallPages = [
  '/src/routes/(field)/+layout.svelte',
  '/src/routes/(field)/field/+page.svelte',
  '/src/routes/(field)/field/sheet/[session]/+page.svelte'
];

/** @returns {import('vite').Plugin} */
export function appChunks() {
  /** @type {ReadonlyMap<string, string>} */
  let chunks = new Map();
  return {
    name: 'app-chunks',
    apply: 'build',
    applyToEnvironment: (environment) => environment.name === 'client',
    // A file of these may give more than its one entry asked for.
    options: (options) => ({ ...options, preserveEntrySignatures: 'allow-extension' }),
    // An index only lists: without this its bare presence would load everything that it lists.
    transform: (code, id) => (isIndex(id) ? { code, moduleSideEffects: false } : undefined),
    buildEnd() {
      chunks = chunksOf([...this.getModuleIds()], (id) => this.getModuleInfo(id));
    },
    outputOptions: (options) => ({
      ...options,
      // What a module needs has a file of its own choice; the lists that name everything are left empty.
      codeSplitting: {
        includeDependenciesRecursively: false,
        groups: [{ name: (id) => chunks.get(id) ?? null }]
      }
    })
  };
}

/**
 * The file that each module goes into; a module without one goes with the only page that needs it.
 * @param {readonly string[]} ids
 * @param {(id: string) => { importedIds: readonly string[], code: string | null } | null} moduleOf
 * @returns {ReadonlyMap<string, string>}
 */
export function chunksOf(ids, moduleOf) {
  const from = (isRoot) => reachable(ids.filter(isRoot), ids, moduleOf);
  const start = from((id) => startFiles.some((file) => id.endsWith(file)));
  const hall = from((id) => hallPages.some((page) => id.endsWith(page)));
  const field = from((id) => id.includes('/src/routes/(field)/'));
  const office = timesReached(
    ids.filter((id) => id.includes('/src/routes/(office)/')),
    ids,
    moduleOf
  );
  // What a file needs is needed wherever the file is: so no two of these files need each other.
  const chunkOf = (id) => {
    if (entries.some((file) => id.endsWith(file))) return undefined;
    if (start.has(id)) return 'app';
    // A file of its own, so that its modules are evaluated in another task than the program that asks for pages.
    if (hall.has(id) && office.has(id)) return 'device';
    if (hall.has(id)) return 'hall';
    if (field.has(id)) return office.has(id) ? 'records' : 'notebook';
    return (office.get(id) ?? 0) > 1 ? 'office' : undefined;
  };
  const chunks = ids.map((id) => [id, chunkOf(id)]);
  return new Map(chunks.filter(([, chunk]) => chunk !== undefined));
}

/** How many of the roots need each module. */
function timesReached(roots, ids, moduleOf) {
  const times = new Map();
  for (const root of roots)
    for (const id of reachable([root], ids, moduleOf)) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}

/** Modules that these need, directly or not; of a list (the messages, a feature's index) only what is named. */
function reachable(roots, ids, moduleOf) {
  const known = new Set(ids);
  const seen = new Set();
  const waiting = [...roots];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const { importedIds = [], code } = moduleOf(id) ?? {};
    for (const imported of importedIds) {
      if (imported.endsWith(messagesList)) {
        const folder = imported.replace(/\.js$/, '/');
        const named = [...(code ?? '').matchAll(/\bm\.(\w+)/g)].map(([, name]) => `${folder}${name}.js`);
        waiting.push(...named.filter((message) => known.has(message)));
      } else if (isIndex(imported)) {
        waiting.push(...namedOf(imported, code ?? '', moduleOf(imported)?.code ?? ''));
      } else {
        waiting.push(imported);
      }
    }
  }
  return seen;
}

function isIndex(id) {
  return /\/src\/lib\/features\/[\w-]+\/index\.ts$/.test(id);
}

/** What a module takes through a feature's index. */
function namedOf(index, importer, listed) {
  const feature = index.split('/').at(-2);
  const taken = [...importer.matchAll(/import\s*\{([^}]*)\}\s*from\s*["']([^"']+)["']/g)]
    .filter(([, , from]) => from.endsWith(`/${feature}/index.ts`))
    .flatMap(([, names]) => names.split(',').map((name) => name.trim().split(/\s+as\s+/)[0]));
  return [...listed.matchAll(/export\s*\{([^}]*)\}\s*from\s*["']\.\/([^"']+)["']/g)]
    .filter(([, names]) =>
      names.split(',').some((name) =>
        taken.includes(
          name
            .trim()
            .split(/\s+as\s+/)
            .at(-1)
        )
      )
    )
    .map(([, , file]) => index.replace(/index\.ts$/, file));
}
