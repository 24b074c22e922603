// Proves that the gates can fail: each forbidden snippet below must be reported, or this ends with code 1.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import typescript from 'typescript';
import tseslint from 'typescript-eslint';
import { root, run, tool } from './run.mjs';

const inSvelte = (script) => `<script lang="ts">\n${script}\n</script>\n`;

/** Where a snippet would stand, the snippet, and the rule that must report it. */
const forbidden = [
  ['domain/canary.ts', "import '../src/app-worker.ts';", 'import-x/no-restricted-paths'],
  ['server/canary.ts', "import '../src/app-worker.ts';", 'import-x/no-restricted-paths'],
  [
    'src/lib/ui/Canary.svelte',
    inSvelte("import '#domain/sync/operation.ts';"),
    'import-x/no-restricted-paths'
  ],
  ['src/routes/canary/+page.ts', "import 'dexie';", 'no-restricted-imports'],
  ['domain/canary.ts', "import 'node:fs';", 'no-restricted-imports'],
  ['src/lib/storage/canary.ts', "import '../../app.d.ts';", 'no-restricted-imports'],
  ['domain/canary.ts', 'export const seed = Math.random();', 'no-restricted-properties'],
  [
    'src/lib/storage/canary.ts',
    "export const lose = (database) => database.transaction('rw', [], () => undefined);",
    'no-restricted-syntax'
  ],
  ['domain/canary.ts', 'export const today = new Date();', 'no-restricted-syntax'],
  [
    'server/storage/canary.ts',
    'database.transaction(async () => { await later(); })();',
    'no-restricted-syntax'
  ],
  ['src/lib/features/canary/Canary.svelte', inSvelte('$effect(() => undefined);'), 'no-restricted-syntax']
];

const silent = [];
const untyped = new ESLint({ cwd: root, overrideConfig: [tseslint.configs.disableTypeChecked] });
for (const [filePath, text, rule] of forbidden) await expectReport(untyped, filePath, text, rule);
// Rules that need types look at a file which belongs to a project.
const promise = 'async function later(): Promise<void> {}\nlater();\n';
await expectReport(
  new ESLint({ cwd: root }),
  'domain/result.ts',
  promise,
  '@typescript-eslint/no-floating-promises'
);
expectUnknownName('domain/canary.ts', 'fetch');
expectUnknownName('domain/canary.ts', 'process');
await expectCycle();

if (silent.length > 0) console.error(`Not reported, although forbidden:\n${silent.join('\n')}`);
else console.log('Every forbidden snippet was reported.');
process.exit(silent.length > 0 ? 1 : 0);

async function expectReport(eslint, filePath, text, rule) {
  const [result] = await eslint.lintText(text, { filePath: join(root, filePath) });
  const rules = result?.messages.map((message) => message.ruleId ?? message.message) ?? [];
  if (!rules.includes(rule))
    silent.push(`  ${rule} on ${filePath}: ${text.trim()} (reported: ${rules.join(', ') || 'nothing'})`);
}

/** The compiler, set as for this folder, must not know a name that would let I/O in. */
function expectUnknownName(filePath, name) {
  const path = join(root, filePath);
  const configFile = join(root, 'domain', 'tsconfig.json');
  const { config } = typescript.readConfigFile(configFile, typescript.sys.readFile);
  const { options } = typescript.parseJsonConfigFileContent(config, typescript.sys, join(root, 'domain'));
  const host = typescript.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (file) => file === path || fileExists.call(host, file);
  host.getSourceFile = (file, language, ...rest) =>
    file === path
      ? typescript.createSourceFile(file, `export const canary = ${name};\n`, language)
      : getSourceFile.call(host, file, language, ...rest);
  const program = typescript.createProgram([path], options, host);
  const codes = program.getSemanticDiagnostics(program.getSourceFile(path)).map(({ code }) => code);
  const cannotFindName = [2304, 2580, 2591];
  if (!codes.some((code) => cannotFindName.includes(code)))
    silent.push(`  the compiler knows ${name} in ${filePath}`);
}

/** Two files that import each other, looked at as the project is. */
async function expectCycle() {
  const folder = mkdtempSync(join(tmpdir(), 'zimnik-canary-'));
  const files = {
    'package.json': '{ "name": "canary", "type": "module" }',
    'knip.json': '{ "entry": ["first.js"], "rules": { "cycles": "error" } }',
    'first.js': "import './second.js';\n",
    'second.js': "import './first.js';\n"
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const args = ['--no-progress', '--include', 'cycles', '--directory', folder];
  const { code } = await run(tool('knip'), args, { quiet: true });
  rmSync(folder, { recursive: true, force: true });
  if (code === 0) silent.push('  knip on two files that import each other');
}
