import type { Table as Definition } from '../../collector/schema/index.ts';
import { toArmColumns } from '../../collector/schema/index.ts';
import type { Azure } from './azure.ts';
import type { Finding, Reporter } from './finding.ts';

const ORDER = 'Run pulumi up --refresh: it makes tables before the rule and the collector';

/** Each table with every column of its definition, of the same type. Columns beyond that are somebody else's. */
export async function checkTables(
  report: Reporter,
  { table }: Azure,
  definitions: readonly Definition[],
): Promise<readonly Finding[]> {
  const found = await Promise.all(definitions.map(({ name }) => table(name)));
  return definitions.flatMap((definition, index) => {
    const actual = found[index];
    if (actual === undefined) return [report.fail(definition.name, 'is not there', ORDER)];
    const columns = new Map(
      [...(actual.schema?.standardColumns ?? []), ...(actual.schema?.columns ?? [])].map((column) => [
        column.name,
        // Answers differ in case: dateTime, DateTime.
        column.type?.toLowerCase(),
      ]),
    );
    const expected = toArmColumns(definition);
    const missing = expected.filter(({ name }) => !columns.has(name)).map(({ name }) => name);
    const wrong = expected
      .filter(({ name, type }) => columns.has(name) && columns.get(name) !== type.toLowerCase())
      .map(({ name, type }) => `${name} is ${columns.get(name) ?? 'of no type'}, not ${type}`);
    const { plan = 'Analytics' } = actual;
    const findings = [
      ...(missing.length === 0
        ? []
        : [report.fail(definition.name, `has no column ${missing.join(', ')}`, `${ORDER}, and adds columns in place`)]),
      ...(wrong.length === 0
        ? []
        : [
            report.fail(
              definition.name,
              wrong.join('; '),
              'Azure changes no type: find out who made the column, keep its rows elsewhere, delete the column in the portal, run pulumi up --refresh',
            ),
          ]),
      ...(plan === 'Analytics'
        ? []
        : [
            report.fail(
              definition.name,
              `has the plan ${plan}`,
              'Run pulumi up --refresh: rules read the plan Analytics only',
            ),
          ]),
    ];
    return findings.length > 0 ? findings : [report.pass(definition.name, `${expected.length} columns`)];
  });
}
