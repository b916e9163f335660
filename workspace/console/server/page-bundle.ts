/** The page as a browser loads it: bundled from its sources, compressed, in memory. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build } from 'esbuild';

/** A file of the page. */
export interface Asset {
  readonly type: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: Uint8Array<ArrayBuffer>;
  readonly br: Uint8Array<ArrayBuffer>;
}

/** The page. */
export interface Page {
  /** By name; a name changes with the content. */
  readonly assets: ReadonlyMap<string, Asset>;
  /** The document. @param nonce Of the style element that the editor writes */
  readonly html: (nonce: string) => string;
}

const folder = new URL('../page/', import.meta.url);
const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

const toGzip = promisify(gzip);
const toBrotli = promisify(brotliCompress);
// Of 11: the last steps take seconds for some percent.
const BROTLI_QUALITY = 6;

async function asset(path: string, plain: Uint8Array<ArrayBuffer>): Promise<readonly [string, Asset]> {
  const name = basename(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
  const [zipped, brotli] = await Promise.all([toGzip(plain), toBrotli(plain, { params })]);
  const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
  return [name, { type, plain, gzip: new Uint8Array(zipped), br: new Uint8Array(brotli) }];
}

/** Bundles the page: half a second. @throws the errors of esbuild, each with file and line */
export async function bundlePage(): Promise<Page> {
  const entry = fileURLToPath(new URL('main.tsx', folder));
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    write: false,
    metafile: true,
    outdir: 'assets',
    // Without paths of this machine in names and hashes.
    absWorkingDir: fileURLToPath(folder),
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    logLevel: 'silent',
    loader: { '.svg': 'dataurl', '.woff2': 'file' },
  });
  const [main, output] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === 'main.tsx') ?? [];
  if (main === undefined) throw new Error('the bundle of the page has no main.tsx');
  // What the first view needs, asked for at once instead of one after the other.
  const imports =
    output?.imports.filter(({ kind }) => kind === 'import-statement').map(({ path }) => basename(path)) ?? [];
  const head = [
    ...(output?.cssBundle === undefined
      ? []
      : [`<link rel="stylesheet" href="/assets/${basename(output.cssBundle)}">`]),
    ...imports.map((name) => `<link rel="modulepreload" href="/assets/${name}">`),
    `<script type="module" src="/assets/${basename(main)}"></script>`,
  ].join('\n    ');
  const template = readFileSync(new URL('index.html', folder), 'utf8');
  return {
    assets: new Map(
      await Promise.all(outputFiles.map(async ({ path, contents }) => asset(path, new Uint8Array(contents)))),
    ),
    html: (nonce) => template.replace('<!-- assets -->', head).replace('{{nonce}}', nonce),
  };
}
