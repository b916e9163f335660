import type { Syntax } from '../engine/language/syntax.ts';

/** Operators that hand on the rows of their input, with all their columns or some. */
const keepsRows: ReadonlySet<string> = new Set([
  'AsOperator',
  'ExtendOperator',
  'FilterOperator',
  'MvExpandOperator',
  'ParseOperator',
  'ParseWhereOperator',
  'ParseKvOperator',
  'ProjectOperator',
  'ProjectAwayOperator',
  'ProjectKeepOperator',
  'ProjectRenameOperator',
  'ProjectReorderOperator',
  'SerializeOperator',
  'SortOperator',
  'TakeOperator',
]);

// Kusto, "serialize operator": which output is serialized, which is not; all other operators leave it as it was.
/** Operators whose result has an order that row functions may rely on. */
const setsOrder: ReadonlySet<string> = new Set([
  'GetSchemaOperator',
  'RangeOperator',
  'RangeExpression',
  'SerializeOperator',
  'SortOperator',
  'TopHittersOperator',
  'TopOperator',
]);
/** Operators whose result has none. The page does not name lookup, mv-apply, partition and union: they put rows together. */
const undoesOrder: ReadonlySet<string> = new Set([
  'CountOperator',
  'DistinctOperator',
  'EvaluateOperator',
  'FacetOperator',
  'JoinOperator',
  'LookupOperator',
  'MakeSeriesOperator',
  'MvApplyOperator',
  'MvExpandOperator',
  'PartitionOperator',
  'ReduceByOperator',
  'SampleDistinctOperator',
  'SampleOperator',
  'SummarizeOperator',
  'TopNestedOperator',
  'UnionOperator',
]);

type Lets = ReadonlyMap<string, Syntax>;

/** Whether the rows of a tabular expression have a defined order. */
export function isSerialized(expression: Syntax, lets: Lets): boolean {
  const { kind } = expression;
  if (setsOrder.has(kind)) return true;
  if (kind === 'PipeExpression') {
    const operator = expression.child('Operator').kind;
    return (
      setsOrder.has(operator) || (!undoesOrder.has(operator) && isSerialized(expression.child('Expression'), lets))
    );
  }
  if (kind === 'ParenthesizedExpression' || kind === 'MaterializeExpression')
    return isSerialized(expression.child('Expression'), lets);
  if (kind === 'NameReference') {
    const named = lets.get(expression.name);
    // A let may hide a table of its own name: without a second look-up there is no endless walk.
    return named !== undefined && isSerialized(named, new Map([...lets].filter(([name]) => name !== expression.name)));
  }
  return false;
}

/** The operator that a node stands in and what flows into it; undefined outside of pipes. */
export function enclosingPipe(node: Syntax): { readonly operator: Syntax; readonly input: Syntax } | undefined {
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at;
    if (parent.kind === 'PipeExpression' && parent.child('Operator') === at)
      return { operator: at, input: parent.child('Expression') };
    // The first operator of a subquery: what flows into it has no order.
    if (at.kind.endsWith('Operator')) return { operator: at, input: at };
  }
  return undefined;
}

/** Operators behind a tabular expression, nearest first, as long as they hand on its rows. */
export function* operatorsAfter(
  expression: Syntax,
  references: (name: string) => readonly Syntax[],
): Generator<Syntax> {
  let at = expression;
  for (let { parent } = at; parent !== undefined; at = parent, { parent } = at) {
    if (parent.kind === 'PipeExpression') {
      const operator = parent.child('Operator');
      if (operator !== at) {
        yield operator;
        if (!keepsRows.has(operator.kind) && operator.kind !== 'UnionOperator') return;
      }
    } else if (parent.kind === 'LetStatement') {
      for (const reference of references(parent.child('Name').name)) yield* operatorsAfter(reference, references);
      return;
    } else if (parent.kind.endsWith('Operator') && parent.kind !== 'UnionOperator') return;
  }
}
