/** A stand-in for the Pulumi engine: the two gRPC services that a Node program talks to.
 *
 *  It keeps every registration (inputs, dependencies, options) and answers as Azure would; nothing is created. */
import {
  engineService,
  type FeatureRequest,
  fromStruct,
  type InvokeRequest,
  listen,
  type LogRequest,
  messages,
  monitorService,
  type OutputsRequest,
  type ReadRequest,
  type RegisterRequest,
  type RootRequest,
  server as newServer,
  toStruct,
  unary,
} from './protocol.ts';
import { type Registration, registrationOf, urnOf } from './registration.ts';
import { unwrap, type Values } from './wire-values.ts';

/** What a resource looks like after it was created. */
export interface Answer {
  readonly id: string;
  readonly outputs: Values;
}

/** One call of a provider's function. */
export interface Invoke {
  readonly token: string;
  readonly inputs: Values;
  /** URN and id of an explicit provider; empty for the default one. */
  readonly provider: string;
}

/** A line that the program logged; severity 1 is information, 2 a warning, 3 an error. */
export interface Log {
  readonly severity: number;
  readonly message: string;
}

export interface EngineOptions {
  readonly project: string;
  readonly stack: string;
  /** A preview knows no ids and no outputs but the inputs. */
  readonly mode: 'preview' | 'update';
  /** The created resource; `registration` has no id and outputs yet. */
  readonly answer: (registration: Registration) => Answer;
  /** The answer to a provider's function; throws for a token it does not know. */
  readonly invoke: (invoke: Invoke) => Values;
}

/** What the program did, complete once it has ended. */
export interface Recording {
  readonly registrations: readonly Registration[];
  /** Existing resources that the program read (`Type.get`). */
  readonly reads: readonly Registration[];
  readonly invokes: readonly Invoke[];
  readonly logs: readonly Log[];
  readonly outputs: Values;
  readonly outputSecrets: readonly string[];
}

/** A listening engine. */
export interface StandInEngine {
  /** host:port on loopback. */
  readonly address: string;
  readonly recording: () => Recording;
  readonly stop: () => void;
}

const FEATURES = [
  'secrets',
  'resourceReferences',
  'outputValues',
  'aliasSpecs',
  'deletedWith',
  'parameterization',
] as const;

/** Starts the engine on a free loopback port. */
export async function standInEngine(options: EngineOptions): Promise<StandInEngine> {
  const registrations = new Map<string, Registration>();
  const reads: Registration[] = [];
  const invokes: Invoke[] = [];
  const logs: Log[] = [];
  let stack: { readonly outputs: Values; readonly outputSecrets: readonly string[] } = {
    outputs: {},
    outputSecrets: [],
  };
  let rootUrn = '';

  const answered = (
    asked: Registration,
    rawInputs: Values,
  ): { readonly known: Registration; readonly state: Values } => {
    if (!asked.custom || options.mode === 'preview') return { known: asked, state: asked.custom ? rawInputs : {} };
    const { id, outputs } = options.answer(asked);
    // The program gets its inputs back as it sent them, so that what was secret stays secret.
    return { known: { ...asked, id, outputs: { ...asked.inputs, ...outputs } }, state: { ...rawInputs, ...outputs } };
  };
  const register = (request: RegisterRequest) => {
    const asked = registrationOf(options, request);
    if (registrations.has(asked.urn)) throw new Error(`two resources have the URN ${asked.urn}`);
    const { known, state } = answered(asked, fromStruct(request.getObject()));
    registrations.set(known.urn, known);
    return new messages.RegisterResourceResponse().setUrn(known.urn).setId(known.id).setObject(toStruct(state));
  };
  const read = (request: ReadRequest) => {
    const raw = fromStruct(request.getProperties());
    const { value, secretPaths } = unwrap(raw);
    const urn = urnOf(options, request);
    const asked: Registration = {
      type: request.getType(),
      name: request.getName(),
      urn,
      custom: true,
      parent: request.getParent(),
      provider: request.getProvider(),
      inputs: value,
      secretPaths,
      dependencies: request.getDependenciesList(),
      propertyDependencies: {},
      protect: false,
      retainOnDelete: false,
      ignoreChanges: [],
      replaceOnChanges: [],
      deleteBeforeReplace: false,
      aliases: [],
      importId: '',
      id: request.getId(),
      outputs: {},
    };
    const { known, state } = answered(asked, raw);
    reads.push({ ...known, id: asked.id });
    return new messages.ReadResourceResponse().setUrn(urn).setProperties(toStruct(state));
  };
  const setOutputs = (request: OutputsRequest) => {
    const { value, secretPaths } = unwrap(fromStruct(request.getOutputs()));
    const known = registrations.get(request.getUrn());
    if (known === undefined) throw new Error(`outputs for ${request.getUrn()}, which was not registered`);
    if (known.type === 'pulumi:pulumi:Stack') stack = { outputs: value, outputSecrets: secretPaths };
    else registrations.set(known.urn, { ...known, outputs: value });
    return new messages.Empty();
  };
  const invoke = (request: InvokeRequest) => {
    const asked: Invoke = {
      token: request.getTok(),
      inputs: unwrap(fromStruct(request.getArgs())).value,
      provider: request.getProvider(),
    };
    invokes.push(asked);
    return new messages.ResourceInvokeResponse().setReturn(toStruct(options.invoke(asked)));
  };

  const server = newServer();
  server.addService(monitorService, {
    getDeploymentInfo: unary(() =>
      new messages.DeploymentInfo()
        .setProject(options.project)
        .setStack(options.stack)
        .setOrganization('organization')
        .setDryrun(options.mode === 'preview')
        .setParallel(16)
        .setSupportedfeaturesList([
          messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_SECRETS,
          messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
          messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_OUTPUT_VALUES,
          messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_ALIAS_SPECS,
          messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_DELETED_WITH,
          messages.ResourceMonitorFeature.RESOURCE_MONITOR_FEATURE_PARAMETERIZATION,
        ]),
    ),
    supportsFeature: unary((request: FeatureRequest) =>
      new messages.SupportsFeatureResponse().setHassupport(FEATURES.some((feature) => feature === request.getId())),
    ),
    invoke: unary(invoke),
    registerResource: unary(register),
    readResource: unary(read),
    registerResourceOutputs: unary(setOutputs),
    registerPackage: unary(() => new messages.RegisterPackageResponse().setRef('package')),
    registerStackTransform: unary(() => new messages.Empty()),
    registerStackInvokeTransform: unary(() => new messages.Empty()),
    signalAndWaitForShutdown: unary(() => new messages.Empty()),
  });
  server.addService(engineService, {
    log: unary((request: LogRequest) => {
      // Debug lines repeat every input and output, secrets as well.
      if (request.getSeverity() !== messages.LogSeverity.DEBUG)
        logs.push({ severity: request.getSeverity(), message: request.getMessage() });
      return new messages.Empty();
    }),
    getRootResource: unary(() => new messages.GetRootResourceResponse().setUrn(rootUrn)),
    setRootResource: unary((request: RootRequest) => {
      rootUrn = request.getUrn();
      return new messages.SetRootResourceResponse();
    }),
    requirePulumiVersion: unary(() => new messages.RequirePulumiVersionResponse()),
    startDebugging: unary(() => new messages.Empty()),
  });
  const address = await listen(server);
  return {
    address,
    recording: () => ({ registrations: [...registrations.values()], reads, invokes, logs, ...stack }),
    stop: () => server.forceShutdown(),
  };
}
