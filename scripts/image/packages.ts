import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { z } from 'zod';

const manifest = z.object({ version: z.string(), license: z.string().optional() });

/** A package of which code is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as its package.json says. */
  readonly license: string | undefined;
  /** Where it is installed, absolute. */
  readonly directory: string;
}

/** Packages that gave at least one byte to the bundle, sorted by name and version, each once. */
export async function packagesIn(metafile: Metafile, root: string): Promise<readonly BundledPackage[]> {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  // The last node_modules of a path counts: packages can hold packages.
  const directories = inputs.flatMap(([path, { bytesInOutput }]) => {
    const [directory, name] = /^(?:.*\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? [];
    return bytesInOutput > 0 && directory !== undefined && name !== undefined ? [[directory, name] as const] : [];
  });
  const packages = await Promise.all(
    [...new Map(directories)].map(async ([path, name]) => {
      const directory = join(root, path);
      const { version, license } = manifest.parse(JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')));
      return { name, version, license, directory };
    }),
  );
  const byKey = new Map(packages.map((one) => [keyOf(one), one]));
  return [...byKey.keys()].toSorted().flatMap((key) => byKey.get(key) ?? []);
}

/** name@version, which is also its reference in the SBOM that npm writes. */
export const keyOf = ({ name, version }: Pick<BundledPackage, 'name' | 'version'>): string => `${name}@${version}`;
