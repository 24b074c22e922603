import { existsSync, readdirSync } from 'node:fs';
import js from '@eslint/js';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import svelteParser from 'svelte-eslint-parser';
import ts from 'typescript-eslint';

const projects = [
  'tsconfig.json',
  'tsconfig.worker.json',
  'tsconfig.tools.json',
  'domain/tsconfig.json',
  'domain/tsconfig.test.json',
  'server/tsconfig.json'
];
const typed = {
  project: projects,
  tsconfigRootDir: import.meta.dirname,
  extraFileExtensions: ['.svelte'],
  // For the scripts inside .svelte files; elsewhere it is not looked at.
  parser: ts.parser
};

const featuresFolder = new URL('./src/lib/features', import.meta.url);
const features = existsSync(featuresFolder) ? readdirSync(featuresFolder) : [];
const doors = features.map((name) => `./${name}/index.ts`);
const notTests = '!(*.test).ts';

/** Who may not import whom. The left column is the importer; ARCHITECTURE.md has the same table in words. */
const zones = [
  zone(
    './domain',
    ['./src', './server', './demo', './simulation', './e2e', './bench'],
    'domain/ is shared and pure.'
  ),
  zone(
    './src',
    ['./server', './demo', './simulation', './e2e', './bench', './scripts'],
    'The contract with the server is domain/sync/protocol.ts.'
  ),
  zone(
    './server',
    ['./src', './simulation', './e2e', './bench', './scripts'],
    'The contract with the app is domain/sync/protocol.ts.'
  ),
  zone(
    './demo',
    ['./src', './server', './simulation', './e2e', './bench', './scripts'],
    'The demonstration centre is made of domain/ alone.'
  ),
  zone('./e2e', ['./src', './server'], 'Journeys drive the built app from outside.'),
  zone(
    [
      `./domain/!(testing)/**/${notTests}`,
      `./domain/${notTests}`,
      `./src/**/${notTests}`,
      `./server/**/${notTests}`
    ],
    './domain/testing',
    'Builders and generators are for tests.'
  ),
  zone(
    './src/lib/ui',
    [
      './domain/records',
      './domain/sync',
      './src/lib/storage',
      './src/lib/sync',
      './src/lib/features',
      './src/lib/app',
      './src/lib/session'
    ],
    'ui/ knows no records.'
  ),
  zone(
    './src/lib/storage',
    ['./src/lib/features', './src/lib/sync', './src/lib/ui', './src/lib/app', './src/routes'],
    'storage/ stands below sync, screens and the app.'
  ),
  zone(
    './src/lib/sync',
    ['./src/lib/features', './src/lib/ui', './src/lib/app', './src/routes'],
    'sync/ stands below screens and the app.'
  ),
  zone('./src/lib/app', ['./src/routes'], 'The app does not know its pages.'),
  zone(
    './src/lib/features',
    ['./src/lib/sync', './src/routes'],
    'Features read the state of the exchange from the app context.'
  ),
  ...features.map((name) => ({
    ...zone(
      `./src/lib/features/${name}`,
      './src/lib/features',
      'Another feature is used through its index.ts only.'
    ),
    except: [`./${name}`, ...doors]
  })),
  zone('./src/routes', ['./src/lib/storage', './src/lib/sync'], 'Pages are thin: they show a feature.'),
  {
    ...zone('./src/routes', './src/lib/features', 'A feature is used through its index.ts only.'),
    except: doors
  },
  zone(
    './src/survey',
    ['./src/lib/features', './src/lib/app', './src/lib/session', './src/routes'],
    "The activist's page has a byte budget and is a program of its own."
  ),
  zone(['./src/lib', './src/routes'], './src/survey', "The activist's page is a program of its own."),
  {
    ...zone(
      './server/http',
      './server/storage',
      'http/ knows the interface of the storage, not its queries.'
    ),
    except: ['./server-storage.ts']
  },
  zone('./server/storage', ['./server/http', './server/sync'], 'storage/ stands below.'),
  zone(
    ['./server/sync', './server/access', './server/reports'],
    './server/http',
    'HTTP is known in http/ only.'
  )
];

function zone(target, from, message) {
  return { target, from, message };
}

const noDeepPaths = {
  regex: String.raw`^\.\./\.\./`,
  message: 'Use #domain/, #server/ or $lib instead of climbing.'
};

function onlyFrom(packages, message) {
  const names = packages.map((name) => `${name}$`).join('|');
  return { regex: String.raw`^(?!\.{1,2}/|#domain/|${names}).+`, message };
}

