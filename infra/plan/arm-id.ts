/** The id that Azure gives a resource. */
import { type ArmType, armTypeOf } from './arm-types.ts';
import { textAt, type Values } from './wire-values.ts';

/** Segments of a resource's name, outermost first; throws when an input is missing, because Pulumi would invent one. */
export function nameSegments({ path, fixed, type }: ArmType, inputs: Values): readonly string[] {
  return path.map((input) => {
    const name = fixed?.[input] ?? textAt(inputs, input);
    if (name === '') throw new Error(`${type}: no ${input}: name every resource, so that its id does not change`);
    return name;
  });
}

function scopeOf({ under, type }: ArmType, inputs: Values, subscriptionId: string): string {
  if (under === 'subscription') return `/subscriptions/${subscriptionId}`;
  if (typeof under === 'object') {
    const scope = textAt(inputs, under.input);
    if (!scope.startsWith('/')) throw new Error(`${type}: ${under.input} is "${scope}", which is not an Azure id`);
    return scope;
  }
  const groupName = textAt(inputs, 'resourceGroupName');
  if (groupName === '') throw new Error(`${type}: no resourceGroupName`);
  const group = `/subscriptions/${subscriptionId}/resourceGroups/${groupName}`;
  return under === 'group'
    ? group
    : `${group}/providers/Microsoft.OperationalInsights/workspaces/${textAt(inputs, 'workspaceName')}`;
}

/** The id of a resource of the given Pulumi type; undefined when the type is not Azure resource manager's. */
export function armIdOf(pulumiType: string, inputs: Values, subscriptionId: string): string | undefined {
  if (pulumiType === 'azure-native:resources:Resource') return genericId(inputs, subscriptionId);
  const mapped = armTypeOf(pulumiType);
  if (mapped === undefined) return undefined;
  const scope = scopeOf(mapped, inputs, subscriptionId);
  const names = nameSegments(mapped, inputs);
  const [namespace = '', ...kinds] = mapped.type.split('/');
  const tail = kinds.map((kind, index) => `${kind}/${names[index] ?? ''}`).join('/');
  return mapped.type === 'Microsoft.Resources/resourceGroups'
    ? `${scope}/${tail}`
    : `${scope}/providers/${namespace}/${tail}`;
}

function genericId(inputs: Values, subscriptionId: string): string {
  const text = (name: string): string => textAt(inputs, name);
  const parent = text('parentResourcePath') === '' ? '' : `${text('parentResourcePath')}/`;
  return `/subscriptions/${subscriptionId}/resourceGroups/${text('resourceGroupName')}/providers/${text('resourceProviderNamespace')}/${parent}${text('resourceType')}/${text('resourceName')}`;
}
