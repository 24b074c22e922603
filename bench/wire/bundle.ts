import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The script of a measured page, bundled for the browser. `page`: its file under `bench/`. */
export async function bundle(page: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`../${page}`, import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    absWorkingDir: root,
    alias: { $lib: './src/lib' },
    define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
    logLevel: 'error'
  });
  return result.outputFiles[0]?.text ?? '';
}
