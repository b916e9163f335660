import { copilotAudit } from './copilot-audit.ts';
import { copilotEntities } from './copilot-entities.ts';
import { copilotHealth } from './copilot-health.ts';
import { copilotIdentities } from './copilot-identities.ts';
import { copilotUsage } from './copilot-usage.ts';
import type { Table } from './table.ts';

export { copilotAudit, type CopilotAuditRow } from './copilot-audit.ts';
export { copilotEntities, type CopilotEntitiesRow } from './copilot-entities.ts';
export { copilotHealth, type CopilotHealthRow } from './copilot-health.ts';
export { copilotIdentities, type CopilotIdentitiesRow } from './copilot-identities.ts';
export { copilotUsage, type CopilotUsageRow } from './copilot-usage.ts';
export { emptyRow, type Column, type ColumnType, type Json, type Privacy, type Row, type Table } from './table.ts';
export { toArmColumns, toDcrStream, toKustoSchema, toTablesPage } from './derive.ts';
export { isRow, rowProblems } from './row-check.ts';

/** Every table of the product, in the order of the documentation. */
export const tables: readonly Table[] = [copilotAudit, copilotEntities, copilotUsage, copilotHealth, copilotIdentities];
