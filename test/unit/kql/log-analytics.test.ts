import { describe, expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { KqlError } from '../../../kql/engine/errors.ts';

const functions = [
  { name: 'Elsewhere', parameters: '', body: '\n  database("other").T' },
  { name: 'ViaElsewhere', parameters: '', body: 'Elsewhere | take 1' },
];
const kql = engine({ functions });
const kusto = engine({ functions, dialect: 'kusto' });

function errorOf(act: () => unknown): KqlError {
  try {
    act();
  } catch (error) {
    if (error instanceof KqlError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('what Log Analytics has not', () => {
  test.for([
    ['cluster("c").database("d").T', '1:1', 'no function cluster(): name the table'],
    ['print 1\n| extend P = current_principal()', '2:14', 'no function current_principal()'],
    ['print cursor_current()', '1:7', 'no function cursor_current()'],
    ['datatable(N:int)[1] | where extent_id() != ""', '1:29', 'no function extent_id()'],
    ['external_table("e")', '1:1', 'no function external_table()'],
    ['print 1 | evaluate python(typeof(*), "")', '1:20', 'no plugin python: do it outside'],
    ['evaluate sql_request("server", "select 1")', '1:10', 'no plugin sql_request'],
    ['declare query_parameters(N:long = 1); print N', '1:1', 'no statement `declare query_parameters`: use let'],
    ['alias database d = cluster("c").database("d"); print 1', '1:1', 'no statement `alias`'],
    ['restrict access to (T); print 1', '1:1', 'no statement `restrict`'],
  ] as const)('%s', ([query, place, reason]) => {
    const { code, position, message } = errorOf(() => kql.prepare(query));
    expect([code, `${position?.line}:${position?.column}`]).toEqual(['forbidden', place]);
    expect(message).toContain(reason);
  });

  test('is refused inside of stored functions, too, and those that they call', () => {
    const { position, code } = errorOf(() => kql.prepare('ViaElsewhere'));
    expect([code, position?.within]).toEqual(['forbidden', 'Elsewhere']);
  });

  test('is not looked for in the dialect of Kusto', () => {
    const query = 'declare query_parameters(N:long = 1); print N';
    expect(kusto.prepare(query).run({ now: new Date(0) }).rows).toEqual([[1]]);
  });

  test('is a matter of calls, not of columns of that name', () => {
    const query = 'datatable(cluster:string, database:string)["a", "b"] | project database';
    expect(kql.prepare(query).run({ now: new Date(0) }).rows).toEqual([['b']]);
  });
});
