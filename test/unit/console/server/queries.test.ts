import { appendFileSync } from 'node:fs';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompletionAnswer, DiagnosisAnswer, QueryAnswer } from '../../../../workspace/console/api.ts';
import type { Console } from '../../../../workspace/console/serve.ts';
import { auditFile, auditLines, directoryOf } from './rows.ts';
import { post, send, served } from './served.ts';

const directory = directoryOf({ [auditFile]: auditLines('ada@contoso.example', 'bo@contoso.example') });
let console: Console;
beforeAll(async () => {
  console = await served(directory);
});
afterAll(async () => console.close());

const run = async (query: string): Promise<QueryAnswer> =>
  JSON.parse((await post(console, '/api/query', { query })).text) as QueryAnswer;
const problemOf = async (query: string) => {
  const answer = await run(query);
  if (answer.ok) throw new Error(`is ok: ${query}`);
  return answer.problem;
};

describe('a query', () => {
  test('is answered with columns and rows', async () => {
    expect(await run('CopilotEvents | project ActorName, EventTime | sort by ActorName asc')).toEqual({
      ok: true,
      columns: [
        { name: 'ActorName', type: 'string' },
        { name: 'EventTime', type: 'datetime' },
      ],
      rows: [
        ['ada@contoso.example', '2026-11-20T10:00:00.0000000Z'],
        ['bo@contoso.example', '2026-11-20T10:00:00.0000000Z'],
      ],
      rowCount: 2,
      milliseconds: expect.any(Number),
    });
  });

  test('has cells as JSON keeps them: large longs, decimals and spans as text, dynamic values as they are', async () => {
    const text =
      'print 9007199254740993, 5, decimal(1.25), 1h, dynamic({"a":[1]}), true, real(nan), long(null), "<b>=1"';
    expect(await run(text)).toMatchObject({
      rows: [['9007199254740993', 5, '1.25', '01:00:00', { a: [1] }, true, 'NaN', null, '<b>=1']],
    });
  });

  test('has longs beyond 2^53 as text also within dynamic values', async () => {
    expect(await run('print d = dynamic({"a":[9007199254740993, 5, "9007199254740993"]})')).toMatchObject({
      rows: [[{ a: ['9007199254740993', 5, '9007199254740993'] }]],
    });
  });

  test('that is wrong names what and where', async () => {
    expect(await problemOf('CopilotEvents\n| where Actrname == "x"')).toMatchObject({
      code: 'KS142',
      message: expect.stringContaining('did you mean ActorName?'),
      start: 22,
      length: 8,
    });
    expect(await problemOf('CopilotEvents | reduce by ActorName')).toMatchObject({
      code: 'unsupported',
      start: 16,
      length: 6,
    });
    expect(await problemOf("cluster('x').database('y').T")).toMatchObject({ code: 'forbidden', start: 0 });
    expect(await problemOf('')).toMatchObject({ message: expect.any(String) });
  });

  test('that has more than 10,000 rows gives the first and says how many there are', async () => {
    const answer = await run('range x from 1 to 10001 step 1');
    expect(answer).toMatchObject({ ok: true, rowCount: 10_001 });
    expect(answer.ok && [answer.rows.length, answer.rows.at(-1)]).toEqual([10_000, [10_000]]);
  });

  test('whose answer is too long says so', async () => {
    const long = 'range x from 1 to 9000 step 1 | extend s = strrep("0123456789", 300)';
    expect(await problemOf(long)).toMatchObject({ code: 'budget', message: expect.stringContaining('20 MB') });
  });

  test('that needs too much memory says so', async () => {
    expect(await problemOf('range x from 1 to 90000000 step 1 | count')).toMatchObject({ code: 'budget' });
  });

  test('sees rows that have come in since', async () => {
    const count = 'CopilotAudit_CL | where ActorName startswith "late" | count';
    expect(await run(count)).toMatchObject({ rows: [[0]] });
    appendFileSync(join(directory, auditFile), auditLines('late@contoso.example'));
    await expect.poll(async () => run(count)).toMatchObject({ rows: [[1]] });
  });

  test('sees at once the rows that a status has told of', async () => {
    const count = 'CopilotAudit_CL | where ActorName startswith "told" | count';
    expect(await run(count)).toMatchObject({ rows: [[0]] });
    appendFileSync(join(directory, auditFile), auditLines('told@contoso.example'));
    await send(console, '/api/status');
    expect(await run(count)).toMatchObject({ rows: [[1]] });
  });

  test('whose page is closed is given up', async () => {
    const { hostname, port } = new URL(console.url);
    const headers = { 'content-type': 'application/json' };
    const gone = Array.from({ length: 6 }, (_, index) => {
      const one = request({ hostname, port, path: '/api/query', method: 'POST', headers });
      one.on('error', () => undefined);
      // Minutes of work, more than there are threads.
      const query = `range x from 1 to 4900000 step 1 | where ${'hash('.repeat(30)}x${')'.repeat(30)} == ${index} | count`;
      one.end(JSON.stringify({ query }));
      return one;
    });
    await Promise.all(gone.map(async (one) => once(one, 'finish')));
    for (const one of gone) one.destroy();
    expect(await run('print after = 1')).toMatchObject({ ok: true, rows: [[1]] });
  });
});

