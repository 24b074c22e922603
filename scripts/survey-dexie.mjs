// Leaves out of Dexie what the activist's page never asks of it: live queries with their cache, hooks of records, indexes
// that are found by their beginning, rare questions. A quarter of it, which the page would load over a village's network
// for nothing.

/** From the first words up to the second ones, which stay; the third stand instead. The release is pinned: each begins once. */
const cuts = [
  // The signal to live queries in this tab, in others, and after a return to the page.
  [
    "            if ('mutatedParts' in idbtrans) {",
    '        });\n        return this;\n    }\n    _promise('
  ],
  ['        if (wasCreated) {\n            const everything', '        return db;\n    });\n}\n\nfunction '],
  ["if (typeof dispatchEvent !== 'undefined' &&", 'function add(value) {'],
  // What they observe, and their cache.
  ['function isEmptyRange(node) {', 'function dexieOpen(db) {'],
  ['function createVirtualIndexMiddleware(down) {', 'function vipify(target, vipDb) {'],
  [
    '        this.use(cacheExistingValuesMiddleware);',
    '        const vipDB = new Proxy(this, {',
    '        this._middlewares.dbcore = [];\n'
  ],
  ["const symbolObservable = typeof Symbol !== 'undefined'", 'let domDeps;\ntry {'],
  ['function liveQuery(querier) {', 'const Dexie = Dexie$1;\nprops(Dexie, {'],
  // Questions for words by their beginning, in any case; for several stretches, for all but one.
  ['function upperFactory(dir) {', 'function createRange('],
  ['    startsWith(str) {', '    anyOf() {'],
  ['    notEqual(value) {', 'function createWhereClauseConstructor(db) {', '}\n\n'],
  // Helpers of other programs.
  ['    sortBy(keyPath, cb) {', '    toArray(cb) {\n        return this._read('],
  ['    delete(databaseName) {', '    ignoreTransaction(scopeFunc) {'],
  ['    async: function (generatorFn) {', '    currentTransaction: {'],
  ['    debug: {\n', '    minKey: minKey,'],
  ['    cache,\n', '    semVer: DEXIE_VERSION,'],
  ['function add(value) {', 'DexiePromise.rejectionMapper = mapError;\n']
];

const file = '/dexie/dist/modern/dexie.mjs';

/** @returns {import('vite').Plugin} */
export function surveyDexie() {
  return {
    name: 'survey-dexie',
    transform(code, id) {
      if (!id.endsWith(file)) return undefined;
      const rest = cuts.reduce(cut, code);
      const exported = 'export { Dexie$1 as Dexie, Dexie$1 as default };\n';
      return { code: cut(rest, ['export { ', '//# sourceMappingURL', exported]), map: null };
    }
  };
}

/**
 * @param {string} code
 * @param {string[]} words
 */
function cut(code, [from = '', to = '', instead = '']) {
  const start = code.indexOf(from);
  const end = code.indexOf(to, start);
  if (start < 0 || end < 0 || code.indexOf(from, start + 1) >= 0)
    throw new Error(`Dexie does not hold once what is left out of it: ${from.trim()}`);
  return code.slice(0, start) + instead + code.slice(end);
}
