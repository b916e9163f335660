/** A stand-in for Azure's APIs that `npm run verify` reads, over https on loopback: one workspace with what is in it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import tls from 'node:tls';
import { type Table, tables, toArmColumns, toDcrStream } from '../../collector/schema/index.ts';
import type { Content } from '../../infra/content/read-content.ts';
import { fromJsonRows, type JsonRow } from '../../kql/engine/json-rows.ts';
import { certificates } from '../../simulator/server/certificates.ts';
import { formatResult } from '../../workspace/format-result.ts';
import { schemaOf, workspaceEngine } from '../../workspace/workspace.ts';

const GROUP = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-copilot-test';
export const WORKSPACE = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/log-copilot-test`;
export const RULE = `${GROUP}/providers/Microsoft.Insights/dataCollectionRules/dcr-copilot-test`;
export const IMMUTABLE_ID = `dcr-${'0123456789abcdef'.repeat(2)}`;
const ENDPOINT = `${GROUP}/providers/Microsoft.Insights/dataCollectionEndpoints/dce-copilot-test`;
const CUSTOMER_ID = '00000000-0000-4000-8000-00000000c001';
export const TENANT = '00000000-0000-4000-8000-0000000000a1';
export const TOKEN = 'invented-token-5d1f';
const SENTINEL = `${WORKSPACE}/providers/Microsoft.SecurityInsights`;
const MINUTE = 60_000;

/** What is in the workspace: plain data that a case spoils. */
export interface Model {
  readonly workspace: { properties: { customerId: string; workspaceCapping: { dataIngestionStatus: string } } };
  readonly tables: Map<string, { properties: { plan: string; schema: { columns: { name: string; type: string }[] } } }>;
  readonly savedSearches: { id: string; properties: Record<string, unknown> & { query: string } }[];
  readonly rules: { name: string; properties: { displayName: string; enabled: boolean; query: string } }[];
  readonly watchlists: { properties: { watchlistAlias: string } }[];
  readonly workbooks: { properties: { displayName: string } }[];
  readonly rule: {
    properties: {
      immutableId: string;
      dataCollectionEndpointId?: string;
      streamDeclarations: Record<string, { columns: { name: string; type: string }[] }>;
      dataFlows: { streams: string[]; outputStream: string; destinations: string[] }[];
      destinations: { logAnalytics: { workspaceResourceId: string; name: string }[] };
    };
  };
  readonly rows: Record<string, JsonRow[]>;
  isOnboarded: boolean;
  hasPage: boolean;
  hasRule: boolean;
  /** Whether queries know the saved functions. */
  areBound: boolean;
  /** Status for requests whose path holds the text; `hang`: no answer; `once`: only for the first such request. */
  fault:
    | {
        readonly path: string;
        readonly answer: number | 'hang' | 'page' | 'refused page' | 'elsewhere' | 'part';
        readonly once?: true;
      }
    | undefined;
}

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();

/** A row of a tenant that was received some minutes ago. */
export const rowOf = (minutes: number, more: JsonRow = {}): JsonRow => ({
  TimeGenerated: minutesAgo(minutes),
  _TimeReceived: minutesAgo(minutes),
  OrganizationId: TENANT.toUpperCase(),
  ...more,
});
export const heartbeat = (minutes: number, source = 'activity-feed'): JsonRow =>
  rowOf(minutes, { HealthKind: 'heartbeat', Source: source });