describe('CSV', () => {
  test('has all rows, and a head that Excel reads as UTF-8', async () => {
    const { headers, text } = await post(console, '/api/query.csv', {
      query: 'range x from 1 to 10002 step 1 | extend Name = "Zoë, \\"Z\\"\\nx"',
    });
    expect(headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(headers['content-disposition']).toContain('attachment');
    expect(text.startsWith('\uFEFFx,Name\r\n1,')).toBe(true);
    const rows = parse(text, { bom: true });
    expect([rows.length, rows.at(-1)]).toEqual([10_003, ['10002', 'Zoë, "Z"\nx']]);
  });

  test('makes no formula of any text, and leaves numbers as they are', async () => {
    const query = String.raw`print '=cmd|x', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', dynamic(['=1']), -5, real(-0.5), long(-9007199254740993), 'a=1'`;
    const rows = parse((await post(console, '/api/query.csv', { query })).text, { bom: true });
    expect(rows[1]).toEqual([
      "'=cmd|x",
      "'+1",
      "'-1",
      "'@SUM(A1)",
      "'\t'=1",
      "'\r'=1",
      '["=1"]',
      '-5',
      '-0.5',
      '-9007199254740993',
      'a=1',
    ]);
    const named = await post(console, '/api/query.csv', { query: "print ['=cmd()'] = 1" });
    expect(named.text).toContain("'=cmd()");
  });

  test('makes none in a spreadsheet that separates by semicolons or tabs either, nor behind what nobody sees', async () => {
    const texts = {
      'a;=cmd()': "a;'=cmd()",
      'a; "@x;b': `a; "'@x;b`,
      'a\n-x\ty\t+z': "a\n'-x\ty\t'+z",
      ' \u00A0=x': "' \u00A0=x",
      '\u200B=x': "'\u200B=x",
      '\uFF1Dx': "'\uFF1Dx",
      'a, =b;c - d\ne=f': 'a, =b;c - d\ne=f',
    };
    const query = `print ${Object.keys(texts)
      .map((text) => JSON.stringify(text))
      .join(', ')}, dynamic({"a":";=1"}), decimal(-1.5), -1h`;
    const rows = parse((await post(console, '/api/query.csv', { query })).text, { bom: true });
    expect(rows[1]).toEqual([...Object.values(texts), `{"a":";'=1"}`, '-1.5', "'-01:00:00"]);
  });

  test('is none of a wrong query', async () => {
    const { status, text } = await post(console, '/api/query.csv', { query: 'print nothing' });
    expect([status, JSON.parse(text)]).toEqual([
      422,
      expect.objectContaining({ ok: false, error: expect.any(String) }),
    ]);
  });
});

describe('the editor', () => {
  test('is told what may stand at a place', async () => {
    const query = 'CopilotEvents | where Act';
    const { text } = await post(console, '/api/complete', { query, position: query.length });
    const { start, items } = JSON.parse(text) as CompletionAnswer;
    expect(start).toBe(22);
    expect(items).toContainEqual({ label: 'ActorName', text: 'ActorName', kind: 'column', detail: 'string' });
    expect((await post(console, '/api/complete', { query, position: -1 })).status).toBe(400);
    expect((await post(console, '/api/complete', { query, position: 9999 })).status).toBe(200);
  });

  test('is told all that the binder says', async () => {
    const { text } = await post(console, '/api/diagnose', {
      query: 'CopilotEvents | where Nope == 1 | project Nada',
    });
    const { problems } = JSON.parse(text) as DiagnosisAnswer;
    expect(problems.map(({ code, start, length, severity }) => [code, start, length, severity])).toEqual([
      ['KS142', 22, 4, 'error'],
      ['KS142', 42, 4, 'error'],
    ]);
  });
});
