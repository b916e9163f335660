/** Which of the binder's proposals the engine, and Log Analytics, can run. */
import { aggregates } from './aggregates/aggregates.ts';
import { sketches } from './aggregates/sketches.ts';
import { functions } from './functions/functions.ts';
import type { Completion } from './language/completions-at.ts';
import { forbiddenFunctions, forbiddenPlugins } from './log-analytics.ts';
import { plugins } from './plugins/plugins.ts';

// Words that begin what is refused: by Log Analytics, or by name here.
const refusedWords: ReadonlySet<string> = new Set([
  'alias',
  'consume',
  'declare',
  'externaldata',
  'facet',
  'find',
  'fork',
  'graph-mark-components',
  'graph-match',
  'graph-shortest-paths',
  'graph-to-table',
  'graph-where-edges',
  'graph-where-nodes',
  'inline_external_table',
  'macro-expand',
  'make-graph',
  'pattern',
  'reduce',
  'restrict',
]);

// Literals and sources that are written like calls, and no entries of a registry.
const writtenLikeCalls: ReadonlySet<string> = new Set([
  'bool',
  'boolean',
  'date',
  'datetime',
  'decimal',
  'double',
  'dynamic',
  'guid',
  'int',
  'long',
  'materialize',
  'real',
  'string',
  'table',
  'time',
  'timespan',
  'toscalar',
  'totable',
]);

const isForbidden = (name: string): boolean => forbiddenFunctions.has(name) || forbiddenPlugins.has(name);

/** Says whether a proposal can run. */
export function isOffered({ kind, label, isOwn }: Completion): boolean {
  if (kind === 'operator' || kind === 'keyword') return !refusedWords.has(label);
  if (kind === 'aggregate') return aggregates.has(label) && !Object.hasOwn(sketches, label);
  if (kind !== 'function' || isOwn) return true;
  return !isForbidden(label) && (functions.has(label) || plugins.has(label) || writtenLikeCalls.has(label));
}
