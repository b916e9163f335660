import { afterEach, describe, expect, test } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../../simulator/simulator.ts';
import { audit, problem, publisherToken, sdkClient, send, streams, table, toRows } from './ingestion-harness.ts';
import { accessToken, someBlobs, started } from './server-harness.ts';

const running: Simulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()));
});
async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const sim = await started({ streams, ...options });
  running.push(sim);
  return sim;
}
const id = (number: number): string => `0b10b000-0000-4000-8000-${String(number).padStart(12, '0')}`;

describe('the request', () => {
  test.for(['plain', 'gzip'] as const)('is accepted with 204 and nothing else, %s', async (kind) => {
    const sim = await start();
    const answer = await send(sim, { rows: toRows(3), ...(kind === 'gzip' && { gzip: true }) });
    expect([answer.status, answer.body, answer.headers['content-length']]).toEqual([204, '', undefined]);
    expect(sim.stored(table)).toHaveLength(3);
    expect(sim.report().ingestion).toMatchObject({
      requests: { '204': 1 },
      rowsAccepted: 3,
      rowsByStream: { [audit]: 3 },
      unauthorized: 0,
    });
  });

  test("of Microsoft's client is accepted, in several gzip chunks", async () => {
    const sim = await start();
    await sdkClient(sim).upload(sim.immutableId, audit, toRows(2000, { Text: 'x'.repeat(1000) }));
    expect(sim.stored(table)).toHaveLength(2000);
    const { ingestion } = sim.report();
    expect(ingestion.requests).toEqual({ '204': 3 });
    expect(ingestion.wireBytes).toBeLessThan(ingestion.bytes / 5);
    expect(ingestion.largestBodyBytes).toBeGreaterThan(900_000);
    expect(ingestion.largestBodyBytes).toBeLessThanOrEqual(1_048_576);
  });

  const path = (sim: Simulator, rest: string): string => `/dataCollectionRules/${sim.immutableId}/streams/${rest}`;
  const refusals: readonly (readonly [string, (sim: Simulator) => Parameters<typeof send>[1], readonly unknown[]])[] = [
    ['without an api-version', (sim) => ({ path: path(sim, audit) }), [400, 'MissingApiVersionParameter']],
    [
      'with another api-version',
      (sim) => ({ path: `${path(sim, audit)}?api-version=2021-11-01-preview` }),
      [400, 'UnsupportedApiVersion'],
    ],
    ['without a token', () => ({ token: '' }), [401, 'InvalidToken']],
    ['with a token of nobody', () => ({ token: 'a.b.c' }), [401, 'InvalidToken']],
    [
      'to another rule',
      () => ({ path: `/dataCollectionRules/dcr-${'0'.repeat(32)}/streams/${audit}?api-version=2023-01-01` }),
      [404, 'NotFound'],
    ],
    [
      'to a rule by its name',
      () => ({ path: `/dataCollectionRules/copilot/streams/${audit}?api-version=2023-01-01` }),
      [404, 'NotFound'],
    ],
    ['to a stream that is not declared', () => ({ stream: 'Custom-Unknown_CL' }), [404, 'InvalidStream']],
    ['to a stream named as a property of every object', () => ({ stream: 'constructor' }), [404, 'InvalidStream']],
    ['by GET', () => ({ method: 'GET' }), [405, 'MethodNotAllowed']],
    ['as text', () => ({ headers: { 'Content-Type': 'text/plain' } }), [415, 'UnsupportedMediaType']],
    ['in another encoding', () => ({ headers: { 'Content-Encoding': 'deflate' } }), [415, 'UnsupportedMediaType']],
    ['said to be gzip and is not', () => ({ headers: { 'Content-Encoding': 'gzip' } }), [400, 'InvalidPayload']],
    ['that is no JSON', () => ({ body: '[{]' }), [400, 'InvalidPayload']],
    ['that is no UTF-8', () => ({ body: Buffer.from('[{"Text":"\xff"}]', 'latin1') }), [400, 'InvalidPayload']],
    ['that is one object', () => ({ rows: { RecordId: 'a' } }), [400, 'InvalidPayload']],
    ['that is an array of arrays', () => ({ rows: [[]] }), [400, 'InvalidPayload']],
    ['with null among the rows', () => ({ rows: [...toRows(1), null] }), [400, 'InvalidPayload']],
  ];
  test.for(refusals)('%s is refused, and nothing is stored', async ([, options, [status, code]]) => {
    const sim = await start();
    expect(problem(await send(sim, { rows: toRows(1), ...options(sim) }))).toEqual([status, code, code]);
    expect(sim.stored(table)).toEqual([]);
    expect(sim.report().ingestion).toMatchObject({
      requests: { [String(status)]: 1 },
      rowsAccepted: 0,
      unauthorized: status === 401 ? 1 : 0,
    });
  });

  const clouds = ['https://monitor.azure.com', 'https://monitor.azure.us', 'https://monitor.azure.cn'];
  test.for(clouds)('takes the audience %s', async (audience) => {
    const sim = await start();
    const token = await publisherToken(sim, audience);
    expect((await send(sim, { rows: toRows(1), token })).status).toBe(204);
  });

  test('takes no token for another audience, its own origin included', async () => {
    const sim = await start();
    for (const scope of ['https://manage.office.com', 'https://storage.azure.com', sim.ingestionUrl]) {
      const token = await accessToken(sim, { scope: `${scope}/.default` });
      expect((await send(sim, { rows: toRows(1), token })).status, scope).toBe(401);
    }
  });

  test('of a caller without the role is refused with 403 in the words of the service', async () => {
    const sim = await start({ switches: { publishers: [] } });
    const answer = await send(sim, { rows: toRows(1) });
    expect(problem(answer)).toEqual([403, 'OperationFailed', 'OperationFailed']);
    expect(answer.body).toContain(
      `does not have access to ingest data for the data collection rule with immutable Id '${sim.immutableId}' PipelineAccessResult: AccessGranted: False`,
    );
  });

  test.for([1_048_576, 1_000_000] as const)('may have %i bytes and not one more, plain and gzip', async (callBytes) => {
    const sim = await start({ switches: { callBytes } });
    const bodyOf = (size: number): string => `[{"Text":"${'x'.repeat(size - '[{"Text":""}]'.length)}"}]`;
    expect((await send(sim, { body: bodyOf(callBytes) })).status).toBe(204);
    expect((await send(sim, { body: bodyOf(callBytes), gzip: true })).status).toBe(204);
    const code = 'ContentLengthLimitExceeded';
    expect(problem(await send(sim, { body: bodyOf(callBytes + 1) }))).toEqual([413, code, code]);
    // On the wire it is small; what counts is also what it becomes.
    expect(problem(await send(sim, { body: bodyOf(callBytes + 1), gzip: true }))).toEqual([413, code, code]);
    expect(sim.report().ingestion).toMatchObject({ rowsAccepted: 2, largestBodyBytes: callBytes + 1 });
  });

  test('beyond the requests or bytes of a minute gets 429 with Retry-After', async () => {
    const bytes = await start({ switches: { ingestionBytesPerMinute: 400 } });
    const requests = await start({ switches: { ingestionRequestsPerMinute: 2 } });
    for (const sim of [bytes, requests]) {
      const answers = [];
      for (let sent = 0; sent < 6; sent += 1) answers.push(await send(sim, { rows: toRows(1, { Text: 'x' }) }));
      expect(answers[0]?.status).toBe(204);
      expect(answers[1]?.status).toBe(204);
      const last = answers.at(-1);
      expect(last?.status).toBe(429);
      expect(Number(last?.headers['retry-after'])).toBeGreaterThan(50);
      expect(Number(last?.headers['retry-after'])).toBeLessThanOrEqual(60);
      expect(sim.stored(table).length).toBe(answers.filter(({ status }) => status === 204).length);
    }
  });
});

