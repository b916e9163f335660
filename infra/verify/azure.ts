/** The APIs that a deployment is looked at through: Log Analytics by its SDKs, everything else as REST. */
import {
  OperationalInsightsManagementClient,
  type SavedSearch,
  type Table,
  type Workspace,
} from '@azure/arm-operationalinsights';
import type { TokenCredential } from '@azure/core-auth';
import pRetry from 'p-retry';
import { z } from 'zod';
import type { WorkspaceId } from '../types.ts';
import { AzureFailure, ofStatus, reasonIn, toFailure } from './failure.ts';
import { logsQuery, type LogsQuery, type Rows } from './logs-query.ts';

/** Where the APIs of a cloud are, and what their tokens are for; origins without a trailing slash. */
export interface Endpoints {
  readonly management: string;
  readonly managementScope: string;
  readonly logs: string;
  readonly logsScope: string;
}

// "Azure Government compare" and "Access the Log Analytics API", Microsoft Learn; the same as infra/content/azure-waiting.ts.
export const endpointsOf: Readonly<Record<'public' | 'usgovernment', Endpoints>> = {
  public: {
    management: 'https://management.azure.com',
    managementScope: 'https://management.azure.com/.default',
    logs: 'https://api.loganalytics.azure.com',
    logsScope: 'https://api.loganalytics.io/.default',
  },
  usgovernment: {
    management: 'https://management.usgovcloudapi.net',
    managementScope: 'https://management.usgovcloudapi.net/.default',
    logs: 'https://api.loganalytics.us',
    logsScope: 'https://api.loganalytics.us/.default',
  },
};

/** How requests are made. */
export interface AzureOptions {
  readonly credential: TokenCredential;
  readonly endpoints: Endpoints;
  /** For one request, its repetitions included where the SDK makes them. */
  readonly timeoutMs: number;
  /** Before the first repetition of a request that was throttled or failed. */
  readonly backoffMs?: number;
}

/** One workspace and what belongs to it. Whatever goes wrong is an AzureFailure; what is not there is undefined. */
export interface Azure {
  readonly workspace: () => Promise<Workspace>;
  readonly table: (name: string) => Promise<Table | undefined>;
  readonly savedSearches: () => Promise<readonly SavedSearch[]>;
  /** A resource by its ARM id. */
  readonly get: <T extends z.ZodType>(id: string, apiVersion: string, shape: T) => Promise<z.output<T> | undefined>;
  /** All resources of a list, whatever the number of pages. */
  readonly list: <T extends z.ZodType>(
    id: string,
    query: Readonly<Record<string, string>>,
    shape: T,
  ) => Promise<readonly z.output<T>[]>;
  readonly query: (query: LogsQuery) => Promise<Rows>;
}

const TRIES = 3;
// Sentinel holds at most some thousand rules: a list that never ends is a mistake.
const PAGES_MAX = 100;
const page = z.object({ value: z.array(z.unknown()), nextLink: z.string().nullish() });

export function azure({ subscriptionId, resourceGroupName, name }: WorkspaceId, options: AzureOptions): Azure {
  const { credential, endpoints, timeoutMs, backoffMs = 1000 } = options;
  const client = new OperationalInsightsManagementClient(credential, subscriptionId, {
    endpoint: endpoints.management,
    credentials: { scopes: [endpoints.managementScope] },
    retryOptions: { maxRetries: TRIES - 1, retryDelayInMs: backoffMs },
  });
  const limited = () => ({ abortSignal: AbortSignal.timeout(timeoutMs) });

  async function told<T>(what: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw toFailure(what, error);
    }
  }
  async function unlessMissing<T>(ask: () => Promise<T>): Promise<T | undefined> {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof AzureFailure && error.kind === 'missing') return undefined;
      throw error;
    }
  }

  const request = (what: string, url: URL): Promise<unknown> =>
    pRetry(
      () =>
        told(what, async () => {
          const signal = AbortSignal.timeout(timeoutMs);
          const token = await credential.getToken(endpoints.managementScope, { abortSignal: signal });
          if (token === null) throw new AzureFailure('no-token', `${what}: no token for ${endpoints.managementScope}`);
          const response = await fetch(url, {
            headers: { authorization: `Bearer ${token.token}` },
            redirect: 'error',
            signal,
          });
          if (response.ok) return response.json();
          throw ofStatus(what, response.status, reasonIn(await response.json().catch(() => undefined)));
        }),
      {
        retries: TRIES - 1,
        minTimeout: backoffMs,
        shouldRetry: ({ error }) => error instanceof AzureFailure && error.isTransient,
      },
    );

  function urlOf(id: string, query: Readonly<Record<string, string>>): URL {
    const url = new URL(`${endpoints.management}${id}`);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    return url;
  }

  return {
    workspace: () => told(`workspace ${name}`, () => client.workspaces.get(resourceGroupName, name, limited())),
    table: (table) =>
      unlessMissing(() => told(`table ${table}`, () => client.tables.get(resourceGroupName, name, table, limited()))),
    savedSearches: () =>
      told('saved searches', async () => {
        const { value = [] } = await client.savedSearches.listByWorkspace(resourceGroupName, name, limited());
        return value;
      }),
    get: (id, apiVersion, shape) =>
      unlessMissing(() =>
        told(id, async () => shape.parse(await request(id, urlOf(id, { 'api-version': apiVersion })))),
      ),
    list: (id, query, shape) =>
      told(id, async () => {
        const items: z.output<typeof shape>[] = [];
        let next: URL | null = urlOf(id, query);
        for (let count = 0; next !== null; count += 1) {
          // A link to another host would take the token there.
          if (next.origin !== new URL(endpoints.management).origin || count === PAGES_MAX)
            throw new AzureFailure('unexpected', `${id}: a list that goes on at ${next.origin}, page ${count + 1}`);
          const { value, nextLink }: z.output<typeof page> = page.parse(await request(id, next));
          items.push(...value.map((one) => shape.parse(one)));
          next = nextLink === undefined || nextLink === null || nextLink === '' ? null : URL.parse(nextLink);
        }
        return items;
      }),
    query: logsQuery({
      credential,
      origin: endpoints.logs,
      scope: endpoints.logsScope,
      timeoutMs,
      retries: TRIES - 1,
      backoffMs,
    }),
  };
}
