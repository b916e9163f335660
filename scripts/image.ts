/**
 * `npm run image [-- --tag T --base REF --engine docker|podman|buildah|none]`: writes what goes into the container image
 * to dist/ and builds the image with the engine that is installed. docs/container.md says how to pin the base.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { bundled } from './bundle.ts';
import { notices } from './image/notices.ts';
import { packagesIn } from './image/packages.ts';
import { sbom } from './sbom.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const ENGINES = ['docker', 'podman', 'buildah'] as const;

/** Writes bundle, SBOM and third-party notices into `directory`, dist/ by default; these and LICENSE are the image. */
export async function imageFiles(directory = join(root, 'dist')): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { metafile } = await bundled({ outfile: join(directory, 'collector.mjs') });
  const packages = await packagesIn(metafile, root);
  await writeFile(join(directory, 'sbom.cdx.json'), await sbom(packages));
  await writeFile(join(directory, 'THIRD-PARTY-NOTICES.txt'), await notices(packages));
}

/** Arguments for any of the engines; the version is that of package.json, the revision that of git where there is one. */
export function buildArguments(options: { readonly tag: string; readonly base?: string | undefined }): string[] {
  const { tag, base } = options;
  const { stdout, status } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  const values = [
    `VERSION=${manifest.version}`,
    ...(status === 0 ? [`REVISION=${stdout.trim()}`] : []),
    ...(base === undefined ? [] : [`BASE=${base}`]),
  ];
  return ['build', '-f', 'collector/Dockerfile', ...values.flatMap((one) => ['--build-arg', one]), '-t', tag, '.'];
}

async function main(): Promise<number> {
  const program = new Command('image')
    .option('--tag <tag>', 'name of the image', `copilot-sentinel:${manifest.version}`)
    .option('--base <reference>', 'base image, best with its digest: ...:nonroot@sha256:...')
    .addOption(new Option('--engine <engine>', 'the first that is installed').choices([...ENGINES, 'none']))
    .parse();
  const options = program.opts<{ tag: string; base?: string; engine?: string }>();
  await imageFiles();
  const command = buildArguments(options);
  const isThere = (engine: string): boolean => spawnSync(engine, ['--version'], { stdio: 'ignore' }).status === 0;
  const engine = options.engine ?? ENGINES.find(isThere);
  if (!(options.base ?? '').includes('@sha256:'))
    console.error('The base is not pinned: give --base with its digest for a build that can be repeated.');
  if (engine === undefined || engine === 'none') {
    console.log(`The files are in dist/. To build the image, run: docker ${command.join(' ')}`);
    return options.engine === 'none' ? 0 : 1;
  }
  return spawnSync(engine, command, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

if (import.meta.main) process.exitCode = await main();
