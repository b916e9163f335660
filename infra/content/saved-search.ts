import type { Hunt } from '../../kql/content/read-hunting.ts';
import type { SavedFunction } from './read-functions.ts';

/** The folder that the Logs page shows functions in. */
const FUNCTION_CATEGORY = 'Microsoft Copilot';
/** The category by which Sentinel's Hunting page finds saved searches. */
const HUNT_CATEGORY = 'Hunting Queries';
// Version of the query language: 2 is the current one and the default (API 2023-09-01).
const QUERY_LANGUAGE = 2;

/** Tags by which Sentinel's Hunting page knows a saved search. */
const huntTags = (hunt: Hunt): { name: string; value: string }[] => [
  { name: 'description', value: hunt.description },
  { name: 'tactics', value: hunt.tactics.join(',') },
  { name: 'techniques', value: hunt.techniques.join(',') },
];

/** Properties of a saved search as the API takes them, of a function or a hunt. */
export function savedSearchProperties(of: SavedFunction | Hunt) {
  if ('file' in of)
    return {
      displayName: of.name,
      category: HUNT_CATEGORY,
      query: of.query,
      tags: huntTags(of),
      version: QUERY_LANGUAGE,
    };
  const { name, parameters, query, description } = of;
  return {
    displayName: name,
    category: FUNCTION_CATEGORY,
    functionAlias: name,
    ...(parameters === '' ? {} : { functionParameters: parameters }),
    query,
    tags: [{ name: 'description', value: description }],
    version: QUERY_LANGUAGE,
  };
}

/** Options of a saved search. Azure refuses to overwrite one without its etag (409, "Newer data exists"), and
 *  azure-native has no input for an etag (pulumi-azure-native 1374): a change deletes it and writes it anew, as azurerm
 *  does, too. */
export const rewritten = { replaceOnChanges: ['*'], deleteBeforeReplace: true };
