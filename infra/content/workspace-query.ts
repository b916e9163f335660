import { z } from 'zod';

/** Whether a query could be bound: yes, not now, or nobody may know. */
export type Binding =
  | { readonly kind: 'bound' }
  | { readonly kind: 'not-yet'; readonly reason: string }
  | { readonly kind: 'unknowable'; readonly reason: string };

/** Asks a workspace whether a query binds. Never throws. */
export type AskBinding = (query: string) => Promise<Binding>;

const TIMEOUT_MS = 30_000;
const failure = z.object({ error: z.looseObject({ message: z.string(), innererror: z.unknown().optional() }) });

/** The innermost message: "Failed to resolve table or column expression named ..." lies three levels deep. */
function reasonIn(body: unknown): string {
  const parsed = failure.safeParse(body);
  if (!parsed.success) return 'no reason given';
  const { message, innererror } = parsed.data.error;
  return failure.safeParse({ error: innererror }).success ? reasonIn({ error: innererror }) : message;
}

/** The Log Analytics query API: POST {url}/v1/workspaces/{customerId}/query. `token` is called for each request. */
export const workspaceQuery =
  (url: string, customerId: string, token: () => Promise<string>): AskBinding =>
  async (query) => {
    try {
      const response = await fetch(`${url}/v1/workspaces/${customerId}/query`, {
        method: 'POST',
        headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
        // A minute of rows is enough to bind, and bounds what the query can cost.
        body: JSON.stringify({ query, timespan: 'PT1M' }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        redirect: 'error',
      });
      const body: unknown = await response.json().catch(() => undefined);
      if (response.ok) return { kind: 'bound' };
      const reason = `${response.status}: ${reasonIn(body)}`;
      // A workspace that is minutes old is not found (404), a function not bound (400), the service busy (429, 5xx).
      return { kind: response.status === 401 || response.status === 403 ? 'unknowable' : 'not-yet', reason };
    } catch (error) {
      return { kind: 'not-yet', reason: error instanceof Error ? error.message : String(error) };
    }
  };
