import type { FunctionDefinition } from '../../engine/language/schema.ts';
import type { Syntax } from '../../engine/language/syntax.ts';
import { at, type LintRule, type Subject } from '../lint-rule.ts';
import { operatorsAfter } from '../pipeline.ts';
import { filtersBy } from '../time-filter.ts';

// ASIM writes it starttime.
const isStart = (name: string): boolean => name.toLowerCase() === 'starttime';

/** The parameters' names in order. Defaults may hold commas and colons, in quotes or parentheses. */
function parameterNames({ parameters }: FunctionDefinition): readonly string[] {
  const plain = parameters.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\([^()]*\)/g, '');
  return plain.split(',').map((parameter) => parameter.split(':')[0]?.trim() ?? '');
}

const isNull = (argument: Syntax): boolean => /^datetime\s*\(\s*null\s*\)$/.test(argument.text);

function passesStart(call: Syntax, start: number): boolean {
  return call
    .child('ArgumentList')
    .list('Expressions')
    .some((argument, index) =>
      argument.kind === 'SimpleNamedExpression'
        ? isStart(argument.child('Name').name) && !isNull(argument.child('Expression'))
        : index === start && !isNull(argument),
    );
}

function* calls({ nodes, lets, schemas }: Subject): Generator<{ reference: Syntax; start: number }> {
  for (const reference of nodes('NameReference')) {
    const definition = schemas.functions.get(reference.name);
    if (definition === undefined || lets.has(reference.name)) continue;
    const isCalled = reference.parent?.kind === 'FunctionCallExpression';
    if (!isCalled && !reference.isTabular) continue;
    const start = parameterNames(definition).findIndex(isStart);
    if (start !== -1) yield { reference, start };
  }
}

const isArrival = (node: Syntax): boolean => node.kind === 'NameReference' && node.name === 'IngestedAt';

/**
 * A call of a function that reads all time there is. A filter behind the call comes too late to spare the reading of a
 * hunt or a workbook; the tables that a rule reads are bounded by its period, but what is new is told by IngestedAt.
 */
export const unboundedCall: LintRule = {
  code: 'KQL017',
  title: 'A function that takes startTime is given it; a rule may filter IngestedAt instead.',
  *remarks(subject) {
    const { kind, nodes } = subject;
    if (kind === 'function') return;
    const references = (name: string): readonly Syntax[] => nodes('NameReference').filter((node) => node.name === name);
    for (const { reference, start } of calls(subject)) {
      const call = reference.parent?.kind === 'FunctionCallExpression' ? reference.parent : undefined;
      if (call !== undefined && passesStart(call, start)) continue;
      const { name } = reference;
      if (kind !== 'rule')
        yield at(
          reference,
          `${name} reads all time there is, whatever is filtered behind it: pass startTime, ${name}(ago(7d))`,
        );
      else if (![...operatorsAfter(call ?? reference, references)].some((operator) => filtersBy(operator, isArrival)))
        yield at(
          reference,
          `${name} is read without a bound: put \`| where IngestedAt >= ago(...)\` behind it for what is new, or pass startTime`,
        );
    }
  },
};
