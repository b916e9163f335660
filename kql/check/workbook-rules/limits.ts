import { steps } from '../../workbook/walk.ts';
import type { WorkbookRule } from '../workbook-rule.ts';

// The BestPracticesAnalyzer of Application-Insights-Workbooks: KQL001, KQL002, KQL003 to KQL005, GROUPS000, SIZE002,
// SIZE000 (an error from 500 KB on); Limits.md: what a drop-down shows.
const MAX_QUERIES = 40;
const MAX_CHARACTERS = 3_000;
const MAX_GROUPS = 30;
const MAX_ITEMS = 100;
const MAX_BYTES = 100 * 1_024;
const MAX_CHOICES = 1_000;

const made: ReadonlyMap<string, string> = new Map([
  ['PrintOperator', 'print'],
  ['DataTableExpression', 'datatable'],
]);

/** A workbook that is slow to load or to change. */
export const limits: WorkbookRule = {
  code: 'KQL027',
  title: "A workbook keeps the limits of Azure's best practices.",
  *remarks({ workbook, queries, json, bind }) {
    const items = steps(workbook).map(({ item }) => item);
    const groups = items.filter(({ kind }) => kind === 'group');
    const bytes = Buffer.byteLength(JSON.stringify(json.value));
    const root = { at: ['items'] };
    if (queries.length > MAX_QUERIES)
      yield { ...root, message: `${queries.length} queries are more than ${MAX_QUERIES}` };
    if (groups.length > MAX_GROUPS) yield { ...root, message: `${groups.length} groups are more than ${MAX_GROUPS}` };
    if (items.length > MAX_ITEMS) yield { ...root, message: `${items.length} items are more than ${MAX_ITEMS}` };
    if (bytes > MAX_BYTES) yield { ...root, message: `${bytes} bytes are more than ${MAX_BYTES}: split the workbook` };
    for (const item of items) {
      if (item.kind !== 'parameters') continue;
      for (const parameter of item.parameters)
        if (parameter.kind === 'choice' && 'fixed' in parameter.choices && parameter.choices.fixed.length > MAX_CHOICES)
          yield { at: item.path, message: `${parameter.name} has more than ${MAX_CHOICES} choices` };
    }
    for (const { name, query, path, sent } of queries) {
      if (query.length > MAX_CHARACTERS)
        yield {
          at: path,
          message: `${name}: ${query.length} characters are more than ${MAX_CHARACTERS}: move a part into a function`,
        };
      if (/^\s*\{\w+\}\s*$/.test(query))
        yield { at: path, message: `${name}: a query that is nothing but a parameter` };
      for (const node of bind(sent[0].text).root.descendants()) {
        const what = made.get(node.kind);
        if (what !== undefined)
          yield {
            at: path,
            offset: sent[0].toOriginal(node.span.start),
            message: `${name}: ${what} makes rows up: read a function`,
          };
      }
    }
  },
};
