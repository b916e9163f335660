import { tables, toArmColumns } from '../../collector/schema/index.ts';
import { watchlistProperties } from '../content/watchlists.ts';
import type { Content } from '../content/read-content.ts';
import type { SavedFunction } from '../content/read-functions.ts';
import type { Watchlist } from '../../kql/content/read-watchlists.ts';
import {
  contentPackage,
  contentTemplate,
  metadataOf,
  SENTINEL_API,
  type Item,
  type TemplateResource,
} from './content-template.ts';
import { connectorItem, functionItem, huntItem, ruleItem, workbookItem } from './items.ts';
import { solution } from './solution.ts';
import { below, idBelow, inSentinel, literals, type JsonObject } from './template-text.ts';

const tableResource = ({ name, ...table }: (typeof tables)[number]): TemplateResource => ({
  type: 'Microsoft.OperationalInsights/workspaces/tables',
  apiVersion: '2023-09-01',
  name: below(name),
  properties: literals({
    plan: 'Analytics',
    schema: { name, description: table.description, columns: toArmColumns({ name, ...table }) },
  }),
});

const watchlistResource = (seed: Watchlist): TemplateResource => ({
  // A deployment sends the seed again: who deploys a second time leaves the watchlists out.
  condition: "[parameters('seedWatchlists')]",
  type: 'Microsoft.OperationalInsights/workspaces/providers/Watchlists',
  apiVersion: SENTINEL_API,
  name: inSentinel(seed.alias),
  properties: literals({ watchlistAlias: seed.alias, ...watchlistProperties(seed) }),
});

const tableIds = tables.map(({ name }) => idBelow('tables', name));

/** A function as it is installed at once, so that rules made from templates find it. */
const activeFunction = (item: Item, { calls }: SavedFunction): readonly TemplateResource[] => [
  { ...item.resource, dependsOn: [...tableIds, ...calls.map((name) => idBelow('savedSearches', name))] },
  { ...metadataOf(item), dependsOn: [item.parentId] },
];

const parameters = {
  location: {
    type: 'string',
    minLength: 1,
    defaultValue: '[resourceGroup().location]',
    metadata: { description: 'Region of the resource group; resources take workspace-location' },
  },
  'workspace-location': {
    type: 'string',
    defaultValue: "[parameters('location')]",
    metadata: { description: 'Region of the workspace' },
  },
  workspace: { type: 'string', minLength: 1, metadata: { description: 'Name of the Microsoft Sentinel workspace' } },
};

const seedWatchlists = {
  type: 'bool',
  defaultValue: true,
  metadata: { description: 'Writes the watchlists as shipped. Turn off where they have items of your own.' },
};

/** The solution as an ARM template: tables, functions, watchlists and the connector page at once; rules, hunts and
 *  workbooks as templates of Content Hub. The same content gives the same text. */
export function mainTemplate(content: Content): JsonObject {
  const functions = content.functions.map((one) => ({ one, item: functionItem(one) }));
  const connector = connectorItem();
  const items = [
    connector,
    ...functions.map(({ item }) => item),
    ...content.rules.map(ruleItem),
    ...content.hunts.map(huntItem),
    ...content.workbooks.map(workbookItem),
  ];
  return {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    metadata: { author: solution.publisher, comments: `Solution template for ${solution.name}` },
    parameters: { ...parameters, ...(content.watchlists.length === 0 ? {} : { seedWatchlists }) },
    variables: {},
    resources: [
      ...tables.map(tableResource),
      ...functions.flatMap(({ item, one }) => activeFunction(item, one)),
      ...content.watchlists.map(watchlistResource),
      { ...connector.resource, dependsOn: tableIds },
      { ...metadataOf(connector), dependsOn: [connector.parentId] },
      ...items.map(contentTemplate),
      contentPackage(
        items,
        content.watchlists.map(({ alias }) => alias),
      ),
    ],
    outputs: {},
  };
}
