import type { JsonPath } from '../json-place.ts';
import type { WorkbookRule } from '../workbook-rule.ts';

const guid = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;
const checks: readonly (readonly [RegExp, string])[] = [
  [/\/subscriptions\/|\/resourcegroups\//i, 'a resource id of somebody: remove it'],
  [/https?:\/\//i, 'an address outside of the workspace: remove it'],
  [/\bexternal_?data\b/i, 'data from outside of the workspace: read a function'],
  [guid, 'an id of somebody: remove it'],
];

function* textsIn(value: unknown, path: JsonPath): Generator<{ text: string; path: JsonPath }> {
  if (typeof value === 'string') yield { text: value, path };
  else if (Array.isArray(value)) for (const [index, each] of value.entries()) yield* textsIn(each, [...path, index]);
  else if (typeof value === 'object' && value !== null)
    for (const [key, each] of Object.entries(value)) yield* textsIn(each, [...path, key]);
}

/** Subscriptions, addresses and data that are not this workspace's. */
export const foreign: WorkbookRule = {
  code: 'KQL028',
  title: 'A workbook names no resource, no address and no data of others.',
  *remarks({ json }) {
    for (const { text, path } of textsIn(json.value, [])) {
      if (path.length === 1 && path[0] === '$schema') continue;
      for (const [pattern, message] of checks) {
        // The portal numbers parameters and links by an id.
        if (pattern === guid && path.at(-1) === 'id') continue;
        const found = pattern.exec(text);
        if (found !== null) yield { at: path, offset: found.index, message: `${found[0]}: ${message}` };
      }
    }
  },
};
