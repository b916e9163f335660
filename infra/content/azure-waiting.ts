import { setTimeout as pause } from 'node:timers/promises';
import { log, runtime } from '@pulumi/pulumi';
import { getClientToken } from '@pulumi/azure-native/authorization/getClientToken.js';
import type { Configuration } from '../types.ts';
import type { Waiting } from './functions-ready.ts';
import { workspaceQuery } from './workspace-query.ts';

/** Where the query API is and what its tokens are for (docs: azure-monitor/logs/api/access-api). */
const endpoints = {
  public: { url: 'https://api.loganalytics.azure.com', audience: 'https://api.loganalytics.io' },
  usgovernment: { url: 'https://api.loganalytics.us', audience: 'https://api.loganalytics.us' },
} as const;

/** Waits with the deployer's own token. `url` stands in for the query API in tests. */
export function azureWaiting(environment: Configuration['environment'], url?: string): Waiting {
  const endpoint = endpoints[environment];
  const warn = (message: string): void => void log.warn(message);
  const token = async (): Promise<string> => (await getClientToken({ endpoint: endpoint.audience })).token;
  const ask = async (customerId: string) => {
    try {
      // An engine without Azure behind it answers with an empty token.
      if ((await token()) === '') return undefined;
    } catch (error) {
      warn(`functions: no token to ask the workspace with, rules do not wait: ${String(error)}`);
      return undefined;
    }
    return workspaceQuery(url ?? endpoint.url, customerId, token);
  };
  return {
    ask: runtime.isDryRun() ? undefined : ask,
    pause: (ms) => pause(ms),
    say: (message) => void log.info(message),
    warn,
  };
}