function imports(...patterns) {
  return { 'no-restricted-imports': ['error', { patterns: [noDeepPaths, ...patterns] }] };
}

const localDateParts =
  '/^[gs]et(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset)$/';

/** Same input, same output: what the language's own library still has that depends on clock, chance, zone or locale. */
const purity = {
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'The clock is passed in.' },
    { object: 'Math', property: 'random', message: 'Chance is passed in.' }
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: "NewExpression[callee.name='Date'][arguments.length!=1]",
      message: 'The clock and the time zone are passed in.'
    },
    { selector: "CallExpression[callee.name='Date']", message: 'The clock is passed in.' },
    {
      selector: `CallExpression[callee.property.name=${localDateParts}]`,
      message: "Use the UTC form: the device's zone decides nothing."
    },
    {
      selector: 'CallExpression[callee.property.name=/^toLocale/][arguments.length=0]',
      message: 'Name the locale.'
    },
    {
      selector: "CallExpression[callee.property.name='localeCompare'][arguments.length<2]",
      message: 'Name the locale.'
    },
    { selector: "NewExpression[callee.object.name='Intl'][arguments.length=0]", message: 'Name the locale.' }
  ]
};

const noEffects = {
  'no-restricted-syntax': [
    'error',
    {
      selector: "CallExpression[callee.name='$effect'], CallExpression[callee.object.name='$effect']",
      message: 'Use $derived, an event handler or createSubscriber; effects belong to src/lib/ui.'
    },
    {
      selector:
        "CallExpression[callee.property.name='transaction'][callee.object.type!='ThisExpression'][arguments.0.value=/^rw/]",
      message:
        'Write through DeviceDatabase.writing(), which keeps old programs from writing a newer database.'
    }
  ]
};

export default ts.config(
  {
    ignores: [
      'build/',
      'build-survey/',
      'dist/',
      'data/',
      '.svelte-kit/',
      '.reports/',
      'test-results/',
      'src/lib/paraglide/'
    ]
  },
  js.configs.recommended,
  svelte.configs.recommended,
  svelte.configs.prettier,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          project: ['tsconfig.json', 'tsconfig.tools.json'],
          noWarnOnMultipleProjects: true
        })
      ],
      'import-x/parsers': {
        '@typescript-eslint/parser': ['.ts'],
        'svelte-eslint-parser': ['.svelte']
      }
    },
    rules: {
      ...imports(),
      'import-x/no-restricted-paths': ['error', { zones }],
      eqeqeq: 'error'
    }
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.ts', '**/*.svelte'],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: typed },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true }
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // One interface serves a synchronous and an asynchronous store: its functions are async in both.
      '@typescript-eslint/require-await': 'off'
    }
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { globals: globals.browser, parser: svelteParser, parserOptions: typed },
    rules: {
      // The compiler knows names better than this rule does.
      'no-undef': 'off',
      // $props() with one bindable name is a `let` for all of them.
      'prefer-const': ['error', { destructuring: 'all' }],
      // The app always lives at the root of its own host.
      'svelte/no-navigation-without-resolve': 'off'
    }
  },
  {
    files: ['domain/**/*.ts', 'demo/**/*.ts'],
    ignores: ['**/*.test.ts', 'domain/testing/**'],
    rules: {
      ...imports(onlyFrom(['valibot'], 'domain/ and demo/ import valibot and domain/ only.')),
      ...purity
    }
  },
  {
    files: ['src/**/*.{ts,svelte}'],
    ignores: ['src/lib/ui/**', '**/*.test.ts'],
    rules: noEffects
  },
  {
    files: ['src/routes/**', 'src/lib/ui/**', 'src/lib/features/**/*.svelte'],
    rules: imports({ regex: '^dexie', message: 'Tables are read through storage/ and a queries.ts.' })
  },
  {
    files: ['server/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "CallExpression[callee.property.name='transaction'] > :matches(ArrowFunctionExpression, FunctionExpression)[async=true]",
          message: 'better-sqlite3 commits before an asynchronous body has run: use withTransaction().'
        }
      ]
    }
  },
  {
    files: ['server/http/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: imports({ regex: '^(drizzle-orm|better-sqlite3)', message: 'Queries live in server/storage.' })
  },
  {
    files: ['server/sync/**/*.ts', 'server/storage/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: imports({ regex: '^(hono|@hono/)', message: 'HTTP is known in server/http only.' })
  }
);