describe('the report', () => {
  test('compares ids stored with ids expected, and counts copies', async () => {
    const sim = await start({ blobs: someBlobs(5) });
    await send(sim, { rows: toRows(3) });
    await send(sim, { rows: toRows(2) });
    await send(sim, { rows: [{ RecordId: id(9) }] });
    const { ids } = sim.report();
    expect(ids.stored).toEqual([id(1), id(2), id(3), id(9)]);
    expect(ids.storedTwice).toBe(2);
    expect(ids.notStored).toEqual([id(4), id(5)]);
    expect(ids.missing).toHaveLength(5);
  });

  test('is the same when only ids are kept, and rows cannot be read then', async () => {
    const sim = await start({ blobs: someBlobs(5), switches: { keepRows: 'ids' } });
    await send(sim, { rows: toRows(3, { Surprise: 1 }) });
    expect(sim.report()).toMatchObject({
      ids: { stored: [id(1), id(2), id(3)], storedTwice: 0, notStored: [id(4), id(5)] },
      ingestion: { rowsAccepted: 3, columnsDropped: { Surprise: 3 } },
    });
    expect(() => sim.stored(table)).toThrow(/keepRows/);
  });

  test('counts requests at once', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const sim = await start({ onIngestion: (moment, n) => (moment === 'stored' && n < 3 ? gate : undefined) });
    const pending = Promise.all([1, 2].map(() => send(sim, { rows: toRows(1) })));
    await expect.poll(() => sim.stored(table).length).toBe(2);
    await send(sim, { rows: toRows(1) });
    release();
    await pending;
    await send(sim, { rows: toRows(1) });
    expect(sim.report().ingestion.maxConcurrentRequests).toBe(3);
  });
});

describe('the rule', () => {
  test('declares the streams of the product unless told otherwise, and its id follows from the seed', async () => {
    const sim = await started({});
    const [again, other] = [await started({}), await started({ seed: 2 })];
    running.push(sim, again, other);
    for (const name of ['CopilotAudit', 'CopilotEntities', 'CopilotUsage', 'CopilotHealth']) {
      expect((await send(sim, { rows: [{}], stream: `Custom-${name}_CL` })).status, name).toBe(204);
    }
    expect(sim.immutableId).toMatch(/^dcr-[0-9a-f]{32}$/);
    expect(again.immutableId).toBe(sim.immutableId);
    expect(other.immutableId).not.toBe(sim.immutableId);
    expect(sim.ingestionEnv).toEqual({ INGESTION_URL: sim.ingestionUrl, DCR_IMMUTABLE_ID: sim.immutableId });
    expect(new Set([sim.url, sim.foreignUrl, sim.ingestionUrl]).size).toBe(3);
  });

  test('refuses a stream or a type that Azure does not know', async () => {
    await expect(start({ streams: { CopilotAudit_CL: [] } })).rejects.toThrow(/Custom-/);
    const wrong = JSON.parse('{"Custom-A_CL":[{"name":"A","type":"guid"}]}');
    await expect(start({ streams: wrong })).rejects.toThrow(/"A".*"guid"/);
  });
});
