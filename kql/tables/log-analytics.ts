import type { TableSchema } from '../engine/language/schema.ts';
import { azureTables } from './azure.ts';
import { copilotTables } from './copilot.ts';
import { identityTables } from './identity.ts';
import { microsoft365Tables } from './microsoft-365.ts';
import { sentinelTables } from './sentinel.ts';

/** Microsoft's tables that shipped content may read: what the checker binds against and a local workspace offers. */
export const logAnalyticsTables: readonly TableSchema[] = [
  ...copilotTables,
  ...microsoft365Tables,
  ...identityTables,
  ...sentinelTables,
  ...azureTables,
];
