import type { Content } from '../content/read-content.ts';
import { solution } from './solution.ts';
import { literal, type JsonObject } from './template-text.ts';

interface Named {
  readonly name: string;
  readonly description: string;
}

const textBlock = (name: string, text: string): JsonObject => ({
  name,
  type: 'Microsoft.Common.TextBlock',
  options: { text: literal(text) },
});

/** A page that lists items; none where there are no items. */
function step(name: string, label: string, intro: string, items: readonly Named[]): readonly JsonObject[] {
  if (items.length === 0) return [];
  return [
    {
      name,
      label,
      bladeTitle: label,
      elements: [
        textBlock(`${name}-text`, intro),
        ...items.map((item, index) => ({
          name: `${name}-${index + 1}`,
          type: 'Microsoft.Common.Section',
          label: literal(item.name),
          elements: [textBlock(`${name}-${index + 1}-text`, item.description)],
        })),
      ],
    },
  ];
}

const watchlistStep = (content: Content): readonly JsonObject[] =>
  step(
    'watchlists',
    'Watchlists',
    'Watchlists are written once as shipped; the items are yours from then on.',
    content.watchlists.map(({ displayName, alias }) => ({ name: displayName, description: alias })),
  ).map((page) => ({
    ...page,
    elements: [
      {
        name: 'seedWatchlists',
        type: 'Microsoft.Common.CheckBox',
        label: 'Write the watchlists as shipped',
        toolTip: 'Clear this where the workspace has these watchlists with items of your own.',
        defaultValue: true,
      },
      ...(Array.isArray(page['elements']) ? page['elements'] : []),
    ],
  }));

// With the slashes: rg-soc is part of rg-soc-2.
const inGroup = "contains(toLower(filter.id), toLower(concat('/resourceGroups/', resourceGroup().name, '/')))";
const workspaces = "basics('getLAWorkspace').value";

/** The portal's wizard for the template: choose the workspace, read what is installed. */
export function createUiDefinition(content: Content): JsonObject {
  const watchlists = watchlistStep(content);
  return {
    $schema: 'https://schema.management.azure.com/schemas/0.1.2-preview/CreateUIDefinition.MultiVm.json#',
    handler: 'Microsoft.Azure.CreateUIDef',
    version: '0.1.2-preview',
    parameters: {
      config: {
        isWizard: false,
        basics: {
          description: `${solution.description}\n\n**Data Connectors:** 1, **Parsers:** ${content.functions.length}, **Analytic Rules:** ${content.rules.length}, **Hunting Queries:** ${content.hunts.length}, **Workbooks:** ${content.workbooks.length}, **Watchlists:** ${content.watchlists.length}`,
          subscription: {
            resourceProviders: ['Microsoft.OperationalInsights', 'Microsoft.SecurityInsights', 'Microsoft.Insights'],
          },
          location: { metadata: { hidden: "The workspace's region is taken" }, visible: false },
          resourceGroup: { allowExisting: true },
        },
      },
      basics: [
        {
          name: 'getLAWorkspace',
          type: 'Microsoft.Solutions.ArmApiControl',
          toolTip: 'Workspaces of the chosen resource group',
          condition: '[greater(length(resourceGroup().name),0)]',
          request: {
            method: 'GET',
            path: "[concat(subscription().id,'/providers/Microsoft.OperationalInsights/workspaces?api-version=2023-09-01')]",
          },
        },
        {
          name: 'workspace',
          type: 'Microsoft.Common.DropDown',
          label: 'Workspace',
          placeholder: 'Select a workspace',
          toolTip: 'Workspaces of the chosen resource group',
          constraints: {
            allowedValues: `[map(filter(${workspaces}, (filter) => ${inGroup}), (item) => parse(concat('{"label":"', item.name, '","value":"', item.name, '"}')))]`,
            required: true,
          },
          visible: true,
        },
      ],
      steps: [
        ...step(
          'analytics',
          'Analytics',
          'Rule templates: create rules from them after the installation.',
          content.rules,
        ),
        ...step('huntingqueries', 'Hunting Queries', 'Queries for the Hunting page.', content.hunts),
        ...step(
          'workbooks',
          'Workbooks',
          'Workbook templates: save them after the installation.',
          content.workbooks.map(({ displayName, file }) => ({ name: displayName, description: file })),
        ),
        ...watchlists,
      ],
      outputs: {
        'workspace-location': `[first(map(filter(${workspaces}, (filter) => and(${inGroup}, equals(filter.name, basics('workspace')))), (item) => item.location))]`,
        location: '[location()]',
        workspace: "[basics('workspace')]",
        ...(watchlists.length === 0 ? {} : { seedWatchlists: "[steps('watchlists').seedWatchlists]" }),
      },
    },
  };
}
