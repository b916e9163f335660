/** Any value that JSON can carry; a key without a value is left out. */
export type JsonValue = string | number | boolean | null | undefined | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Text as a template carries it: `[...]` would be read as an expression, `[[...]` is `[...]`. */
export const literal = (text: string): string => (text.startsWith('[') && text.endsWith(']') ? `[${text}` : text);

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

function literalOf(value: JsonValue): JsonValue {
  if (typeof value === 'string') return literal(value);
  if (isList(value)) return value.map(literalOf);
  return typeof value === 'object' && value !== null ? literals(value) : value;
}

/** An object whose text is all literal; keys stay as they are. */
export const literals = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, literalOf(value)]));

/** A string within an expression: quotes are doubled. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Name of a resource below the workspace. */
export const below = (name: string): string => `[concat(parameters('workspace'), ${quoted(`/${name}`)})]`;

/** Name of a resource of Sentinel in the workspace. */
export const inSentinel = (name: string): string => below(`Microsoft.SecurityInsights/${name}`);

/** Id of a resource below the workspace: `savedSearches`, `tables`. */
export const idBelow = (type: string, name: string): string =>
  `[resourceId('Microsoft.OperationalInsights/workspaces/${type}', parameters('workspace'), ${quoted(name)})]`;

/** Id of a resource of Sentinel in the workspace. */
export const idInSentinel = (type: string, name: string): string =>
  `[extensionResourceId(resourceId('Microsoft.OperationalInsights/workspaces', parameters('workspace')), ` +
  `'Microsoft.SecurityInsights/${type}', ${quoted(name)})]`;

/** Region of everything in the template. */
export const LOCATION = "[parameters('workspace-location')]";
