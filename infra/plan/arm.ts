/** Registrations as Azure resource manager would receive them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type ArmType, armTypeOf, ENVELOPE } from './arm-types.ts';
import { nameSegments } from './arm-id.ts';
import type { Plan } from './plan.ts';
import type { Registration } from './registration.ts';
import { isValues, textAt, type Values } from './wire-values.ts';

/** One PUT. */
export interface ArmResource {
  readonly type: string;
  readonly apiVersion: string;
  /** Segments of the name, joined by a slash. */
  readonly name: string;
  readonly id: string;
  /** Ids. */
  readonly dependsOn: readonly string[];
  readonly body: Values;
}

const require = createRequire(import.meta.url);
const versions = new Map<string, string>();

/** The API version that the installed azure-native uses for a type, from the comment that its generator leaves. */
export function apiVersionOf(pulumiType: string): string {
  const known = versions.get(pulumiType);
  if (known !== undefined) return known;
  const [, module = '', resource = ''] = pulumiType.split(':');
  const file = require
    .resolve('@pulumi/azure-native/package.json')
    .replace('package.json', `${module}/${resource.charAt(0).toLowerCase()}${resource.slice(1)}.d.ts`);
  const version = /Uses Azure REST API version ([0-9a-z-]+)/.exec(readFileSync(file, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${file} names no API version`);
  versions.set(pulumiType, version);
  return version;
}

/** azure-native takes a list of identities, Azure a map with an empty object for each. */
function identityOf(value: unknown): unknown {
  if (!isValues(value) || !Array.isArray(value['userAssignedIdentities'])) return value;
  const ids: readonly unknown[] = value['userAssignedIdentities'];
  return { ...value, userAssignedIdentities: Object.fromEntries(ids.map((id) => [String(id), {}])) };
}

function bodyOf(mapped: ArmType, inputs: Values): Values {
  const inUrl = new Set([...mapped.path, 'resourceGroupName', 'workspaceName', 'scope', 'resourceUri']);
  const root: Record<string, unknown> = {};
  const properties: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (inUrl.has(name)) continue;
    if (name === 'properties' && isValues(value)) Object.assign(properties, value);
    else if (mapped.isFlat === true || (mapped.root ?? ENVELOPE).includes(name)) root[name] = value;
    else properties[mapped.renamed?.[name] ?? name] = value;
  }
  if ('identity' in root) root['identity'] = identityOf(root['identity']);
  return Object.keys(properties).length === 0 ? root : { ...root, properties };
}

function genericResource(inputs: Values): Omit<ArmResource, 'id' | 'dependsOn'> {
  const text = (name: string): string => textAt(inputs, name);
  const body = Object.entries(inputs).filter(([name]) => [...ENVELOPE, 'properties'].includes(name));
  return {
    type: `${text('resourceProviderNamespace')}/${text('resourceType')}`,
    apiVersion: text('apiVersion'),
    name: text('resourceName'),
    body: Object.fromEntries(body),
  };
}

/** The resource's request; undefined for what is not Azure resource manager's (Entra, providers, blobs). */
function requestOf({ type, inputs }: Registration): Omit<ArmResource, 'id' | 'dependsOn'> | undefined {
  if (type === 'azure-native:resources:Resource') return genericResource(inputs);
  const mapped = armTypeOf(type);
  if (mapped === undefined) return undefined;
  const name = nameSegments(mapped, inputs).join('/');
  return { type: mapped.type, apiVersion: apiVersionOf(type), name, body: bodyOf(mapped, inputs) };
}

/** Registrations in an order that only dependencies and names decide; programs register as answers come in. */
function ordered(registrations: readonly Registration[]): readonly Registration[] {
  const byUrn = new Map(registrations.map((one) => [one.urn, one]));
  const depths = new Map<string, number>();
  const depthOf = (one: Registration): number => {
    const known = depths.get(one.urn);
    if (known !== undefined) return known;
    depths.set(one.urn, 0);
    const before = one.dependencies.flatMap((urn) => byUrn.get(urn) ?? []);
    const depth = 1 + Math.max(-1, ...before.map(depthOf));
    depths.set(one.urn, depth);
    return depth;
  };
  return registrations.toSorted((a, b) => depthOf(a) - depthOf(b) || (a.urn < b.urn ? -1 : 1));
}

/** Everything a plan registers with Azure, what others depend on first. Only for a plan of an update. */
export function toArm(plan: Plan): readonly ArmResource[] {
  const byUrn = new Map(plan.registrations.map((one) => [one.urn, one]));
  // A dependency on something that Azure does not keep (an Entra assignment) stands for what that depends on.
  const idsOf = (urns: readonly string[], passed: ReadonlySet<string>): readonly string[] =>
    urns.flatMap((urn) => {
      const one = byUrn.get(urn);
      if (one === undefined || passed.has(urn)) return [];
      return requestOf(one) === undefined ? idsOf(one.dependencies, new Set([...passed, urn])) : [one.id];
    });
  return ordered(plan.registrations).flatMap((one) => {
    const request = one.custom ? requestOf(one) : undefined;
    if (request === undefined) return [];
    const dependsOn = [...new Set(idsOf(one.dependencies, new Set([one.urn])))].sort();
    return [{ ...request, id: one.id, dependsOn }];
  });
}
