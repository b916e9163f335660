import type { Resource } from '@pulumi/pulumi';
import { CustomizableConnectorDefinition } from '@pulumi/azure-native/securityinsights/customizableConnectorDefinition.js';
import { inWorkspace } from '../workspace.ts';
import { CONNECTOR_ID, connectorUiConfig } from './connector-definition.ts';
import { parentOf, type ContentSite } from './content-site.ts';

/** The connector's page in Sentinel, after the tables that its status is read from. */
export const connectorPage = (site: ContentSite, tables: readonly Resource[]): CustomizableConnectorDefinition =>
  new CustomizableConnectorDefinition(
    `connector-page${site.workspace.suffix}`,
    {
      ...parentOf(site),
      dataConnectorDefinitionName: CONNECTOR_ID,
      kind: 'Customizable',
      connectorUiConfig: connectorUiConfig(),
    },
    inWorkspace(site.workspace, tables),
  );
