import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { bootGuard } from './boot-guard.ts';
import { NotBuilt, readFiles, type SiteFiles } from './site.ts';

/** Files of the built page by their addresses, in the order in which a page names them. */
export interface PageFiles {
  readonly scripts: readonly string[];
  /** Modules that a script needs at once, or soon. */
  readonly preloads: readonly string[];
  readonly styles: readonly string[];
}

/** The built page of the activist's link: its files, and how the page that the server writes names them. */
export interface SurveySite {
  /** By path, such as `/survey/worker.js`. */
  readonly files: SiteFiles;
  /** What every page needs. */
  readonly needed: PageFiles;
  /** What only some pages need. */
  readonly late: Readonly<Record<LatePart, PageFiles>>;
  /** Content policy of the pages and files under `/survey/`. */
  readonly policy: string;
}

const lateParts = {
  ru: 'virtual:survey-words/ru',
  en: 'virtual:survey-words/en',
  rareQuestions: 'src/lib/questionnaire/RareQuestion.svelte',
  demonstration: 'src/survey/demonstration.ts'
};
/** Words of a language, types of questions that few forms ask, what only a demonstration has. */
export type LatePart = keyof typeof lateParts;

const manifestSchema = v.record(
  v.string(),
  v.object({
    file: v.string(),
    isEntry: v.optional(v.boolean(), false),
    isDynamicEntry: v.optional(v.boolean(), false),
    imports: v.optional(v.array(v.string()), []),
    css: v.optional(v.array(v.string()), [])
  })
);
type Manifest = v.InferOutput<typeof manifestSchema>;

const base = '/survey/';

/** Reads the build once. Throws `NotBuilt`. */
export function readSurveySite(folder: string): SurveySite {
  const manifestFile = join(folder, 'manifest.json');
  if (!existsSync(manifestFile)) throw new NotBuilt(folder);
  const manifest = v.parse(manifestSchema, JSON.parse(readFileSync(manifestFile, 'utf8')));
  const entries = Object.values(manifest).filter((chunk) => chunk.isEntry);
  const imported = entries.flatMap((entry) => importsOf(manifest, entry));
  return {
    files: readFiles(folder, '/survey', (path) => path.startsWith('/survey/assets/')),
    needed: {
      scripts: addresses(entries.map(({ file }) => file)),
      preloads: addresses(imported.map(({ file }) => file)),
      styles: addresses([...entries, ...imported].flatMap(({ css }) => css))
    },
    late: {
      ru: lateFiles(manifest, 'ru'),
      en: lateFiles(manifest, 'en'),
      rareQuestions: lateFiles(manifest, 'rareQuestions'),
      demonstration: lateFiles(manifest, 'demonstration')
    },
    policy: surveyPolicy()
  };
}

/** Throws when the build holds no such part. */
function lateFiles(manifest: Manifest, part: LatePart): PageFiles {
  const chunk = manifest[lateParts[part]];
  if (chunk?.isDynamicEntry !== true) throw new Error(`The built page has no ${lateParts[part]} of its own`);
  const chunks = [chunk, ...importsOf(manifest, chunk).filter((one) => !one.isEntry)];
  return {
    scripts: [],
    preloads: addresses(chunks.map(({ file }) => file)),
    styles: addresses(chunks.flatMap(({ css }) => css))
  };
}

function addresses(files: readonly string[]): readonly string[] {
  return [...new Set(files)].map((file) => base + file);
}

/** Everything that an entry imports, directly or not. */
function importsOf(
  manifest: Manifest,
  chunk: Manifest[string],
  seen = new Set<string>()
): readonly Manifest[string][] {
  return chunk.imports.flatMap((name) => {
    const imported = manifest[name];
    if (imported === undefined || seen.has(name)) return [];
    seen.add(name);
    return [imported, ...importsOf(manifest, imported, seen)];
  });
}

/** Scripts of this host and the one guard that stands in the page, by its hash. */
export function surveyPolicy(): string {
  const guard = createHash('sha256').update(bootGuard).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${guard}'`,
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ].join('; ');
}
