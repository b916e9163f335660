/** The real Dockerfile on a stand-in for the distroless base, built and unpacked without a daemon. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildArguments, imageFiles } from '../../scripts/image.ts';
import { copyProgram } from './program-copy.ts';
import type { Tools } from './tools.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** Configuration of an image (opencontainers/image-spec, config.md). */
export interface ImageConfig {
  readonly User: string;
  readonly Env: readonly string[];
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly WorkingDir: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly ExposedPorts: Readonly<Record<string, unknown>>;
}

/** A built image, unpacked as a bundle that runc can run. */
export interface BuiltImage {
  readonly config: ImageConfig;
  /** Directory with config.json and rootfs. */
  readonly bundle: string;
  readonly base: string;
}

/** Builds below `directory`. */
export async function builtImage(tools: Tools, directory: string): Promise<BuiltImage> {
  const base = await standInBase(tools, directory);
  const context = join(directory, 'context');
  await mkdir(join(context, 'collector'), { recursive: true });
  for (const path of ['collector/Dockerfile', '.dockerignore', 'LICENSE'])
    await copyFile(join(project, path), join(context, path));
  await imageFiles(join(context, 'dist'));

  const policy = join(directory, 'policy.json');
  await writeFile(policy, '{"default":[{"type":"insecureAcceptAnything"}]}');
  const store = ['--root', join(directory, 'store'), '--runroot', join(directory, 'run'), '--storage-driver', 'vfs'];
  const [build = '', ...rest] = buildArguments({ tag: `oci:${directory}/out:collector`, base: `oci:${base}` });
  const alone = ['--isolation', 'chroot', '--signature-policy', policy];
  await tools.buildah([...store, build, ...alone, ...rest], { cwd: context });

  const bundle = join(directory, 'bundle');
  await tools.umoci(['unpack', '--image', `${directory}/out:collector`, bundle]);
  return { config: await configOf(join(directory, 'out')), bundle, base: `oci:${base}` };
}

/** Node of this machine with its libraries, laid out as distroless does, with its user and entrypoint. */
async function standInBase(tools: Tools, directory: string): Promise<string> {
  const root = join(directory, 'base-root');
  await copyProgram(process.execPath, root, '/nodejs/bin/node');
  await mkdir(join(root, 'etc'));
  await writeFile(join(root, 'etc/passwd'), 'nonroot:x:65532:65532:nonroot:/:/sbin/nologin\n');
  const layout = join(directory, 'base');
  const image = ['--image', `${layout}:base`];
  await tools.umoci(['init', '--layout', layout]);
  await tools.umoci(['new', ...image]);
  await tools.umoci(['insert', ...image, root, '/']);
  await tools.umoci(['config', ...image, '--config.user', '65532', '--config.entrypoint', '/nodejs/bin/node']);
  return `${layout}:base`;
}

async function configOf(layout: string): Promise<ImageConfig> {
  const read = async (digest: string): Promise<Readonly<Record<string, unknown>>> =>
    JSON.parse(await readFile(join(layout, 'blobs', digest.replace(':', '/')), 'utf8')) as Record<string, unknown>;
  const index = JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')) as {
    manifests: readonly { digest: string }[];
  };
  const manifest = (await read(index.manifests[0]?.digest ?? '')) as { config: { digest: string } };
  return (await read(manifest.config.digest))['config'] as ImageConfig;
}
