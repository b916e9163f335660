/** Stored functions: their order, their resources, and the wait until the workspace can bind them. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { bindingQuery } from '../../infra/content/binding-query.ts';
import { waitUntilBound } from '../../infra/content/functions-ready.ts';
import { inCallOrder, readSavedFunctions } from '../../infra/content/read-functions.ts';
import { workspaceQuery, type Binding } from '../../infra/content/workspace-query.ts';
import { answerOf } from '../../infra/plan/answers.ts';
import { invokeAnswer, surroundings } from '../../infra/plan/invokes.ts';
import { readFunctions } from '../../kql/functions.ts';
import { workspaceEngine } from '../../workspace/workspace.ts';
import { runProgram } from '../../infra/plan/runner.ts';
import { standInEngine } from '../../infra/plan/stand-in-engine.ts';
import {
  contentPlan,
  contentRoot,
  dependencies,
  messageOf,
  program,
  resource,
  withFiles,
} from '../fixtures/infra-content/runs.ts';

const shipped = fileURLToPath(new URL('../../kql/functions', import.meta.url));
const file = (name: string, body: string): string => `// A row is a row.\nlet ${name} = () {\n${body}\n};\n`;

describe('reading functions', () => {
  test('what is called comes first; names in comments and strings are no calls', () => {
    expect(readSavedFunctions(`${contentRoot}/kql/functions`)).toMatchObject([
      { name: 'DemoEvents', parameters: 'startTime:datetime=datetime(null)', calls: [] },
      { name: 'DemoAgents', parameters: 'lookback:timespan=7d', calls: ['DemoEvents'] },
    ]);
  });

  test('every function that the product ships has its callees before it', () => {
    const functions = readSavedFunctions(shipped);
    const at = (name: string): number => functions.findIndex((one) => one.name === name);
    const wrong = functions.flatMap(({ name, calls }) => calls.filter((called) => at(called) >= at(name)));
    expect(wrong).toEqual([]);
    expect(functions.length).toBeGreaterThan(10);
  });

  test('a folder that is not there holds none', () => expect(readSavedFunctions('/nowhere')).toEqual([]));

  test.for([
    { files: { 'A.kql': file('A', 'B'), 'B.kql': file('B', 'A | take 1') }, says: 'A calls B calls A' },
    { files: { 'A.kql': file('A', 'A() | take 1') }, says: 'A calls A' },
    { files: { 'A.kql': 'T | take 1' }, says: 'A.kql: no `let Name = (`' },
  ])('an error names the file or the circle: $says', ({ files, says }) => {
    expect(messageOf(() => withFiles(files, readSavedFunctions))).toContain(says);
  });

  test('a call of what is not shipped is no dependency', () => {
    expect(inCallOrder([{ name: 'A', calls: ['Elsewhere'] }])).toEqual([{ name: 'A', calls: ['Elsewhere'] }]);
  });
});

describe('saved functions', () => {
  test('each is a saved search under its own name, and its text is the body', async () => {
    expect(resource(await contentPlan(), 'function-DemoAgents').inputs).toEqual({
      resourceGroupName: 'rg-fixture',
      workspaceName: 'log-fixture',
      savedSearchId: 'DemoAgents',
      displayName: 'DemoAgents',
      category: 'Microsoft Copilot',
      functionAlias: 'DemoAgents',
      functionParameters: 'lookback:timespan=7d',
      query: expect.stringMatching(/^DemoEvents\(ago\(lookback\)\)\n.*by AgentId$/s),
      tags: [{ name: 'description', value: expect.stringContaining('One row per agent') }],
      version: 2,
    });
  });

  test('one that changed is removed and saved anew: Azure takes no other change without its etag', async () => {
    expect(resource(await contentPlan(), 'function-DemoAgents')).toMatchObject({
      replaceOnChanges: ['*'],
      deleteBeforeReplace: true,
    });
  });

  test('they come after onboarding and tables, a caller after what it calls', async () => {
    const plan = await contentPlan();
    const before = ['sentinel', 'table-CopilotAudit_CL', 'table-CopilotHealth_CL', 'workspace'];
    expect(dependencies(plan, 'function-DemoEvents')).toEqual(before);
    expect(dependencies(plan, 'function-DemoAgents')).toEqual(['function-DemoEvents', ...before]);
  });

  test("a tenant's own workspace has functions of its own under the same names", async () => {
    const plan = await contentPlan({ config: { suffix: '-0a1b2c3d' } });
    expect(resource(plan, 'function-DemoEvents-0a1b2c3d').inputs).toMatchObject({ savedSearchId: 'DemoEvents' });
  });
});

describe('the question whether functions bind', () => {
  test('binds to the functions that the product ships, and does not without one of them', () => {
    const functions = readSavedFunctions(shipped);
    const query = bindingQuery(functions) ?? '';
    expect(
      workspaceEngine()
        .prepare(query)
        .run({ now: new Date('2026-11-20T12:00:00Z') }).rows,
    ).toEqual([]);
    const without = readFunctions(shipped).filter(({ name }) => name !== 'CopilotEntities');
    expect(messageOf(() => workspaceEngine(without).prepare(query))).toContain('CopilotEntities');
  });

  test('is one query that calls them all and reads nothing', () => {
    expect(bindingQuery(readSavedFunctions(`${contentRoot}/kql/functions`))).toBe(
      'union\n(DemoEvents() | take 0 | project Bound = true),\n(DemoAgents() | take 0 | project Bound = true)',
    );
  });

  test.for([
    { of: 'no functions', functions: [] },
    { of: 'a function whose parameter must be given', functions: [{ name: 'F', parameters: 'a:int, b:int=1' }] },
  ])('is none for $of', ({ functions }) => expect(bindingQuery(functions)).toBeUndefined());

  const notYet: Binding = { kind: 'not-yet', reason: '400: no DemoEvents' };
  test.for([
    { answers: [{ kind: 'bound' }], asked: 1, said: 0, warned: '' },
    { answers: [notYet, notYet, { kind: 'bound' }], asked: 3, said: 1, warned: '' },
    { answers: [notYet, { kind: 'unknowable', reason: '403: no role' }], asked: 2, said: 1, warned: '403: no role' },
    { answers: [], asked: 60, said: 1, warned: 'not ready after 15 minutes (400: no DemoEvents)' },
  ] satisfies readonly { answers: readonly Binding[]; asked: number; said: number; warned: string }[])(
    'is asked $asked times, and never fails the deployment',
    async ({ answers, asked, said, warned }) => {
      let count = 0;
      const [infos, warnings, pauses]: [string[], string[], number[]] = [[], [], []];
      const ask = (): Promise<Binding> => Promise.resolve(answers[count++] ?? notYet);
      const pause = (ms: number): Promise<void> => {
        pauses.push(ms);
        return Promise.resolve();
      };
      await waitUntilBound('Q', ask, { pause, say: (line) => infos.push(line), warn: (line) => warnings.push(line) });
      expect([count, infos.length]).toEqual([asked, said]);
      expect(warnings.join()).toContain(warned);
      expect(warnings).toHaveLength(warned === '' ? 0 : 1);
      expect(new Set(pauses)).toEqual(new Set(asked > 1 ? [15_000] : []));
    },
  );
});

interface Asked {
  readonly request: IncomingMessage;
  readonly body: string;
}

/** A query API on loopback that answers in turn, the last answer for ever. */
async function queryApi<T>(
  answers: readonly { readonly status: number; readonly body: unknown }[],
  use: (url: string, asked: readonly Asked[]) => Promise<T>,
): Promise<T> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { status, body: answer } = answers[asked.length] ?? answers.at(-1) ?? { status: 500, body: {} };
      asked.push({ request, body });
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const unresolved = {
  error: {
    message: 'The request had some invalid properties',
    innererror: { message: 'A semantic error occurred.', innererror: { message: "no function 'DemoEvents'" } },
  },
};

