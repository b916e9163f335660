/** What Kusto has and the engine refuses: the page docs/kql-not-supported.md. */
import { aggregates } from './engine/aggregates/aggregates.ts';
import { sketches } from './engine/aggregates/sketches.ts';
import { functions } from './engine/functions/functions.ts';
import type { KnownNames } from './engine/language/known-names.ts';
import { forbiddenFunctions, forbiddenPlugins } from './engine/log-analytics.ts';
import { operators } from './engine/operators/operators.ts';
import { refusedOperators } from './engine/operators/refused.ts';
import { plugins } from './engine/plugins/plugins.ts';

/** The same lists as the binder's, without what the engine has; operators as a query writes them. */
export type NotSupported = KnownNames;

// The walk reads a table by its name itself.
const sources: ReadonlySet<string> = new Set(['table']);
const keywords: Readonly<Record<string, string>> = { ReduceByOperator: 'reduce', PartitionByOperator: '__partitionby' };

/** `MakeGraphOperator` is written `make-graph`. */
const toKeyword = (kind: string): string =>
  keywords[kind] ??
  kind
    .replace(/Operator$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();

/** What of the names is in no registry, or in one that refuses it. */
export const notSupported = (known: KnownNames): NotSupported => ({
  operators: known.operators
    .filter((kind) => !operators.has(kind) || Object.hasOwn(refusedOperators, kind))
    .map(toKeyword)
    .toSorted(),
  functions: known.functions.filter((name) => !functions.has(name) && !sources.has(name)),
  aggregates: known.aggregates.filter((name) => !aggregates.has(name) || Object.hasOwn(sketches, name)),
  plugins: known.plugins.filter((name) => !plugins.has(name)),
});

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** The page docs/kql-not-supported.md. */
export function toNotSupportedPage(all: NotSupported): string {
  const forbidden = [
    ...all.functions.filter((name) => forbiddenFunctions.has(name)),
    ...all.plugins.filter((name) => forbiddenPlugins.has(name)),
  ];
  const section = (title: string, names: readonly string[]): readonly string[] => [
    `## ${title}`,
    '',
    listed(names.filter((name) => !forbidden.includes(name))),
    '',
  ];
  return [
    '# KQL that is not supported',
    '',
    "Generated from the binder's lists and the engine's registries by `npm run docs`. Do not edit.",
    '',
    "What Microsoft's binder knows and the engine of this repository has not. A query that uses it is refused by name and",
    'place, never approximated. So are `externaldata`, options of operators (`scan … partition by`) and `set` statements',
    'that can change rows. A query of more than 100,000 characters is refused, too, since',
    "the binder's time grows faster than the text.",
    '',
    ...section('Operators', all.operators),
    ...section('Functions', all.functions),
    ...section('Aggregates', all.aggregates),
    ...section('Plugins of evaluate', all.plugins),
    '## What Log Analytics has not either',
    '',
    listed(forbidden),
    '',
  ].join('\n');
}
