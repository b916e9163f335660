import { inspect } from 'node:util';
import type { AccessToken, TokenCredential } from '@azure/core-auth';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Refusal, SinkError } from '../../../collector/contracts.ts';
import type { Log } from '../../../collector/log.ts';
import { copilotAudit, copilotHealth, emptyRow, type Row } from '../../../collector/schema/index.ts';
import { logsIngestion, type LogsIngestionOptions } from '../../../collector/sinks/logs-ingestion.ts';
import { type Answer, ingestionServer, type IngestionServer, type Received } from './ingestion-server.ts';

const never = new AbortController().signal;
const noon = Date.parse('2026-10-03T12:00:00.000Z');
const ruleId = `dcr-${'0123456789abcdef'.repeat(2)}`;
const secret = 'canary-token';

let server: IngestionServer;
let warnings: { fields: Record<string, unknown>; message: string }[];
beforeEach(async () => {
  server = await ingestionServer();
  warnings = [];
});
afterEach(async () => {
  await server.close();
  if (server.problems.length > 0) throw new Error(server.problems.join('; '));
});

const log = {
  info: () => undefined,
  warn: (fields: Record<string, unknown>, message: string) => void warnings.push({ fields, message }),
  error: () => undefined,
} as unknown as Log;

/** A credential whose tokens are told apart by a number. */
function credentials() {
  let made = 0;
  return {
    made: () => made,
    credential: (): TokenCredential => {
      const number = ++made;
      return {
        getToken: async (): Promise<AccessToken> => ({
          token: `${secret}-${number}`,
          expiresOnTimestamp: Date.now() + 3_600_000,
        }),
      };
    },
  };
}

const sinkOf = (change: Partial<LogsIngestionOptions> = {}) =>
  logsIngestion({
    url: server.url,
    ruleId,
    audience: 'https://monitor.azure.com',
    credential: credentials().credential,
    log,
    now: () => noon + performance.now(),
    backoffMs: 5,
    maxBackoffMs: 20,
    maxPauseMs: 30,
    forbiddenWaitsMs: [5],
    ...change,
  });

const row = (RecordId: string, more: object = {}): Row => ({
  ...emptyRow(copilotAudit),
  RecordId,
  EventTime: '2026-10-03T11:00:00Z',
  ...more,
});
const rowsOf = (count: number, more: object = {}): readonly Row[] =>
  Array.from({ length: count }, (_, n) => row(`r${n}`, more));
const ids = (rows: readonly Row[]) => rows.map((one) => one['RecordId']);
const refusedIds = (refusals: readonly Refusal[]) => refusals.map(({ row: one }) => one['RecordId']);

async function failureOf(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (thrown: Error) => thrown,
  );
  // Whatever is logged of an error, its cause included.
  expect(inspect(error, { depth: 10 })).not.toContain(secret);
  return error;
}