describe('the query API', () => {
  test.for([
    { status: 200, body: { tables: [] }, binding: { kind: 'bound' } },
    { status: 400, body: unresolved, binding: { kind: 'not-yet', reason: "400: no function 'DemoEvents'" } },
    { status: 404, body: { error: { message: 'no workspace' } }, binding: { kind: 'not-yet' } },
    { status: 429, body: 'busy', binding: { kind: 'not-yet', reason: '429: no reason given' } },
    { status: 403, body: { error: { message: 'no role' } }, binding: { kind: 'unknowable', reason: '403: no role' } },
  ])('$status means $binding.kind', async ({ status, body, binding }) => {
    await queryApi([{ status, body }], async (url, asked) => {
      expect(await workspaceQuery(url, 'id', () => Promise.resolve('T'))('Q')).toMatchObject(binding);
      expect(asked.map(({ request, body: sent }) => [request.url, request.headers.authorization, sent])).toEqual([
        ['/v1/workspaces/id/query', 'Bearer T', '{"query":"Q","timespan":"PT1M"}'],
      ]);
    });
  });

  test('that is not there is asked again later', async () => {
    const ask = workspaceQuery('http://127.0.0.1:1', 'id', () => Promise.resolve('T'));
    expect(await ask('Q')).toMatchObject({ kind: 'not-yet' });
  });
});

