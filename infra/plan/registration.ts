/** What a program asks the engine to create, and under which URN. */
import { fromStruct, type RegisterRequest } from './protocol.ts';
import { unwrap, type Values } from './wire-values.ts';

/** One registered resource. */
export interface Registration {
  /** Pulumi type, for example `azure-native:operationalinsights:Table`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly urn: string;
  /** False for the stack and for components. */
  readonly custom: boolean;
  readonly parent: string;
  /** URN and id of an explicit provider; empty for the default one. */
  readonly provider: string;
  /** Inputs as plain data; in a preview an unknown is `UNKNOWN`. */
  readonly inputs: Values;
  /** Paths of inputs that are secret. */
  readonly secretPaths: readonly string[];
  /** URNs of everything it depends on, explicit and through properties. */
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly deleteBeforeReplace: boolean;
  readonly aliases: readonly string[];
  readonly importId: string;
  /** Azure id; empty in a preview. */
  readonly id: string;
  readonly outputs: Values;
}

/** The stack that a resource belongs to. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
}

interface Named {
  readonly getParent: () => string;
  readonly getType: () => string;
  readonly getName: () => string;
}

/** The URN of a resource, as the engine makes it. */
export function urnOf({ project, stack }: StackName, named: Named): string {
  const parentType = named.getParent().split('::')[2] ?? '';
  const qualified = ['', 'pulumi:pulumi:Stack'].includes(parentType)
    ? named.getType()
    : `${parentType}$${named.getType()}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${named.getName()}`;
}

/** A registration as the program asked for it, without id and outputs. */
export function registrationOf(stackName: StackName, request: RegisterRequest): Registration {
  const { value, secretPaths } = unwrap(fromStruct(request.getObject()));
  const propertyDependencies: Record<string, readonly string[]> = {};
  request.getPropertydependenciesMap().forEach((urns, property) => {
    propertyDependencies[property] = urns.getUrnsList();
  });
  return {
    type: request.getType(),
    name: request.getName(),
    urn: urnOf(stackName, request),
    custom: request.getCustom(),
    parent: request.getParent(),
    provider: request.getProvider(),
    inputs: value,
    secretPaths,
    dependencies: request.getDependenciesList(),
    propertyDependencies,
    protect: request.getProtect() ?? false,
    retainOnDelete: request.getRetainondelete() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    aliases: request.getAliasesList().map((alias) => alias.getUrn() || (alias.getSpec()?.getName() ?? '')),
    importId: request.getImportid(),
    id: '',
    outputs: {},
  };
}