/** A workspace in which everything is as the content and the definitions want it. */
export function sound(content: Content, definitions: readonly Table[] = tables): Model {
  return {
    workspace: { properties: { customerId: CUSTOMER_ID, workspaceCapping: { dataIngestionStatus: 'RespectQuota' } } },
    tables: new Map(
      definitions.map((one) => [
        one.name,
        {
          properties: {
            plan: 'Analytics',
            schema: { columns: toArmColumns(one).map(({ name, type }) => ({ name, type })) },
          },
        },
      ]),
    ),
    savedSearches: [
      // What Log Analytics has of its own.
      {
        id: `${WORKSPACE}/savedSearches/log_general|x`,
        properties: { category: 'General', displayName: 'x', query: 'x' },
      },
      ...content.functions.map(({ name, parameters, query }) => ({
        id: `${WORKSPACE}/savedSearches/${name}`,
        // As a service may write it back.
        properties: {
          category: 'Microsoft Copilot',
          displayName: name,
          functionAlias: name,
          functionParameters: parameters.replaceAll(':', ': '),
          query: `${query.replaceAll('\n', '\r\n')}\r\n`,
        },
      })),
      ...content.hunts.map(({ id, name, query }) => ({
        id: `${WORKSPACE}/savedSearches/${id.toUpperCase()}`,
        properties: { category: 'Hunting Queries', displayName: name, query },
      })),
    ],
    rules: content.rules.map(({ id, name, query, enabled }) => ({
      name: id,
      properties: { displayName: name, enabled, query },
    })),
    watchlists: content.watchlists.map(({ alias }) => ({ properties: { watchlistAlias: alias } })),
    workbooks: content.workbooks.map(({ displayName }) => ({ properties: { displayName } })),
    rule: {
      properties: {
        immutableId: IMMUTABLE_ID,
        dataCollectionEndpointId: ENDPOINT,
        streamDeclarations: Object.fromEntries(
          definitions
            .map(toDcrStream)
            .map(({ name, columns }) => [name, { columns: columns.map((one) => ({ ...one })) }]),
        ),
        dataFlows: definitions.map(({ name }) => ({
          streams: [`Custom-${name}`],
          outputStream: `Custom-${name}`,
          destinations: ['workspace'],
        })),
        destinations: { logAnalytics: [{ workspaceResourceId: WORKSPACE, name: 'workspace' }] },
      },
    },
    rows: { CopilotHealth_CL: [heartbeat(4)], CopilotAudit_CL: [rowOf(30), rowOf(3000)] },
    isOnboarded: true,
    hasPage: true,
    hasRule: true,
    areBound: true,
    fault: undefined,
  };
}

let trusted:
  | Promise<{ readonly ca: string; readonly server: { readonly key: string; readonly cert: string } }>
  | undefined;

/** Makes this process trust the stand-in; once for a test file. */
export function trust(): Promise<{
  readonly ca: string;
  readonly server: { readonly key: string; readonly cert: string };
}> {
  trusted ??= certificates().then(({ ca, server }) => {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), ca]);
    return { ca, server };
  });
  return trusted;
}

export interface StandIn {
  readonly url: string;
  /** Paths of all requests, queries included. */
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

class Refused extends Error {
  readonly status: number;
  readonly innererror: object | undefined;
  constructor(status: number, message = 'invented', innererror?: object) {
    super(message);
    this.innererror = innererror;
    this.status = status;
  }
}

/** A query that does not bind is refused as the query API does it: what is wrong lies innermost. */
function prepared(query: string, functions: Parameters<typeof workspaceEngine>[0]) {
  try {
    return workspaceEngine(functions).prepare(query);
  } catch (error) {
    throw new Refused(400, 'The request had some invalid properties', {
      code: 'SemanticError',
      message: 'A semantic error occurred.',
      innererror: { code: 'SEM0100', message: error instanceof Error ? error.message : String(error) },
    });
  }
}

/** Starts the stand-in for a model. It takes no request without the token and an API version that exists. */
export async function azureStandIn(model: Model): Promise<StandIn> {
  const { server: keys } = await trust();
  const requests: string[] = [];
  let fault = model.fault;

  /** One item a page. */
  const paged = (items: readonly unknown[], url: URL): object => {
    const at = Number(url.searchParams.get('$skipToken') ?? '0');
    const next = new URL(url);
    next.searchParams.set('$skipToken', String(at + 1));
    return { value: items.slice(at, at + 1), ...(at + 1 < items.length ? { nextLink: next.href } : {}) };
  };
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Refused(404);
    return value;
  };

