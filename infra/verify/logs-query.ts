/** Queries of a workspace through Azure Monitor's query client. */
import type { TokenCredential } from '@azure/core-auth';
import { LogsQueryClient } from '@azure/monitor-query-logs';
import { z } from 'zod';
import { AzureFailure, ofStatus, reasonIn, toFailure, toReason } from './failure.ts';

/** What the query API is asked for. */
export interface LogsQuery {
  readonly customerId: string;
  readonly kql: string;
  /** ISO 8601 duration until now; queries that name no time read only these rows. */
  readonly duration: string;
}

/** Where queries go and how long they may take. */
export interface LogsOptions {
  readonly credential: TokenCredential;
  /** Origin of the query API, without a trailing slash. */
  readonly origin: string;
  readonly scope: string;
  /** For one query, token and repetitions included. */
  readonly timeoutMs: number;
  readonly retries: number;
  /** Before the first repetition. */
  readonly backoffMs: number;
}

/** Rows by column name. */
export type Rows = readonly Readonly<Record<string, unknown>>[];

const refusal = z.object({ error: z.looseObject({ message: z.string(), innererror: z.unknown().optional() }) });

/** The innermost message: "Failed to resolve table or column expression named ..." lies three levels deep. */
function innermost(body: unknown): string | undefined {
  const parsed = refusal.safeParse(body);
  if (!parsed.success) return undefined;
  const { message, innererror } = parsed.data.error;
  return innermost({ error: innererror }) ?? message;
}

function failureOf(status: number, text: string): AzureFailure {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  const reason = innermost(body);
  if (status !== 400 || reason === undefined) return ofStatus('query', status, reasonIn(body));
  return new AzureFailure('unbound', `query: Azure answers 400${toReason(reason)}`);
}

/** Asks with one client for all queries. Whatever goes wrong is an AzureFailure; a query that does not bind is `unbound`. */
export function logsQuery(options: LogsOptions): (query: LogsQuery) => Promise<Rows> {
  const { credential, origin, scope, timeoutMs, retries, backoffMs } = options;
  const client = new LogsQueryClient(credential, {
    // The client puts the version before the path only where it knows the endpoint itself.
    endpoint: `${origin}/v1`,
    credentials: { scopes: [scope] },
    retryOptions: { maxRetries: retries, retryDelayInMs: backoffMs },
    // A redirect would take the query elsewhere.
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: [
      {
        // Once for each query, around its repetitions.
        position: 'perCall',
        policy: {
          name: 'timeLimitAndRefusals',
          sendRequest: async (request, next) => {
            // Version 1.0.0 hands no abortSignal of its options on.
            request.abortSignal = AbortSignal.timeout(timeoutMs);
            const response = await next(request);
            // Version 1.0.0 reads every refusal as {"error"}, and loses the status of any other, as a proxy's page.
            if (response.status !== 200) throw failureOf(response.status, response.bodyAsText ?? '');
            return response;
          },
        },
      },
    ],
  });

  return async ({ customerId, kql, duration }) => {
    try {
      const result = await client.queryWorkspace(customerId, kql, { duration });
      // Without some of the rows the newest may be missing.
      if (!('tables' in result))
        throw new AzureFailure('refused', `query: a part of the answer only (${result.partialError.code})`);
      const [table] = result.tables;
      const names = table?.columnDescriptors.map(({ name }) => name) ?? [];
      return (table?.rows ?? []).map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]])));
    } catch (error) {
      // What the client throws where an answer holds no tables.
      if (error instanceof TypeError)
        throw new AzureFailure('unexpected', 'query: an answer of an unknown form', { cause: error });
      throw toFailure('query', error);
    }
  };
}
