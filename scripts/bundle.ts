/** `npm run bundle`: the collector as one file, the form in which a container runs it. */
import { fileURLToPath } from 'node:url';
import { build, type Metafile } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Flags for Node in a container of 512 MiB. Without them V8 lets garbage grow to several times what lives: these keep
 * the young generation at 3 x 4 MB and collect the old one when it has doubled. Measured by `npm run bench`.
 */
export const nodeFlags = ['--max-semi-space-size=4', '--max-old-space-size=384', '--heap-growing-percent=100'] as const;

/** Environment for the same: one arena, because glibc keeps a fragmented one for every thread (20 MB here). */
export const nodeEnvironment = { MALLOC_ARENA_MAX: '1' } as const;

/** A written bundle; paths of the metafile are relative to the root of the project. */
export interface Bundle {
  readonly outfile: string;
  readonly metafile: Metafile;
}

/** Bundles `entry` with everything it imports, so that it runs without node_modules: same input, same bytes. */
export async function bundled(options: { readonly entry?: string; readonly outfile?: string } = {}): Promise<Bundle> {
  const { entry = `${root}collector/main.ts`, outfile = `${root}dist/collector.mjs` } = options;
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    sourcemap: true,
    // Texts of licences are collected in THIRD-PARTY-NOTICES.txt.
    legalComments: 'none',
    metafile: true,
    logLevel: 'error',
    // Some libraries are CommonJS inside and call require for built-ins.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  return { outfile, metafile };
}

/** Writes the bundle of the collector and returns its path. */
export async function bundle(outfile = `${root}dist/collector.mjs`): Promise<string> {
  return (await bundled({ outfile })).outfile;
}

if (import.meta.main) console.log(await bundle());