  function resource(url: URL): unknown {
    const path = decodeURIComponent(url.pathname);
    const version = url.searchParams.get('api-version');
    const own = (expected: string): void => {
      if (version !== expected) throw new Refused(400, `api-version ${String(version)}`);
    };
    if (!path.startsWith(`${GROUP}/`)) throw new Refused(404);
    if (path === WORKSPACE) return model.workspace;
    if (path === `${WORKSPACE}/savedSearches`) return { value: model.savedSearches };
    if (path.startsWith(`${WORKSPACE}/tables/`)) return there(model.tables.get(path.slice(path.lastIndexOf('/') + 1)));
    if (path.startsWith(SENTINEL)) own('2024-09-01');
    if (path === `${SENTINEL}/onboardingStates/default`) return there(model.isOnboarded ? {} : undefined);
    if (path === `${SENTINEL}/dataConnectorDefinitions/CopilotSentinel`) return there(model.hasPage ? {} : undefined);
    if (path === `${SENTINEL}/alertRules`) return paged(model.rules, url);
    if (path === `${SENTINEL}/watchlists`) return paged(model.watchlists, url);
    if (path === `${GROUP}/providers/Microsoft.Insights/workbooks`) {
      own('2023-06-01');
      if (url.searchParams.get('category') !== 'sentinel' || url.searchParams.get('sourceId') !== WORKSPACE)
        throw new Refused(400, 'category and sourceId');
      return paged(model.workbooks, url);
    }
    own('2022-06-01');
    if (path === RULE) return there(model.hasRule ? model.rule : undefined);
    if (path === ENDPOINT)
      return { properties: { logsIngestion: { endpoint: 'https://dce.westeurope-1.ingest.monitor.azure.com' } } };
    throw new Refused(404);
  }

  /** The query API, answered by the KQL engine. */
  async function queried(request: IncomingMessage): Promise<unknown> {
    const { query, timespan } = JSON.parse(await text(request)) as { query: string; timespan: string };
    if (!['P14D', 'PT1M'].includes(timespan)) throw new Refused(400, 'timespan');
    const relations = Object.entries(model.rows).map(([name, rows]) => [name, fromJsonRows(schemaOf(name), rows)]);
    const functions = model.savedSearches.flatMap(
      ({ properties: { functionAlias, functionParameters, query: body } }) =>
        typeof functionAlias === 'string'
          ? [{ name: functionAlias, parameters: String(functionParameters), body }]
          : [],
    );
    const result = prepared(query, model.areBound ? functions : []).run({
      now: new Date(),
      tables: Object.fromEntries(relations),
    });
    return { tables: [{ name: 'PrimaryResult', ...(JSON.parse(formatResult(result, 'json')) as object) }] };
  }

  async function answered(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', `https://${request.headers.host ?? ''}`);
    requests.push(url.pathname + url.search);
    if (fault !== undefined && decodeURIComponent(url.pathname).includes(fault.path)) {
      const { answer } = fault;
      if (fault.once) fault = undefined;
      if (answer === 'hang') return;
      if (answer === 'page') return void response.end('<html>a proxy</html>');
      if (answer === 'refused page') return void response.writeHead(502).end('<html>a proxy</html>');
      if (answer === 'elsewhere') return void response.writeHead(307, { location: '/elsewhere' }).end();
      if (answer === 'part')
        return void response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify({ tables: [], error: { code: 'PartialError', message: 'invented' } }));
      throw new Refused(answer);
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`) throw new Refused(401);
    const isQuery = request.method === 'POST' && url.pathname === `/v1/workspaces/${CUSTOMER_ID}/query`;
    const body = isQuery ? await queried(request) : resource(url);
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  }

  const server = createServer(keys, (request, response) => {
    answered(request, response).catch((error: unknown) => {
      response.statusCode = error instanceof Refused ? error.status : 500;
      const message = error instanceof Error ? error.message : String(error);
      const innererror = error instanceof Refused ? error.innererror : undefined;
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ error: { code: 'Invented', message, innererror } }));
    });
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
