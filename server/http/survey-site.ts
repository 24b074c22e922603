import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { bootGuard } from './boot-guard.ts';
import { readFiles, type SiteFiles } from './site.ts';

/** The built page of the activist's link: its files, and how the page that the server writes names them. */
export interface SurveySite {
  /** By path, such as `/survey/worker.js`. */
  readonly files: SiteFiles;
  readonly scripts: readonly string[];
  /** Modules that the first script needs at once. */
  readonly preloads: readonly string[];
  /** What only forms with rare types of questions need. */
  readonly rareQuestions: readonly string[];
  /** What only the page of a demonstration needs. */
  readonly demonstration: readonly string[];
  readonly styles: readonly string[];
  /** Content policy of the pages and files under `/survey/`. */
  readonly policy: string;
}

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

/** Reads the build once. Throws when there is none. */
export function readSurveySite(folder: string): SurveySite {
  const manifestFile = join(folder, 'manifest.json');
  if (!existsSync(manifestFile)) throw new Error(`${folder} holds no built page: run npm run build`);
  const manifest = v.parse(manifestSchema, JSON.parse(readFileSync(manifestFile, 'utf8')));
  const entries = Object.values(manifest).filter((chunk) => chunk.isEntry);
  const needed = entries.flatMap((entry) => importsOf(manifest, entry));
  const allStyles = Object.values(manifest)
    .map((chunk) => chunk.file)
    .filter((file) => file.endsWith('.css'));
  const styles = [...[...entries, ...needed].flatMap((chunk) => chunk.css), ...allStyles];
  return {
    files: readFiles(folder, '/survey', (path) => path.startsWith('/survey/assets/')),
    scripts: entries.map((entry) => base + entry.file),
    rareQuestions: lateFiles(manifest, 'src/lib/questionnaire/RareQuestion.svelte'),
    demonstration: lateFiles(manifest, 'src/survey/demonstration.ts'),
    preloads: [...new Set(needed.map((chunk) => base + chunk.file))],
    styles: [...new Set(styles)].map((file) => base + file),
    policy: surveyPolicy()
  };
}

/** A module that is loaded only by some pages, with what it alone imports. Throws when the build holds none. */
function lateFiles(manifest: Manifest, source: string): readonly string[] {
  const chunk = manifest[source];
  if (chunk?.isDynamicEntry !== true) throw new Error(`The built page has no late ${source}`);
  const imported = importsOf(manifest, chunk).filter((one) => !one.isEntry);
  return [chunk, ...imported].map(({ file }) => base + file);
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
