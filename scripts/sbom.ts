/** `node scripts/sbom.ts`: bundles the collector and prints the bill of materials of what is inside. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { bundled } from './bundle.ts';
import { type BundledPackage, keyOf, packagesIn } from './image/packages.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const component = z.looseObject({ 'bom-ref': z.string(), name: z.string(), version: z.string() });
const document = z.looseObject({
  metadata: z.looseObject({ component }),
  components: z.array(component),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

/**
 * CycloneDX 1.5 JSON of these packages, as `npm sbom` describes them: same packages, same bytes. Rejects when npm does
 * not know one of them, because then node_modules is not what package-lock.json says.
 */
export async function sbom(packages: readonly BundledPackage[]): Promise<string> {
  const whole = document.parse(JSON.parse(await npmSbom()));
  const inside = new Set(packages.map(keyOf));
  const known = new Map(whole.components.map((one) => [one['bom-ref'], one]));
  const lost = [...inside].filter((key) => !known.has(key));
  if (lost.length > 0) throw new Error(`sbom: npm does not know ${lost.join(', ')}: run npm ci and try again`);

  const own = whole.metadata.component;
  const refs = new Set([own['bom-ref'], ...inside]);
  const components = [...inside]
    .flatMap((key) => known.get(key) ?? [])
    .map((one) => ({ ...one, scope: 'required', properties: [] }));
  const dependencies = whole.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)).toSorted() }))
    .toSorted((a, b) => (a.ref < b.ref ? -1 : 1));
  const content = {
    version: 1,
    // npm names the directory and the time: neither is a property of the product.
    metadata: { component: { ...own, type: 'application', name: own['bom-ref'].replace(/@[^@]*$/, '') } },
    components,
    dependencies,
  };
  return `${JSON.stringify({
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    ...content,
  })}\n`;
}

/** What npm knows of every package that is installed. `--omit=dev` would leave out what a dev package needs as well. */
async function npmSbom(): Promise<string> {
  const args = ['sbom', '--sbom-format=cyclonedx'];
  const npm = process.env['npm_execpath'] ?? '';
  // Inside of npm run, npm says where it is; a shell is needed to find npm.cmd on Windows.
  const [file, ...all] = npm.endsWith('npm-cli.js') ? [process.execPath, npm, ...args] : ['npm', ...args];
  const { stdout } = await promisify(execFile)(file, all, {
    cwd: root,
    maxBuffer: 64 * 2 ** 20,
    shell: file === 'npm' && process.platform === 'win32',
  });
  return stdout;
}

/** A UUID of version 8 (RFC 9562, 5.8) that follows from the text alone. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

if (import.meta.main) process.stdout.write(await sbom(await packagesIn((await bundled()).metafile, root)));
