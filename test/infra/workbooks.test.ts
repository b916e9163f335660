/** Workbooks: JSON files in Sentinel's gallery. */
import { describe, expect, test } from 'vitest';
import { readWorkbooks } from '../../infra/content/read-workbooks.ts';
import {
  contentPlan,
  contentRoot,
  dependencies,
  messageOf,
  resource,
  withFiles,
} from '../fixtures/infra-content/runs.ts';

const item = { type: 3, content: { version: 'KqlItem/1.0', query: 'T' }, name: 'query' };
const read = (workbook: unknown) =>
  withFiles({ 'workbooks/a-b.json': typeof workbook === 'string' ? workbook : JSON.stringify(workbook) }, (root) =>
    readWorkbooks(`${root}/workbooks`),
  );

describe('reading workbooks', () => {
  test('the first heading is the title, else the file name', () => {
    const titles = readWorkbooks(`${contentRoot}/workbooks`).map(({ file, displayName }) => [file, displayName]);
    expect(titles).toEqual([
      ['collector-health', 'Collector health'],
      ['demo-overview', 'Copilot overview'],
    ]);
  });

  test('layout of the file does not matter', () => {
    const workbook = { version: 'Notebook/1.0', items: [item] };
    expect(read(JSON.stringify(workbook, null, 4))).toEqual(read(workbook));
  });

  test.for([
    ['{', 'workbooks/a-b.json: no JSON: '],
    [{ version: 'Notebook/2.0', items: [item] }, 'workbooks/a-b.json: version: must be Notebook/1.0'],
    [{ version: 'Notebook/1.0', items: [] }, 'workbooks/a-b.json: items: a workbook without items'],
    [
      {
        version: 'Notebook/1.0',
        items: [item],
        fallbackResourceIds: ['/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg'],
      },
      "workbooks/a-b.json: /subscriptions/00000000-0000-4000-8000-000000000001: a resource id of somebody's tenant",
    ],
  ] as const)('an error names file and field: %j', ([workbook, says]) => {
    expect(messageOf(() => read(workbook))).toContain(says);
  });
});

describe('a workbook in the deployment', () => {
  test("lies in the workspace's group and region, in Sentinel's gallery", async () => {
    const plan = await contentPlan();
    const { inputs } = resource(plan, 'workbook-demo-overview');
    expect(inputs).toEqual({
      resourceGroupName: 'rg-fixture',
      resourceName: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      location: 'westeurope',
      kind: 'shared',
      category: 'sentinel',
      displayName: 'Copilot overview',
      sourceId: resource(plan, 'workspace').id,
      serializedData: expect.any(String),
      tags: { product: 'copilot-sentinel' },
    });
    expect(JSON.parse(String(inputs['serializedData']))).toMatchObject({ fromTemplateId: 'sentinel-CopilotOverview' });
    expect(dependencies(plan, 'workbook-demo-overview')).toContain('function-DemoEvents');
  });

  test('keeps its name from run to run, and has another in another stack and workspace', async () => {
    const plans = await Promise.all([
      contentPlan({ preview: true }),
      contentPlan(),
      contentPlan({ stack: 'prod' }),
      contentPlan({ config: { suffix: '-0a1b2c3d' } }),
    ]);
    const names = plans.map(
      ({ registrations }) =>
        registrations.find(({ name }) => name.startsWith('workbook-demo-overview'))?.inputs['resourceName'],
    );
    expect(names[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(names[0]).toBe(names[1]);
    expect(new Set(names).size).toBe(3);
  });
});
