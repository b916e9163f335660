import { solution } from './solution.ts';
import { idInSentinel, inSentinel, literal, quoted, type JsonObject } from './template-text.ts';

/** One entry of an ARM template's `resources`. */
export interface TemplateResource extends JsonObject {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
}

/** API of everything of Sentinel: the newest that is no preview and that Pulumi's resources use, too. */
export const SENTINEL_API = '2024-09-01';

/** Kinds of content, and the two letters that Content Hub's product ids use. */
const kinds = {
  DataConnector: 'dc',
  Parser: 'pr',
  AnalyticsRule: 'ar',
  HuntingQuery: 'hq',
  Workbook: 'wb',
} as const;

/** An item that Content Hub lists. */
export interface Item {
  readonly kind: keyof typeof kinds;
  readonly contentId: string;
  readonly version: string;
  readonly displayName: string;
  /** Id of the resource that the item becomes: an expression. */
  readonly parentId: string;
  /** What installing the item creates. */
  readonly resource: TemplateResource;
}

const source = { kind: 'Solution', name: solution.name, sourceId: solution.id };

/** Content Hub's id of a version of an item; it must differ between versions. */
const productId = (short: string, kind: string, contentId: string, version: string): string =>
  `[concat(${quoted(solution.id.slice(0, 50))}, '-${short}-', uniqueString(${quoted(
    [solution.id, kind, contentId, version].join('-'),
  )}))]`;

/** Links a resource to the solution, so that Content Hub shows where it came from. */
export const metadataOf = ({ kind, contentId, version, parentId }: Item): TemplateResource => ({
  type: 'Microsoft.OperationalInsights/workspaces/providers/metadata',
  apiVersion: SENTINEL_API,
  name: inSentinel(`${kind}-${contentId}`),
  properties: {
    parentId,
    contentId,
    kind,
    version,
    source,
    author: { name: solution.publisher },
    support: solution.support,
  },
});

/** An item as a template that the user installs from Content Hub. */
export function contentTemplate(item: Item): TemplateResource {
  const { kind, contentId, version, displayName, resource } = item;
  const id = productId(kinds[kind], kind, contentId, version);
  return {
    type: 'Microsoft.OperationalInsights/workspaces/providers/contentTemplates',
    apiVersion: SENTINEL_API,
    name: `[concat(parameters('workspace'), '/Microsoft.SecurityInsights/', parameters('workspace'), '-${kinds[kind]}-', uniqueString(${quoted(contentId)}))]`,
    dependsOn: [idInSentinel('contentPackages', solution.id)],
    properties: {
      mainTemplate: {
        $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
        contentVersion: version,
        parameters: {},
        variables: {},
        resources: [resource, metadataOf(item)],
      },
      packageKind: 'Solution',
      packageVersion: solution.version,
      packageName: solution.name,
      packageId: solution.id,
      contentSchemaVersion: '3.0.0',
      contentId,
      contentKind: kind,
      displayName: literal(displayName),
      contentProductId: id,
      version,
    },
  };
}

/** The solution itself, which lists its items. */
export function contentPackage(items: readonly Item[], watchlists: readonly string[]): TemplateResource {
  const id = productId('sl', 'Solution', solution.id, solution.version);
  return {
    type: 'Microsoft.OperationalInsights/workspaces/providers/contentPackages',
    apiVersion: SENTINEL_API,
    name: inSentinel(solution.id),
    properties: {
      version: solution.version,
      contentSchemaVersion: '3.0.0',
      displayName: solution.name,
      publisherDisplayName: solution.publisher,
      description: solution.description,
      contentKind: 'Solution',
      contentProductId: id,
      contentId: solution.id,
      source,
      author: { name: solution.publisher },
      support: solution.support,
      dependencies: {
        operator: 'AND',
        criteria: [
          ...items.map(({ kind, contentId, version }) => ({ kind, contentId, version })),
          ...watchlists.map((alias) => ({ kind: 'Watchlist', contentId: alias, version: solution.version })),
        ],
      },
      firstPublishDate: solution.firstPublishDate,
      providers: ['Microsoft'],
      categories: { domains: ['Application', 'Security - Threat Protection'] },
    },
  };
}
