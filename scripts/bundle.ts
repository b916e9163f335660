/** `npm run bundle`: the collector as one file, the form in which a container runs it. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Flags for Node in a container of 512 MiB. Without them V8 lets garbage grow to several times what lives: these keep
 * the young generation at 3 x 4 MB and collect the old one when it has doubled. Measured by `npm run bench`.
 */
export const nodeFlags = ['--max-semi-space-size=4', '--max-old-space-size=384', '--heap-growing-percent=100'] as const;

/** Environment for the same: one arena, because glibc keeps a fragmented one for every thread (20 MB here). */
export const nodeEnvironment = { MALLOC_ARENA_MAX: '1' } as const;

/** Writes the bundle and returns its path. */
export async function bundle(outfile = `${root}dist/collector.mjs`): Promise<string> {
  await build({
    entryPoints: [`${root}collector/main.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    sourcemap: true,
    logLevel: 'error',
    // Some libraries are CommonJS inside and call require for built-ins.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  return outfile;
}

if (import.meta.main) console.log(await bundle());
