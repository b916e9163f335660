import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SchemaAnswer } from '../../../../workspace/console/api.ts';
import type { Console } from '../../../../workspace/console/serve.ts';
import { directoryOf } from './rows.ts';
import { incident, send, served } from './served.ts';

const workbook = JSON.stringify({
  version: 'Notebook/1.0',
  items: [{ type: 1, name: 'text', content: { json: '# Good workbook\nText.' } }],
});
let console: Console;
beforeAll(async () => {
  console = await served(directoryOf({ 'SigninLogs.ndjson': '{}\n' }), {
    workbooks: directoryOf({
      'good.json': workbook,
      'broken.json': '{"version": ',
      'other.json': '[1]',
      'note.txt': 'no',
    }),
    incidents: [incident('some-rule.1', '2026-11-19T10:00:00Z'), incident('some-rule.2', '2026-11-20T10:00:00Z')],
  });
});
afterAll(async () => console.close());

const json = async <T>(path: string): Promise<T> => JSON.parse((await send(console, path)).text) as T;

describe('the API', () => {
  test('tells the status as it is given', async () => {
    expect(await json('/api/status')).toMatchObject({ title: 'Simulated tenant, 2 people, 1 day' });
  });

  test('lists incidents newest first, without what a list does not show, and each in full', async () => {
    const list = await json<Record<string, unknown>[]>('/api/incidents');
    expect(list.map(({ id }) => id)).toEqual(['some-rule.2', 'some-rule.1']);
    for (const name of ['query', 'alerts', 'description']) expect(list[0]).not.toHaveProperty(name);
    expect(await json('/api/incidents/some-rule.1')).toEqual(incident('some-rule.1', '2026-11-19T10:00:00Z'));
    const missing = await send(console, '/api/incidents/some-rule.9');
    expect([missing.status, missing.text]).toEqual([404, expect.stringContaining('there is no incident some-rule.9')]);
  });

  test('lists workbooks, and a broken one with its problem', async () => {
    const list = await json<{ file: string; title: string; problem: string | null }[]>('/api/workbooks');
    expect(list.map(({ file }) => file)).toEqual(['broken', 'good', 'other']);
    expect(list.find(({ file }) => file === 'good')).toEqual({ file: 'good', title: 'Good workbook', problem: null });
    expect(list.find(({ file }) => file === 'broken')?.problem).toMatch(/^broken\.json cannot be shown: .*JSON/);
    expect(list.find(({ file }) => file === 'other')?.problem).toMatch(/^other\.json cannot be shown/);
    expect((await send(console, '/api/workbooks/good')).text).toBe(workbook);
    expect((await send(console, '/api/workbooks/note')).status).toBe(404);
  });

  test("tells functions with their columns, the product's tables, and others that have rows", async () => {
    const { functions, tables } = await json<SchemaAnswer>('/api/schema');
    const events = functions.find(({ name }) => name === 'CopilotEvents');
    expect(events?.summary).toMatch(/^One row per audit record/);
    expect(events?.signature).toBe('(startTime:datetime=datetime(null), endTime:datetime=datetime(null))');
    expect(events?.columns).toContainEqual({ name: 'IngestedAt', type: 'datetime' });
    const names = tables.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['CopilotAudit_CL', 'SigninLogs']));
    expect(names).not.toContain('OfficeActivity');
    // All functions are bound for it.
  }, 120_000);
});
