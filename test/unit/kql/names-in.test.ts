import { expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { fromRows } from '../../../kql/engine/relation.ts';

const columns = [
  { name: 'Actor', type: 'string' },
  { name: 'Host', type: 'string' },
] as const;
const kql = engine({
  tables: [{ name: 'Events', columns }],
  functions: [
    { name: 'Inner', parameters: '', body: 'Events | where Host != ""' },
    { name: 'Outer', parameters: '', body: 'Inner | summarize by Actor' },
    { name: 'Refused', parameters: '', body: 'Outer | extend Who = current_principal()' },
  ],
});

/** The names that a table is told of when a query asks for it. */
function toldTo(query: string): ReadonlySet<string> {
  let told: ReadonlySet<string> = new Set();
  kql.prepare(query).run({
    now: new Date(0),
    tables: {
      Events: (mentioned) => {
        told = mentioned;
        return fromRows(columns, [['ada@contoso.example', 'Word']]);
      },
    },
  });
  return told;
}

test('a table is told the names of the query and of all functions below it, each time anew', () => {
  expect(toldTo('Outer | count')).toEqual(new Set(['Outer', 'Inner', 'Events', 'Host', 'Actor']));
  expect(toldTo('Inner | project Host')).toEqual(new Set(['Inner', 'Events', 'Host']));
  expect(toldTo('Outer | extend Other = strlen(Actor)')).toContain('Actor');
});

test('what Log Analytics refuses in a function is refused every time, whoever calls it', () => {
  for (const query of ['Refused', 'Refused | count', 'Refused']) {
    expect(() => kql.prepare(query)).toThrow('forbidden: Log Analytics has no function current_principal()');
    expect(() => kql.prepare('Outer')).not.toThrow();
  }
});
