import { positionOf } from '../engine/errors.ts';
import { type Analysis, language } from '../engine/language/language.ts';
import { type ColumnSchema, type FunctionDefinition, type TableSchema } from '../engine/language/schema.ts';
import { didYouMean } from '../engine/suggest.ts';
import { binderRemarks } from './binder-remarks.ts';
import type { Finding } from './finding.ts';
import { calledName, subject } from './lint-rule.ts';
import type { Schemas } from './schemas.ts';
import type { Remark } from './shipped-query.ts';
import { missingStringOperators, transformFunctions, transformOperators } from './transform-profile.ts';

/** The name under which a transformation reads its stream. */
const SOURCE = 'source';

// Functions that only transformations have: the binder must know their results.
const transformOnly: readonly FunctionDefinition[] = [
  { name: 'parse_cef_dictionary', parameters: 'extension:string', body: 'dynamic({})' },
  { name: 'geo_location', parameters: 'address:string', body: 'dynamic({})' },
  { name: 'base64_encodestring', parameters: 'text:string', body: 'text' },
  { name: 'base64_decodestring', parameters: 'text:string', body: 'text' },
];

function* constructRemarks({ root }: Analysis): Generator<Remark> {
  for (const node of root.descendants()) {
    if (node.isToken) continue;
    const offset = node.span.start;
    const { kind } = node;
    if (kind.endsWith('Operator') && !transformOperators.has(kind)) {
      const name = /^[\w-]+/.exec(node.text)?.[0] ?? kind;
      const message = `transformations have no operator ${name}: they see one row at a time; do it in a stored function`;
      yield { code: 'KQL030', offset, message };
    } else if (kind === 'FunctionCallExpression' && !transformFunctions.has(calledName(node))) {
      const name = calledName(node);
      const guess = didYouMean(name, transformFunctions);
      yield {
        code: 'KQL031',
        offset,
        message: `transformations have no function ${name}()${guess === '' ? ': do it in a stored function' : guess}`,
      };
    } else if (missingStringOperators[kind] !== undefined) {
      const message = `transformations have no operator ${missingStringOperators[kind]}: use has, contains, in or matches regex`;
      yield { code: 'KQL030', offset, message };
    }
  }
}

// A long of the stream is taken by an int column: the ingestion narrows it.
const fits = (given: ColumnSchema, wanted: ColumnSchema): boolean =>
  given.type === wanted.type || (given.type === 'long' && wanted.type === 'int');

function* outputRemarks(columns: readonly ColumnSchema[], table: TableSchema): Generator<Remark> {
  const names = table.columns.map(({ name }) => name);
  if (!columns.some(({ name, type }) => name === 'TimeGenerated' && type === 'datetime'))
    yield { code: 'KQL032', offset: 0, message: 'the output has no TimeGenerated of type datetime: project it' };
  for (const column of columns) {
    const wanted = table.columns.find(({ name }) => name === column.name);
    if (wanted === undefined) {
      const guess = didYouMean(column.name, names);
      const message = `${table.name} has no column ${column.name}${guess === '' ? ': it would be dropped; project it away' : guess}`;
      yield { code: 'KQL033', offset: 0, message };
    } else if (!fits(column, wanted)) {
      const message = `${column.name} is ${column.type}, in ${table.name} it is ${wanted.type}: convert it with to${wanted.type}()`;
      yield { code: 'KQL034', offset: 0, message };
    }
  }
}

/**
 * Checks a `transformKql` against what Azure Monitor takes: its operators and functions, and that what it gives fits
 * the destination table and holds TimeGenerated. The findings' path names the stream.
 */
export function checkTransform(kql: string, stream: TableSchema, table: TableSchema): readonly Finding[] {
  const source = { ...stream, name: SOURCE };
  const schemas: Schemas = {
    tables: new Map([[SOURCE, source]]),
    ownTables: new Set(),
    functions: new Map(transformOnly.map((definition) => [definition.name, definition])),
    language: language([source], transformOnly),
  };
  const analysis = schemas.language.analyze(kql);
  const unbound = binderRemarks(subject('function', analysis, schemas));
  const remarks = [
    ...unbound,
    ...constructRemarks(analysis),
    // What a query with mistakes would give, nobody knows.
    ...(unbound.length === 0 ? outputRemarks(analysis.columns ?? [], table) : []),
  ];
  return remarks.map(({ code, offset, message }) => {
    const { line, column } = positionOf(kql, offset);
    return { path: `transformKql of ${stream.name}`, line, column, code, message };
  });
}
