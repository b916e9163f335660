import { surroundings } from '../../workbook/literal.ts';
import { placeholders } from '../../workbook/substitute.ts';
import { parametersOf, steps } from '../../workbook/walk.ts';
import type { Workbook } from '../../workbook/workbook.ts';
import type { WorkbookRule } from '../workbook-rule.ts';

/** Parameters that hold what rows or readers say: chosen rows, text boxes, drop-downs of a query without quotes. */
function fromData(workbook: Workbook): ReadonlySet<string> {
  const declared = parametersOf(workbook).flatMap((parameter) => {
    if (parameter.kind === 'text') return parameter.name;
    const isBare = parameter.kind === 'choice' && parameter.quote === '' && 'query' in parameter.choices;
    return isBare ? parameter.name : [];
  });
  const exported = steps(workbook).flatMap(({ item }) =>
    item.kind === 'query' ? item.exports.map(({ parameter }) => parameter) : [],
  );
  return new Set([...declared, ...exported]);
}

/**
 * A value from data where it could end its literal: the console escapes it for its place, Azure writes it as it is but
 * for `escapejson`, whose escapes are those of a literal in double quotes.
 */
export const placedValues: WorkbookRule = {
  code: 'KQL038',
  title: 'A value from data stands inside of a literal that it cannot end: "{Name:escapejson}".',
  *remarks({ workbook, queries }) {
    const risky = fromData(workbook);
    for (const { name: owner, query, path } of queries) {
      const at = surroundings(query);
      for (const { name, form, offset } of placeholders(query)) {
        if (!risky.has(name)) continue;
        const where = at(offset);
        const isInert = typeof where === 'object' && 'quote' in where && where.quote === '"' && !where.isVerbatim;
        if (where === 'comment' || (isInert && form === 'escapejson')) continue;
        yield {
          at: path,
          offset,
          message: `${owner}: a quote in {${name}} would end the literal in Azure: write "{${name}:escapejson}", in double quotes`,
        };
      }
    }
  },
};
