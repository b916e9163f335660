import { CONNECTOR_ID, connectorUiConfig } from '../content/connector-definition.ts';
import type { SavedFunction } from '../content/read-functions.ts';
import type { Hunt } from '../../kql/content/read-hunting.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import type { Workbook } from '../content/read-workbooks.ts';
import { ruleProperties } from '../content/rule-properties.ts';
import { savedSearchProperties } from '../content/saved-search.ts';
import { SENTINEL_API, type Item, type TemplateResource } from './content-template.ts';
import { solution } from './solution.ts';
import { below, idBelow, idInSentinel, inSentinel, LOCATION, literals, quoted } from './template-text.ts';

const SAVED_SEARCH = {
  type: 'Microsoft.OperationalInsights/workspaces/savedSearches',
  apiVersion: '2023-09-01',
  // Overwrites what is there, whatever its etag; without one Azure answers 409.
  etag: '*',
} as const;

/** The connector page. */
export const connectorItem = (): Item => ({
  kind: 'DataConnector',
  contentId: CONNECTOR_ID,
  version: solution.version,
  displayName: connectorUiConfig().title,
  parentId: idInSentinel('dataConnectorDefinitions', CONNECTOR_ID),
  resource: {
    type: 'Microsoft.OperationalInsights/workspaces/providers/dataConnectorDefinitions',
    apiVersion: SENTINEL_API,
    name: inSentinel(CONNECTOR_ID),
    kind: 'Customizable',
    properties: { connectorUiConfig: literals(connectorUiConfig()) },
  },
});

/** A function: a parser in Content Hub's words. */
export const functionItem = (saved: SavedFunction): Item => ({
  kind: 'Parser',
  contentId: saved.name,
  version: solution.version,
  displayName: saved.name,
  parentId: idBelow('savedSearches', saved.name),
  resource: { ...SAVED_SEARCH, name: below(saved.name), properties: literals(savedSearchProperties(saved)) },
});

/** A hunting query. */
export const huntItem = (hunt: Hunt): Item => ({
  kind: 'HuntingQuery',
  contentId: hunt.id,
  version: hunt.version,
  displayName: hunt.name,
  parentId: idBelow('savedSearches', hunt.id),
  resource: { ...SAVED_SEARCH, name: below(hunt.id), properties: literals(savedSearchProperties(hunt)) },
});

/** A rule: a template that the user creates a rule from, so it is not enabled. */
export const ruleItem = (rule: Rule): Item => ({
  kind: 'AnalyticsRule',
  contentId: rule.id,
  version: rule.version,
  displayName: rule.name,
  parentId: `[resourceId('Microsoft.SecurityInsights/AlertRuleTemplates', ${quoted(rule.id)})]`,
  resource: {
    type: 'Microsoft.SecurityInsights/AlertRuleTemplates',
    apiVersion: SENTINEL_API,
    name: rule.id,
    kind: 'Scheduled',
    properties: literals({
      ...ruleProperties(rule),
      enabled: false,
      status: 'Available',
      requiredDataConnectors: rule.requiredDataConnectors,
    }),
  },
});

/** A workbook in the gallery of the workspace. Its name follows from group, workspace and file. */
export const workbookItem = ({ file, displayName, serializedData }: Workbook): Item => {
  const name = `guid(resourceGroup().id, parameters('workspace'), ${quoted(file)})`;
  const resource: TemplateResource = {
    type: 'Microsoft.Insights/workbooks',
    apiVersion: '2023-06-01',
    name: `[${name}]`,
    location: LOCATION,
    kind: 'shared',
    properties: {
      ...literals({ displayName, serializedData, version: '1.0', category: 'sentinel' }),
      sourceId: "[resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspace'))]",
    },
  };
  return {
    kind: 'Workbook',
    contentId: file,
    version: solution.version,
    displayName,
    parentId: `[resourceId('Microsoft.Insights/workbooks', ${name})]`,
    resource,
  };
};