describe('the sink of Azure Monitor', () => {
  test('writes to the stream of the table, stamped, without null columns', async () => {
    expect(await sinkOf().write(copilotAudit, [row('a', { Operation: 'ä"\n' })], never)).toEqual([]);
    expect(server.requests).toMatchObject([{ ruleId, stream: 'Custom-CopilotAudit_CL', token: `${secret}-1` }]);
    expect(server.accepted).toEqual([
      {
        TimeGenerated: '2026-10-03T11:00:00Z',
        TimeClamped: false,
        RecordId: 'a',
        EventTime: '2026-10-03T11:00:00Z',
        Operation: 'ä"\n',
      },
    ]);
  });

  test('a table without TimeClamped gets none, and no rows are no request', async () => {
    const sink = sinkOf();
    await sink.write(copilotHealth, [{ ...emptyRow(copilotHealth), Reason: 'x' }], never);
    await sink.write(copilotHealth, [], never);
    expect(server.requests).toHaveLength(1);
    expect(Object.keys(server.accepted[0] ?? {})).toEqual(['TimeGenerated', 'Reason']);
  });

  test('one chunk is one request of at most 1,000,000 bytes, brackets and commas counted', async () => {
    const rows = rowsOf(3000, { LLMEventData: { text: 'ü"'.repeat(300) }, Operation: '\n'.repeat(20) });
    await sinkOf().write(copilotAudit, rows, never);
    expect(server.requests.length).toBeGreaterThan(3);
    // Full ones, but for the last: the limit is used, and the SDK did not split.
    const sizes = server.requests.map(({ bytes }) => bytes).toSorted((a, b) => b - a);
    for (const size of sizes.slice(0, -1)) expect(size).toBeGreaterThan(950_000);
    expect(server.accepted).toHaveLength(rows.length);
    expect(new Set(ids(server.accepted)).size).toBe(rows.length);
  });

  test('tiny rows, whose commas count most, stay below the limit, too', async () => {
    const rows = Array.from({ length: 30_000 }, () => emptyRow(copilotHealth));
    await sinkOf().write(copilotHealth, rows, never);
    expect(server.accepted).toHaveLength(rows.length);
  });

  test('no more chunks are on the wire than allowed, over all writes', async () => {
    const sink = sinkOf({ concurrency: 2, chunkBytes: 300 });
    // Each waits for a companion: fewer at once would never end.
    let lone: (() => void) | undefined;
    const inPairs = (): Promise<Answer> =>
      new Promise((resolve) => {
        const release = (): void => resolve('accept');
        if (lone === undefined) lone = release;
        else {
          lone();
          release();
          lone = undefined;
        }
      });
    server.answer(...Array.from({ length: 30 }, () => inPairs));
    await Promise.all([1, 2, 3].map(() => sink.write(copilotAudit, rowsOf(20), never)));
    expect(server.requests).toHaveLength(30);
    expect(server.accepted).toHaveLength(60);
    expect(server.atOnce.most).toBe(2);
  });

  test('stamps at every try, not when the write began', async () => {
    let nowMs = noon;
    server.answer(() => {
      nowMs += 3 * 86_400_000;
      return { status: 500 };
    });
    await sinkOf({ now: () => nowMs }).write(copilotAudit, [row('a')], never);
    expect(server.requests.map(({ rows }) => rows[0])).toMatchObject([
      { TimeGenerated: '2026-10-03T11:00:00Z', TimeClamped: false },
      { TimeGenerated: '2026-10-06T12:00:00.000Z', TimeClamped: true },
    ]);
  });

  test('a write leaves the rows as they were', async () => {
    const rows = [row('a', { LLMEventData: { text: 'x'.repeat(100_000) } })];
    const before = structuredClone(rows);
    await sinkOf().write(copilotAudit, rows, never);
    expect(rows).toEqual(before);
  });

  test.for<[string, Answer]>([
    ['429 without Retry-After', { status: 429 }],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '0' } }],
    ['429 with a Retry-After of an hour', { status: 429, headers: { 'retry-after': '3600' } }],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '1' } }],
    ['503 without', { status: 503 }],
    ['500', { status: 500 }],
    ['408', { status: 408 }],
    ['502 of a proxy with a page', { status: 502, code: '', headers: { 'content-type': 'text/html' } }],
    ['a reset', 'reset'],
    ['a reset after it was accepted', 'lost by reset'],
    ['silence', 'hang'],
    ['silence after it was accepted', 'lost in silence'],
    ['401, once', { status: 401 }],
    ['403, which a new role needs', { status: 403 }],
  ])('tries again after %s', async ([, answer]) => {
    server.answer(answer, answer === 'hang' || (answer as { status?: number }).status === 401 ? 'accept' : answer);
    expect(await sinkOf({ timeoutMs: 200 }).write(copilotAudit, [row('a'), row('b')], never)).toEqual([]);
    expect(ids(server.accepted.slice(-2))).toEqual(['a', 'b']);
  });

  test('all chunks wait while the service throttles, as long as it says', async () => {
    const sink = sinkOf({ concurrency: 1, chunkBytes: 300, maxPauseMs: 10_000 });
    server.answer({ status: 429, headers: { 'retry-after': '1' } });
    // All are on their way when the first is throttled.
    await Promise.all([sink.write(copilotAudit, [row('a')], never), sink.write(copilotAudit, rowsOf(5), never)]);
    const [start, ...rest] = server.requests.map(({ at }) => at);
    for (const at of rest) expect(at - (start ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test('says that it waits, and warns once a minute only', async () => {
    const onWaiting = vi.fn<() => void>();
    server.answer({ status: 429 }, { status: 429 }, { status: 429 });
    await sinkOf({ onWaiting }).write(copilotAudit, [row('a')], never);
    expect(onWaiting.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.fields['reason']).toMatch(/throttles \(429 Code429: why\)/);
  });

  test('gives up after its tries, and says why; the next write starts anew', async () => {
    const sink = sinkOf({ tries: 3 });
    server.answer({ status: 500 }, { status: 500 }, { status: 500 });
    const error = await failureOf(sink.write(copilotAudit, [row('a')], never));
    expect(error).toBeInstanceOf(SinkError);
    expect(error.message).toMatch(/^Azure Monitor: gave up for now: .*500 Code500: why/);
    expect(await sink.write(copilotAudit, [row('a')], never)).toEqual([]);
  });

  test('a request that is not answered is ended by its own timeout, before anything else gives up', async () => {
    server.answer('hang');
    const error = await failureOf(sinkOf({ tries: 1, timeoutMs: 50 }).write(copilotAudit, [row('a')], never));
    expect(error.message).toMatch(/did not answer in time/);
    // The SDK's name for it; the outer limit would say TimeoutError.
    expect(error.cause).toMatchObject({ name: 'AbortError' });
  });

  test('gives up when it is throttled for longer than the deadline', async () => {
    let nowMs = noon;
    const throttled = (): Answer => {
      nowMs += 200_000;
      return { status: 429, headers: { 'retry-after': '0' } };
    };
    server.answer(...Array.from({ length: 50 }, () => throttled));
    await expect(sinkOf({ now: () => nowMs }).write(copilotAudit, [row('a')], never)).rejects.toThrow(/throttles/);
    expect(server.requests.length).toBeLessThan(8);
  });
});

describe('rows that the service will not take', () => {
  const isPoison = (one: Row): boolean => JSON.stringify(one['RecordId']).startsWith('"bad');
  const poisonous =
    (status: number, message = 'malformed JSON') =>
    ({ rows }: Received): Answer =>
      rows.some(isPoison) ? { status, code: 'InvalidPayload', message } : 'accept';

  test.for([400, 413])('are found by splitting after %i; the others are accepted', async (status) => {
    server.answer(...Array.from({ length: 200 }, () => poisonous(status)));
    const outcomes: string[] = [];
    const metrics = {
      request: (outcome: string) => void outcomes.push(outcome),
      rows: vi.fn<(table: string, count: number) => void>(),
    };
    const rows = [...rowsOf(30), row('bad1'), ...rowsOf(40), row('bad2')];
    const refusals = await sinkOf({ metrics }).write(copilotAudit, rows, never);
    expect(refusals).toEqual([
      { kind: 'refused', row: rows[30], reason: `${status} InvalidPayload: malformed JSON` },
      { kind: 'refused', row: rows[71], reason: `${status} InvalidPayload: malformed JSON` },
    ]);
    expect(server.accepted).toHaveLength(70);
    expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(2);
    expect(outcomes).toContain('split');
    expect(metrics.rows.mock.calls.reduce((sum, [, count]) => sum + count, 0)).toBe(70);
  });

  test('are not shown in the reason, however the service quotes them', async () => {
    const message = `Cannot read 'canary one' in column 'Operation', near "canary" canary-two@contoso.example`;
    const sink = sinkOf();
    await sink.write(copilotAudit, rowsOf(1), never);
    server.answer(poisonous(400, message));
    const rows = [row('bad', { Operation: 'canary one canary-two@contoso.example' })];
    const [refusal] = await sink.write(copilotAudit, rows, never);
    expect(refusal?.reason).toBe(`400 InvalidPayload: Cannot read '…' in column 'Operation', near "…" …`);
  });

  test('are not to blame when all are refused: nothing is put aside', async () => {
    server.answer(...Array.from({ length: 200 }, () => ({ status: 400 }) as const));
    const error = await failureOf(sinkOf().write(copilotAudit, rowsOf(100), never));
    expect(error).toBeInstanceOf(SinkError);
    expect(error.message).toMatch(/refused 100 rows of CopilotAudit_CL.*it is not the rows: check/);
  });

  test.for([1, 19])('are not to blame when the table never took a row: %i refused', async (count) => {
    server.answer(...Array.from({ length: 200 }, () => ({ status: 400 }) as const));
    const error = await failureOf(sinkOf().write(copilotAudit, rowsOf(count), never));
    expect(error.message).toMatch(/refused \d+ rows? of CopilotAudit_CL.*it is not the rows: check/);
  });

  test('are put aside while they are few, by a table that took others before', async () => {
    const sink = sinkOf();
    await sink.write(copilotAudit, rowsOf(1), never);
    server.answer(...Array.from({ length: 200 }, () => ({ status: 400 }) as const));
    expect(await sink.write(copilotAudit, rowsOf(19), never)).toHaveLength(19);
  });

  test('are put aside wherever they stand in a chunk, and the others are accepted', async () => {
    for (const isBad of [(n: number) => n < 25, (n: number) => n >= 75]) {
      const judge = ({ rows: sent }: Received): Answer =>
        sent.some(({ AppHost }) => AppHost === 'poison') ? { status: 400 } : 'accept';
      server.answer(...Array.from({ length: 300 }, () => judge));
      const rows = rowsOf(100).map((one, n) => (isBad(n) ? { ...one, AppHost: 'poison' } : one));
      const refusals = await sinkOf().write(copilotAudit, rows, never);
      expect(refusals.map(({ row: bad }) => bad)).toEqual(rows.filter((_row, n) => isBad(n)));
    }
  });

  test('that are no JSON are refused and do not harm the others', async () => {
    const broken = row('bad', { LLMEventData: { n: 1n } });
    const refusals = await sinkOf().write(copilotAudit, [row('a'), broken, row('b')], never);
    expect(refusals).toEqual([{ kind: 'refused', row: broken, reason: 'cannot be written as JSON (TypeError)' }]);
    expect(ids(server.accepted)).toEqual(['a', 'b']);
  });

  test('or not whole are cut, said in the row, and given back whole once they are accepted', async () => {
    const whole = row('a', { LLMEventData: { list: Array(20_000).fill('abcdefgh') }, ObjectId: 'é'.repeat(40_000) });
    server.answer({ status: 500 });
    const refusals = await sinkOf().write(copilotAudit, [row('b'), whole], never);
    expect(refusals).toEqual([
      {
        kind: 'oversize',
        row: whole,
        reason: 'cut to the limits of Azure: LLMEventData (220010 bytes), ObjectId (80000 bytes)',
      },
    ]);
    const sent = server.accepted[1] ?? {};
    expect(sent['TruncatedColumns']).toEqual(['LLMEventData', 'ObjectId']);
    expect(sent['ObjectId']).toBe('é'.repeat(32_768));
    expect(Buffer.byteLength(JSON.stringify(sent['LLMEventData']))).toBeLessThanOrEqual(65_536);
  });
});

describe('what the operator has to mend', () => {
  test('401: another token is tried once, for all chunks, then the message names the audience', async () => {
    const { credential, made } = credentials();
    const sink = sinkOf({ credential, chunkBytes: 300 });
    server.answer(
      ...Array.from(
        { length: 8 },
        () =>
          ({ token }: Received): Answer =>
            token.endsWith('-1') ? { status: 401 } : 'accept',
      ),
    );
    await sink.write(copilotAudit, rowsOf(6), never);
    expect(server.accepted).toHaveLength(6);
    expect(made()).toBe(2);
    server.answer({ status: 401 }, { status: 401 });
    const error = await failureOf(sink.write(copilotAudit, [row('a')], never));
    expect(error.message).toMatch(/401 .*token for https:\/\/monitor\.azure\.com: check that INGESTION_AUDIENCE/);
  });

  test('403: it waits for the role, says so, and goes on', async () => {
    server.answer({ status: 403 }, { status: 403 });
    await sinkOf().write(copilotAudit, [row('a')], never);
    expect(ids(server.accepted)).toEqual(['a']);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.message).toMatch(/not granted yet \(a new role assignment takes up to 30 minutes\)/);
    expect(warnings[0]?.fields).toMatchObject({ minutesLeft: 30 });
    expect(warnings[0]?.fields['reason']).toMatch(
      /grant Monitoring Metrics Publisher on the data collection rule dcr-/,
    );
  });

  test('403 after rows were accepted: access was taken away', async () => {
    const sink = sinkOf();
    await sink.write(copilotAudit, [row('a')], never);
    server.answer({ status: 403 });
    await sink.write(copilotAudit, [row('b')], never);
    expect(warnings[0]?.message).toMatch(/access .* was taken away/);
  });

  test('403 without patience fails at once; with it, when it has run out, whatever the deadline of a write', async () => {
    server.answer({ status: 403 });
    const error = await failureOf(sinkOf({ forbiddenPatienceMs: 0 }).write(copilotAudit, [row('a')], never));
    expect(error.message).toMatch(/^Azure Monitor: 403 Code403: why: grant Monitoring Metrics Publisher/);
    let nowMs = noon;
    const forbidden = (): Answer => {
      nowMs += 5 * 60_000;
      return { status: 403 };
    };
    server.answer(...Array.from({ length: 50 }, () => forbidden));
    const before = server.requests.length;
    // The clock goes on by itself while it waits, too.
    const now = () => (nowMs += 1);
    await failureOf(sinkOf({ now }).write(copilotAudit, [row('a')], never));
    expect(server.requests.length - before).toBe(7);
  });

  test('404 fails at once and names the rule and the stream', async () => {
    server.answer({ status: 404 });
    const error = await failureOf(sinkOf().write(copilotAudit, [row('a')], never));
    expect(error.message).toContain(`check DCR_IMMUTABLE_ID (${ruleId})`);
    expect(error.message).toContain('Custom-CopilotAudit_CL');
    expect(server.requests).toHaveLength(1);
  });

  test('an answer that is no 204 is no acceptance, and nothing is sent to where it points', async () => {
    for (const answer of [
      { status: 200, code: '' },
      { status: 307, headers: { location: `${server.url}/elsewhere` } },
    ]) {
      server.answer(answer);
      await expect(sinkOf().write(copilotAudit, [row('a')], never)).rejects.toThrow(/where 204 is due/);
    }
    expect(server.requests).toHaveLength(2);
  });

  test('a credential that hangs or fails is no endless wait', async () => {
    const hangs = { getToken: () => new Promise<AccessToken>(() => undefined) };
    const stuck = sinkOf({ credential: () => hangs, timeoutMs: 20, tries: 2 }).write(copilotAudit, [row('a')], never);
    await expect(stuck).rejects.toThrow(/did not answer in time/);
    const fails = {
      getToken: () => Promise.reject(Object.assign(new Error('no "canary"'), { name: 'CredentialUnavailableError' })),
    };
    const failing = sinkOf({ credential: () => fails, tries: 2 }).write(copilotAudit, [row('a')], never);
    await expect(failing).rejects.toThrow(/no token for https:\/\/monitor\.azure\.com: no "…": check the AZURE_/);
  });

  test('a refused connection and a foreign certificate name what to check', async () => {
    const url = server.url;
    await server.close();
    const error = await failureOf(sinkOf({ url, tries: 2 }).write(copilotAudit, [row('a')], never));
    expect(error.message).toMatch(/refuses connections \(ECONNREFUSED\): check INGESTION_URL/);
    server = await ingestionServer();
  });
});

describe('an aborted write', () => {
  test('does nothing when it comes too late', async () => {
    await expect(sinkOf().write(copilotAudit, [row('a')], AbortSignal.abort())).rejects.toThrow('abort');
    expect(server.requests).toHaveLength(0);
  });

  test('between chunks is no success: what was not sent is not accepted', async () => {
    const stop = new AbortController();
    server.answer(() => {
      stop.abort();
      return 'accept';
    });
    const sink = sinkOf({ concurrency: 1, chunkBytes: 300 });
    await expect(sink.write(copilotAudit, rowsOf(20), stop.signal)).rejects.toThrow('abort');
    expect(server.requests).toHaveLength(1);
  });

  test('in flight is no success although the service has accepted it', async () => {
    const stop = new AbortController();
    server.answer('lost in silence');
    const sink = sinkOf();
    const write = sink.write(copilotAudit, [row('a')], stop.signal);
    await vi.waitFor(() => expect(server.accepted).toHaveLength(1));
    stop.abort();
    await expect(write).rejects.toThrow('abort');
    await sink.write(copilotAudit, [row('a')], never);
    expect(ids(server.accepted)).toEqual(['a', 'a']);
  });

  test('just before the SDK is called is no success, though the SDK resolves', async () => {
    const stop = new AbortController();
    let asked = 0;
    // The clock is read for the stamps of a try, right before the rows are handed over.
    const now = () => {
      if (++asked === 3) stop.abort();
      return noon;
    };
    await expect(sinkOf({ now }).write(copilotAudit, [row('a')], stop.signal)).rejects.toThrow('abort');
    expect(server.accepted).toHaveLength(0);
  });

  test.for<[string, Answer]>([
    ['a long Retry-After', { status: 429, headers: { 'retry-after': '3600' } }],
    ['a back-off', { status: 500 }],
    ['the role', { status: 403 }],
  ])('does not wait for %s', async ([, answer]) => {
    const stop = new AbortController();
    server.answer(answer);
    const slow = {
      deadlineMs: Infinity,
      maxPauseMs: 3_600_000,
      backoffMs: 3_600_000,
      maxBackoffMs: 3_600_000,
      forbiddenWaitsMs: [3_600_000],
    };
    const write = sinkOf(slow).write(copilotAudit, [row('a')], stop.signal);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    stop.abort();
    await expect(write).rejects.toThrow('abort');
  });

  test('does not wait for a credential that hears nothing', async () => {
    const stop = new AbortController();
    const getToken = vi.fn<() => Promise<AccessToken>>(() => new Promise(() => undefined));
    const write = sinkOf({ credential: () => ({ getToken }) }).write(copilotAudit, [row('a')], stop.signal);
    await vi.waitFor(() => expect(getToken).toHaveBeenCalled());
    stop.abort();
    await expect(write).rejects.toThrow('abort');
  });

  test('leaves the other writes alone', async () => {
    const stop = new AbortController();
    server.answer('hang');
    const sink = sinkOf();
    const aborted = sink.write(copilotAudit, [row('a')], stop.signal);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    const other = sink.write(copilotAudit, [row('b')], never);
    stop.abort();
    await expect(aborted).rejects.toThrow('abort');
    expect(await other).toEqual([]);
  });

  test('and a failed one stop their other chunks; close() waits for what is under way', async () => {
    const sink = sinkOf({ concurrency: 1, chunkBytes: 300 });
    server.answer({ status: 404 });
    await expect(sink.write(copilotAudit, rowsOf(20), never)).rejects.toThrow(SinkError);
    expect(server.requests.length).toBeLessThanOrEqual(2);
    server.accepted.length = 0;
    const write = sink.write(copilotAudit, rowsOf(10), never);
    await sink.close();
    expect(server.accepted).toHaveLength(10);
    await write;
  });
});

describe('whatever happens', () => {
  const answer = fc.constantFrom<Answer>(
    'accept',
    'lost by reset',
    'reset',
    { status: 429 },
    { status: 429, headers: { 'retry-after': '0' } },
    { status: 503 },
    { status: 503, headers: { 'retry-after': '0' } },
    { status: 500 },
    { status: 403 },
    { status: 400 },
    { status: 413 },
  );
  const sizes = fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 60 });

  test('each row of a write that resolves is accepted at least once, or refused', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { maxLength: 12 }),
        sizes,
        fc.integer({ min: 700, max: 5000 }),
        fc.option(fc.nat({ max: 12 }), { nil: undefined }),
        async (script, lengths, chunkBytes, abortAt) => {
          const stop = new AbortController();
          let seen = 0;
          run++;
          server.answer(
            ...[...script, ...Array.from({ length: 40 }, () => 'accept' as const)].map((next) => () => {
              if (seen++ === abortAt) stop.abort();
              return next;
            }),
          );
          const rows = lengths.map((length, n) => row(`${run}-${n}`, { Operation: 'x'.repeat(length) }));
          const sink = sinkOf({ chunkBytes, tries: 20, backoffMs: 1, maxBackoffMs: 2, maxPauseMs: 2 });
          try {
            const refusals = await sink.write(copilotAudit, rows, stop.signal);
            const outcomes = new Set([...ids(server.accepted), ...refusedIds(refusals)]);
            expect(ids(rows).filter((id) => !outcomes.has(id))).toEqual([]);
          } catch (error) {
            // Then the caller writes all of them again.
            if (!stop.signal.aborted && !(error instanceof SinkError)) throw error;
          }
        },
      ),
      { numRuns: 80 },
    );
  });
});