/** Runs the fixture's program with a token and a query API; tells how many rules were there at each question. */
async function run(mode: 'preview' | 'update', answers: Parameters<typeof queryApi>[0]) {
  return queryApi(answers, async (url, asked) => {
    const rulesWhenAsked: number[] = [];
    const around = { ...surroundings };
    const engine = await standInEngine({
      project: 'copilot-sentinel',
      stack: 'dev',
      mode,
      answer: (registration) => {
        if (registration.name.startsWith('rule-')) rulesWhenAsked.push(asked.length);
        return answerOf(registration, around.subscriptionId);
      },
      invoke: (invoke) => (invoke.token.endsWith(':getClientToken') ? { token: 'T' } : invokeAnswer(invoke, around)),
    });
    try {
      const ended = await runProgram({
        program,
        directory: contentRoot,
        project: 'copilot-sentinel',
        stack: 'dev',
        mode,
        address: engine.address,
        config: { 'copilot-sentinel:queryUrl': url, 'copilot-sentinel:impatient': 'true' },
        secretKeys: [],
        env: process.env,
        deadlineMs: 60_000,
      });
      expect(ended.exitCode, ended.printed).toBe(0);
      return { recording: engine.recording(), asked: [...asked], rulesWhenAsked };
    } finally {
      engine.stop();
    }
  });
}

const isRule = ({ name }: { readonly name: string }): boolean => name.startsWith('rule-');

describe('rules of a deployment', () => {
  test('the first update creates them once the workspace binds the functions', async () => {
    const { recording, asked, rulesWhenAsked } = await run('update', [
      { status: 404, body: {} },
      { status: 400, body: unresolved },
      { status: 200, body: {} },
    ]);
    expect(asked).toHaveLength(3);
    expect(rulesWhenAsked).toEqual([3, 3, 3]);
    expect(recording.logs.map(({ message }) => message)).toEqual([
      'functions: waiting until the workspace knows them (404: no reason given)',
    ]);
    // The token is the deployer's: it stays in memory.
    expect(JSON.stringify(recording.registrations)).not.toContain('Bearer');
  });

  test('later updates ask once and do not wait', async () => {
    const { recording, asked } = await run('update', [{ status: 200, body: {} }]);
    expect([asked.length, recording.logs]).toEqual([1, []]);
  });

  test('a preview asks for nothing, and shows every rule with its query', async () => {
    const { recording, asked } = await run('preview', [{ status: 400, body: unresolved }]);
    expect(asked).toHaveLength(0);
    expect(recording.invokes.filter(({ token }) => token.endsWith(':getClientToken'))).toEqual([]);
    const rules = recording.registrations.filter(isRule);
    expect(rules.map(({ inputs }) => inputs['query'])).toContain('DemoAgents(14d)');
    expect(rules).toHaveLength(3);
  });

  test('where the workspace tells nothing, they are created all the same', async () => {
    const { recording } = await run('update', [{ status: 403, body: { error: { message: 'no role' } } }]);
    expect(recording.registrations.filter(isRule)).toHaveLength(3);
    expect(recording.logs.map(({ message }) => message)).toEqual([
      expect.stringContaining('does not say whether they are ready (403: no role)'),
    ]);
  });

  test.for(['update', 'preview'] as const)('in an %s they depend on functions, tables and watchlists', async (mode) => {
    const plan = await contentPlan({ preview: mode === 'preview' });
    expect(dependencies(plan, 'rule-impact-silence')).toEqual([
      'function-DemoAgents',
      'function-DemoEvents',
      'sentinel',
      'table-CopilotAudit_CL',
      'table-CopilotHealth_CL',
      'watchlist-DemoApprovedAgents',
      'watchlist-DemoSensitiveLabels',
      'workspace',
    ]);
  });
});
