import { at, calledName, type LintRule } from '../lint-rule.ts';
import { enclosingPipe, isSerialized } from '../pipeline.ts';

/** Functions that look at other rows (Kusto: window functions). */
const rowFunctions: ReadonlySet<string> = new Set([
  'next',
  'prev',
  'row_cumsum',
  'row_number',
  'row_rank_dense',
  'row_rank_min',
  'row_window_session',
]);

/** `prev()` and the like over rows without an order: Kusto refuses them at run time. */
export const unserializedRowFunction: LintRule = {
  code: 'KQL002',
  title: 'A function that looks at other rows needs rows in order.',
  *remarks({ nodes, lets }) {
    for (const call of nodes('FunctionCallExpression')) {
      const name = calledName(call);
      if (!rowFunctions.has(name)) continue;
      const pipe = enclosingPipe(call);
      if (pipe === undefined || pipe.operator.kind === 'SerializeOperator') continue;
      if (pipe.input === pipe.operator || !isSerialized(pipe.input, lets))
        yield at(
          call,
          `${name}() reads rows that have no order: put \`| sort by\` or \`| serialize\` before this operator`,
        );
    }
  },
};
