/** What a rule cannot do without, beyond documented fields of audit records: taken from its tags, query and tests. */
import type { Given } from '../kql/content/rule-tests.ts';
import type { RuleDocument } from '../kql/content/read-rules.ts';
import type { Detection } from './detections-docs-pack.ts';

/** Where a need comes from: a tag `field:`, a table of another product, a watchlist. */
export type NeedKind = 'field' | 'table' | 'watchlist';

/** Something that a rule looks at and that a workspace may lack. */
export interface Need {
  readonly kind: NeedKind;
  readonly name: string;
  /** Of fields and tables the rule needs one that is essential, of watchlists each; it does without the others. */
  readonly isEssential: boolean;
}

// They hold errors only: that they are empty says that nothing is wrong, not that nobody looks.
// Queries are logged only where pseudonymisation is on: elsewhere there is nothing to see.
const errorTables: ReadonlySet<string> = new Set(['DCRLogErrors', 'LAQueryLogs', 'Operation']);

const lastKey = (field: string): string => (field.split('=')[0] ?? '').split('.').at(-1) ?? '';

/** Items of a watchlist in a case that count. */
const fills = (given: Given, list: string): boolean =>
  given.watchlist === list && (given.items ?? []).some(({ Enabled }) => String(Enabled) !== 'false');

/** The needs of a rule. A field stands in its tags because the rule needs it; a table or a watchlist is essential when
 *  no test of the rule fires without rows of it. */
export function needsOf({ document, fields, tables, watchlists }: Detection<RuleDocument>): readonly Need[] {
  const firing = document.tests.filter(({ like, expect = [] }) => like === undefined && expect.length > 0);
  // What each firing case uses: a table beside a field only adds to what the field tells.
  const ways = firing.map(({ given = [] }) => {
    const written = JSON.stringify(given).toLowerCase();
    return {
      fields: fields.filter((field) => written.includes(lastKey(field).toLowerCase())),
      tables: tables.filter((table) => given.some(({ row }) => row === table)),
    };
  });
  const canDoWithout = fields.length === 0 && ways.some((way) => way.tables.length === 0);
  const stands = (table: string): boolean =>
    !canDoWithout && ways.some((way) => way.fields.length === 0 && way.tables.includes(table));
  return [
    ...fields.map((name): Need => ({ kind: 'field', name, isEssential: true })),
    ...tables
      .filter((name) => !errorTables.has(name))
      .map((name): Need => ({ kind: 'table', name, isEssential: stands(name) })),
    ...watchlists.map((name): Need => ({
      kind: 'watchlist',
      name,
      isEssential: firing.length > 0 && firing.every(({ given = [] }) => given.some((one) => fills(one, name))),
    })),
  ];
}
