import { all, type Output, type Resource } from '@pulumi/pulumi';
import type { SavedSearch } from '@pulumi/azure-native/operationalinsights/savedSearch.js';
import { bindingQuery } from './binding-query.ts';
import type { Dependencies } from './content-site.ts';
import type { SavedFunction } from './read-functions.ts';
import type { AskBinding } from './workspace-query.ts';

// New tables and functions take "a few minutes", up to 15 for a new table (Azure Monitor: data-ingestion-time).
const PAUSE_MS = 15_000;
const TRIES = 60;

/** How to wait, and whether there is anything to wait for. */
export interface Waiting {
  /** Undefined in a preview and where there is no workspace to ask: then nothing waits. */
  readonly ask: ((customerId: string) => Promise<AskBinding | undefined>) | undefined;
  readonly pause: (ms: number) => Promise<void>;
  readonly say: (message: string) => void;
  readonly warn: (message: string) => void;
}

/** Waits until the query binds, 15 minutes at most. It never throws: rules that come too early fail with Sentinel's own
 *  message, and the next `pulumi up` creates them. */
export async function waitUntilBound(query: string, ask: AskBinding, waiting: Omit<Waiting, 'ask'>): Promise<void> {
  const again = 'if rules fail with "Failed to run the analytics rule query", run `pulumi up` again in some minutes';
  let reason = '';
  for (let tried = 0; tried < TRIES; tried += 1) {
    const binding = await ask(query);
    if (binding.kind === 'bound') return;
    reason = binding.reason;
    if (binding.kind === 'unknowable') {
      waiting.warn(`functions: the workspace does not say whether they are ready (${reason}): ${again}`);
      return;
    }
    if (tried === 0) waiting.say(`functions: waiting until the workspace knows them (${reason})`);
    await waiting.pause(PAUSE_MS);
  }
  waiting.warn(`functions: not ready after ${(TRIES * PAUSE_MS) / 60_000} minutes (${reason}): ${again}`);
}

/** What rules depend on: the functions and tables, once the workspace can bind them. Only an update waits; where all
 *  bind at once, which is every update but the first, it costs one query. */
export function functionsReady(
  functions: readonly SavedFunction[],
  saved: readonly SavedSearch[],
  others: readonly Resource[],
  customerId: Output<string>,
  waiting: Waiting,
): Dependencies {
  const resources = [...others, ...saved];
  const { ask } = waiting;
  const query = bindingQuery(functions);
  if (ask === undefined || query === undefined) return resources;
  return all([customerId, all(saved.map(({ id }) => id))]).apply(async ([workspace]) => {
    const asked = await ask(workspace);
    if (asked !== undefined) await waitUntilBound(query, asked, waiting);
    return resources;
  });
}
