import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

/** One file of a build, in memory, with the compressed forms that the build made beside it. */
export interface SiteFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly brotli?: Uint8Array<ArrayBuffer>;
  readonly gzip?: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
  /** Its name changes with its contents, so that a browser need never ask again. */
  readonly isImmutable: boolean;
}

/** Path in the address (`/icon.svg`) → file. */
export type SiteFiles = ReadonlyMap<string, SiteFile>;

/** The built app. */
export interface Site {
  readonly files: SiteFiles;
  /** The page that every address of the app answers with. */
  readonly page: SiteFile;
  /** The page's own policy with what only a header can say. */
  readonly policy: string;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2'
};

/** A part of the program that has to be built before it can be served. */
export class NotBuilt extends Error {
  readonly folder: string;

  constructor(folder: string) {
    super(`${folder} holds nothing built: run npm run build`);
    this.folder = folder;
  }
}

/** Reads the built app once. Throws `NotBuilt`. */
export function readSite(folder: string): Site {
  const files = readFiles(folder, '', (path) => path.startsWith('/_app/immutable/'));
  const page = files.get('/index.html');
  if (page === undefined) throw new NotBuilt(folder);
  return { files, page, policy: policyOf(new TextDecoder().decode(page.body)) };
}

/**
 * The policy in the page's meta tag, with the hashes of its scripts, as a header: only a header can forbid framing.
 * Throws when the page carries none.
 */
export function policyOf(html: string): string {
  const content = /<meta http-equiv="content-security-policy" content="([^"]+)"/i.exec(html)?.[1];
  if (content === undefined) throw new Error('the built page carries no content security policy');
  return `${content.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replace(/;\s*$/, '')}; frame-ancestors 'none'`;
}

/** Every file under a folder of a build that has a type known here, with the given prefix before its path. */
export function readFiles(folder: string, prefix: string, isImmutable: (path: string) => boolean): SiteFiles {
  const files = new Map<string, SiteFile>();
  if (!existsSync(folder)) return files;
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const file = join(folder, name);
    const path = `${prefix}/${name.replaceAll('\\', '/')}`;
    const body = new Uint8Array(readFileSync(file));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    files.set(path, {
      body,
      ...(existsSync(`${file}.br`) ? { brotli: new Uint8Array(readFileSync(`${file}.br`)) } : {}),
      ...(existsSync(`${file}.gz`) ? { gzip: new Uint8Array(readFileSync(`${file}.gz`)) } : {}),
      type,
      etag,
      isImmutable: isImmutable(path)
    });
  }
  return files;
}
