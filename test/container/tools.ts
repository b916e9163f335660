/** Container tools from Debian packages: downloaded and unpacked into a cache directory, nothing is installed. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { copyProgram } from './program-copy.ts';

/** Runs a tool of the cache and returns its standard output; rejects with what it said. */
export type Tool = (args: readonly string[], at?: { readonly cwd?: string }) => Promise<string>;

/** What builds, unpacks and runs images. */
export interface Tools {
  readonly buildah: Tool;
  readonly umoci: Tool;
  readonly runc: Tool;
  /** Path of runc and the environment it needs, for a process that stays. */
  readonly runcCommand: { readonly file: string; readonly env: NodeJS.ProcessEnv };
}

/** The tools, or why they cannot be had here. */
export type ToolsOrReason =
  | { readonly ok: true; readonly tools: Tools }
  | { readonly ok: false; readonly reason: string };

// Debian 12: the three tools and the libraries of buildah that a slim machine lacks.
const PACKAGES = ['buildah', 'umoci', 'runc', 'libgpgme11', 'libassuan0'] as const;
// Not in the shared temporary directory: what lies here is run as root.
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/container-tools', import.meta.url));
const run = promisify(execFile);

/** Finds the tools in the cache or fetches them, within two minutes; never rejects. */
export async function containerTools(): Promise<ToolsOrReason> {
  const no = (reason: string): ToolsOrReason => ({ ok: false, reason });
  if (process.platform !== 'linux') return no(`needs Linux, this is ${process.platform}`);
  if (process.getuid?.() !== 0) return no('needs root to build and run containers');
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (!/^ID=debian$/m.test(release) || !/^VERSION_ID="12"$/m.test(release))
    return no('needs Debian 12, of which it takes the tools');
  const root = join(CACHE, `debian-12-${process.arch}`);
  try {
    if (!existsSync(root)) await fetchInto(root);
    const tools = toolsAt(root);
    for (const tool of [tools.buildah, tools.umoci]) await tool(['--version']);
    await tryContainer(tools);
    return { ok: true, tools };
  } catch (error) {
    // The last line is what the tool says at the end; those before it are the command and warnings.
    return no(`the tools cannot be had: ${String(error).trim().split('\n').at(-1)}`);
  }
}

async function fetchInto(root: string): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const directory = await mkdtemp(join(CACHE, 'fetch-'));
  try {
    const download = () => run('apt-get', ['download', ...PACKAGES], { cwd: directory, timeout: 60_000 });
    // Package lists may be absent or older than the archive.
    await download().catch(async () => {
      await run('apt-get', ['update'], { timeout: 60_000 });
      await download();
    });
    const unpacked = join(directory, 'root');
    for (const name of await readdir(directory))
      if (name.endsWith('.deb')) await run('dpkg', ['-x', join(directory, name), unpacked], { timeout: 30_000 });
    // Whoever comes second finds the place taken by the same files.
    await rename(unpacked, root).catch((error: unknown) => {
      if (!existsSync(root)) throw error;
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Runs /bin/true: root without the right to make namespaces, as inside of another container, fails here. */
async function tryContainer(tools: Tools): Promise<void> {
  const directory = await mkdtemp(join(CACHE, 'try-'));
  try {
    await copyProgram('/bin/true', join(directory, 'rootfs'), '/bin/true');
    await tools.runc(['spec'], { cwd: directory });
    const path = join(directory, 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8')) as { process: { args: string[]; terminal: boolean } };
    config.process.args = ['/bin/true'];
    config.process.terminal = false;
    await writeFile(path, JSON.stringify(config));
    await tools.runc(['run', '--bundle', directory, basename(directory)]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function toolsAt(root: string): Tools {
  const libraries = join(root, 'usr/lib', process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu');
  const env = { PATH: process.env['PATH'], HOME: CACHE, LD_LIBRARY_PATH: libraries };
  const tool =
    (path: string): Tool =>
    async (args, { cwd = CACHE } = {}) =>
      (await run(join(root, path), args, { cwd, env, timeout: 60_000, maxBuffer: 16 * 2 ** 20 })).stdout;
  return {
    buildah: tool('usr/bin/buildah'),
    umoci: tool('usr/bin/umoci'),
    runc: tool('usr/sbin/runc'),
    runcCommand: { file: join(root, 'usr/sbin/runc'), env },
  };
}
