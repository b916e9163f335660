/** The product's tables in a workspace. */
import { Table } from '@pulumi/azure-native/operationalinsights/index.js';
import { tables as definitions, toArmColumns } from '../collector/schema/index.ts';
import type { Surroundings, TablesHandle, WorkspaceHandle } from './types.ts';
import { inWorkspace } from './workspace.ts';

/** One custom table per entry of `collector/schema`. An upgrade adds columns in place; a table is never replaced. */
export function tables(around: Surroundings, workspace: WorkspaceHandle): TablesHandle {
  const { retentionInDays, totalRetentionInDays } = around.configuration.tables;
  const resources = definitions.map(
    (definition) =>
      new Table(
        `table-${definition.name}${workspace.suffix}`,
        {
          resourceGroupName: workspace.resourceGroupName,
          workspaceName: workspace.name,
          tableName: definition.name,
          // Rules, functions and workbooks read no other plan.
          plan: 'Analytics',
          retentionInDays,
          totalRetentionInDays,
          schema: {
            name: definition.name,
            description: definition.description,
            columns: [...toArmColumns(definition)],
          },
        },
        { ...inWorkspace(workspace), ...around.keep },
      ),
  );
  return { resources, definitions };
}
