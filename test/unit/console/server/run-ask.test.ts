import { describe, expect, test } from 'vitest';
import { KqlError } from '../../../../kql/engine/errors.ts';
import { abandonableClock } from '../../../../workspace/console/server/abandonable-clock.ts';
import { toProblem } from '../../../../workspace/console/server/problems.ts';
import { queryWorkspace } from '../../../../workspace/console/server/query-workspace.ts';
import { runAsk } from '../../../../workspace/console/server/run-ask.ts';
import { auditFile, auditLines, directoryOf, queryTask } from './rows.ts';

const options = { limits: {}, clock: () => performance.now() };
const over = (files: Readonly<Record<string, string>>) => {
  const workspace = queryWorkspace(directoryOf(files));
  return (query: string): unknown => JSON.parse(runAsk(queryTask(query), workspace, options).text);
};

describe('a query', () => {
  test('on a corrupt row names file and place; one on other tables is answered', () => {
    const ask = over({
      [auditFile]: `${auditLines('ada@contoso.example')}{"RecordId": "x", "ActorName": \n${auditLines('bo@contoso.example')}`,
      'SigninLogs.ndjson': '{"UserPrincipalName":"ada@contoso.example"}\n',
    });
    expect(ask('CopilotEvents | project ActorName')).toMatchObject({
      ok: false,
      problem: {
        code: 'row',
        message: expect.stringMatching(/CopilotAudit_CL.2026-11-20\.ndjson, line 2: not a JSON object/),
        start: null,
      },
    });
    expect(ask('SigninLogs | project UserPrincipalName')).toMatchObject({ rows: [['ada@contoso.example']] });
  });

  test('on a corrupt dynamic value names file and byte', () => {
    const line = auditLines('ada@contoso.example').replace('{', '{"LLMEventData":{"a":tru},');
    const ask = over({ [auditFile]: line });
    expect(ask('CopilotAudit_CL | project LLMEventData')).toMatchObject({
      problem: { code: 'row', message: expect.stringMatching(/2026-11-20\.ndjson, byte \d+: not JSON/) },
    });
  });

  test('on an empty workspace has no rows, and the shipped watchlists are there', () => {
    const ask = over({});
    expect(ask('CopilotInteractions | project ActorName')).toMatchObject({ ok: true, rows: [], rowCount: 0 });
    expect(ask('SigninLogs | count')).toMatchObject({ rows: [[0]] });
    expect(ask('Watchlist | summarize N = count() | project N > 0')).toMatchObject({ rows: [[true]] });
  });

  test('that needs a broken watchlist says so; others are answered', () => {
    const ask = over({ 'watchlists/CopilotPrivilegedAccounts.csv': 'no,"csv\n' });
    expect(ask('_GetWatchlist("CopilotPrivilegedAccounts")')).toMatchObject({
      ok: false,
      problem: { message: expect.stringContaining('.csv') },
    });
    expect(ask('CopilotAudit_CL | count')).toMatchObject({ rows: [[0]] });
  });

  test('knows where addresses are when the directory says so', () => {
    const networks = JSON.stringify([{ network: '198.51.100.0/24', country: 'Norway' }]);
    const place = 'print tostring(geo_info_from_ip_address("198.51.100.7").country)';
    expect(over({ 'networks.json': networks })(place)).toMatchObject({ rows: [['Norway']] });
    expect(over({})(place)).toMatchObject({ ok: false });
  });

  test('ends at its time limit, and when nobody waits for it any more', () => {
    const workspace = queryWorkspace(directoryOf());
    const long = queryTask('range x from 1 to 4000000 step 1 | where hash_sha256(tostring(x)) startswith "zz" | count');
    let ticks = 0;
    const limited = runAsk(long, workspace, { limits: { milliseconds: 50 }, clock: () => (ticks += 1) });
    expect(limited).toMatchObject({ ok: false, code: 'budget', text: expect.stringContaining('longer than 0.05 s') });
    let looks = 0;
    for (const patience of [0, 20]) {
      looks = 0;
      const clock = abandonableClock(() => (looks += 1) > patience);
      expect(runAsk(long, workspace, { limits: {}, clock }).ok).toBe(false);
      expect(looks).toBe(patience + 1);
    }
  });

  test('that is nested too deep, or has more values than can be counted, says so', () => {
    const ask = over({});
    expect(ask(`print 1${' + 1'.repeat(8000)}`)).toMatchObject({
      problem: { code: 'KS245', message: expect.stringContaining('depth exceeds') },
    });
    expect(ask('range x from 0.0 to 1.0 step 1e-300 | count')).toMatchObject({ problem: { code: 'budget' } });
    expect(ask('range x from 1.0 to 2.0 step 0.25 | count')).toMatchObject({ rows: [[5]] });
  });

  test('that fails within a stored function has no place in its own text', () => {
    const position = { line: 3, column: 2, offset: 40, within: 'CopilotEvents' };
    const error = new KqlError('too deep', { code: 'runtime', position });
    expect(toProblem(error, 'CopilotEvents', () => undefined)).toEqual({
      code: 'runtime',
      message: 'too deep (line 3, column 2 of CopilotEvents)',
      start: null,
      length: 0,
    });
  });
});
