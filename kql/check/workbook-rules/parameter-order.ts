import { placeholders } from '../../workbook/substitute.ts';
import { queryOf, steps } from '../../workbook/walk.ts';
import type { Item, Parameter } from '../../workbook/workbook.ts';
import type { JsonPath } from '../json-place.ts';
import type { WorkbookRule } from '../workbook-rule.ts';

/** A parameter where it is set, or where it is used. */
interface Mention {
  readonly name: string;
  readonly does: 'set' | 'use';
  readonly at: JsonPath;
}

const usesIn = (text: string, at: JsonPath): readonly Mention[] =>
  placeholders(text).map(({ name }) => ({ name, does: 'use', at }));

const ofParameter = (parameter: Parameter, at: JsonPath): readonly Mention[] => [
  ...usesIn(queryOf(parameter) ?? '', at),
  { name: parameter.name, does: 'set', at },
];

function ofContent(item: Item): readonly Mention[] {
  const { path } = item;
  const content = (key: string): JsonPath => [...path, 'content', key];
  switch (item.kind) {
    case 'text':
      return usesIn(item.markdown, content('json'));
    case 'parameters':
      return item.parameters.flatMap((parameter) => ofParameter(parameter, path));
    case 'links':
      return item.links.flatMap(({ label, action }) => [
        ...usesIn(label, path),
        ...('set' in action ? [{ name: action.set, does: 'set' as const, at: path }] : usesIn(action.url, path)),
      ]);
    case 'group':
      return usesIn(item.title, content('title'));
    case 'query':
      return [
        ...usesIn(item.query, content('query')),
        ...usesIn(item.title, content('title')),
        ...usesIn(item.noDataMessage, content('noDataMessage')),
        ...item.exports.map(({ parameter }) => ({ name: parameter, does: 'set' as const, at: path })),
      ];
    case 'problem':
      return [];
    default:
      return item satisfies never;
  }
}

const ofConditions = ({ conditions, path }: Item): readonly Mention[] =>
  conditions.map(({ parameterName }) => ({ name: parameterName, does: 'use', at: path }));

/** Parameters that are used before they are set, never used, or never set. */
export const parameterOrder: WorkbookRule = {
  code: 'KQL025',
  title: 'Every parameter is declared before it is used, and used.',
  *remarks({ workbook }) {
    const mentions = steps(workbook).flatMap(({ item }) => [...ofConditions(item), ...ofContent(item)]);
    const everSet = new Set(mentions.flatMap(({ name, does }) => (does === 'set' ? name : [])));
    const everUsed = new Set(mentions.flatMap(({ name, does }) => (does === 'use' ? name : [])));
    const set = new Set<string>();
    const told = new Set<string>();
    for (const { name, does, at } of mentions) {
      if (does === 'set') {
        set.add(name);
        if (everUsed.has(name) || told.has(name)) continue;
        yield { at, message: `nothing uses parameter ${name}: use it or remove it` };
        told.add(name);
      } else if (!everSet.has(name)) {
        // Of a query, KQL014 tells the very place.
        if (at.at(-1) !== 'query')
          yield { at, message: `{${name}} stands for no parameter of the workbook: declare it` };
      } else if (!set.has(name) && !told.has(name)) {
        told.add(name);
        yield { at, message: `parameter ${name} is used before it is set: move it, Azure sets only what is below` };
      }
    }
  },
};
