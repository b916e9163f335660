import { afterEach, describe, expect, it } from 'vitest';
import { elementTexts } from '../../../simulator/server/graph/audit-query-elements.ts';
import { liveSwitches, type Switches } from '../../../simulator/server/switches.ts';
import type { SimulatorOptions } from '../../../simulator/simulator.ts';
import {
  ask,
  auditRecord,
  blobOf,
  create,
  idOf,
  made,
  path,
  place,
  read,
  recordId,
  remove,
  someRecords,
  spanOf,
  statusOf,
  type Place,
} from './audit-query-harness.ts';
import { send } from './graph-harness.ts';
import { hourMs, now } from './server-harness.ts';

const running: Place[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ sim }) => sim.close()));
});
async function start(switches: Partial<Switches> = {}, options: SimulatorOptions = {}): Promise<Place> {
  const one = await place({ ...options, switches });
  running.push(one);
  return one;
}
const sorted = (ids: Iterable<string>): readonly string[] => [...ids].sort();
const numbered = (...numbers: readonly number[]): readonly string[] => numbers.map(recordId);

describe('a new query', () => {
  it('is 201 with its filters, record types in Pascal case, and no count', async () => {
    const one = await start();
    const answer = await create(one, spanOf(100, 0, { recordTypeFilters: ['copilotInteraction'] }));
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      '@odata.type': '#microsoft.graph.security.auditLogQuery',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      displayName: 'a test',
      filterStartDateTime: '2026-11-16T08:00:00Z',
      filterEndDateTime: '2026-11-20T12:00:00Z',
      recordTypeFilters: ['CopilotInteraction'],
      keywordFilter: '',
      serviceFilter: '',
      operationFilters: ['copilotinteraction'],
      userPrincipalNameFilters: [],
      ipAddressFilters: [],
      objectIdFilters: [],
      administrativeUnitIdFilters: [],
      status: 'notStarted',
    });
    expect(one.sim.report().graph).toMatchObject({ writes: 0, violations: [] });
  });

  it('is refused with 400 when anything in it is not as documented', async () => {
    const one = await start();
    for (const [what, body] of [
      ['ends before it starts', spanOf(1, 2)],
      ['has no times', { displayName: 'a test' }],
      ['has a time without a zone', { ...spanOf(1), filterEndDateTime: '2026-11-20T12:00:00' }],
      ['has a filter that does not exist', { ...spanOf(1), operationFilter: ['CopilotInteraction'] }],
      ['has a text for a list', { ...spanOf(1), operationFilters: 'CopilotInteraction' }],
      ['has record types in Pascal case', { ...spanOf(1), recordTypeFilters: ['CopilotInteraction'] }],
      ['is of another type', { ...spanOf(1), '@odata.type': '#microsoft.graph.user' }],
      ['is no JSON', '{"displayName":'],
      ['is no object', '[]'],
    ] as const) {
      const answer = await create(one, body);
      expect([what, answer.status, answer.code]).toEqual([what, 400, 'BadRequest']);
    }
    const { body } = await create(one, spanOf(1, 2));
    expect(body['error']).toMatchObject({ message: 'Invalid request data' });
    expect(one.report()).toMatchObject({ submissions: 0, left: 0 });
  });

  it('needs AuditLogsQuery.Read.All, as everything about queries does', async () => {
    const graphRoles = liveSwitches.graphRoles.filter((role) => role !== 'AuditLogsQuery.Read.All');
    const one = await start({ graphRoles });
    for (const answer of [await create(one, spanOf(1)), await ask(one, path), await ask(one, `${path}/x/records`)])
      expect([answer.status, answer.code]).toEqual([403, 'Authorization_RequestDenied']);
  });

  it('cannot be changed, and who tries is told of', async () => {
    const one = await start();
    const id = await made(one);
    const { sim, token } = one;
    expect((await send(sim, token, 'PATCH', `${path}/${id}`, { displayName: 'other' })).status).toBe(405);
    expect((await send(sim, token, 'DELETE', path, '', {})).status).toBe(405);
    expect((await send(sim, token, 'POST', `${path}/${id}/records`, {})).status).toBe(405);
    expect(sim.report().graph.writes).toBe(3);
    expect((await ask(one, `${path}/${id}/other`)).status).toBe(404);
  });
});

describe('the version', () => {
  it.for([
    ['empty-404', 404, 'UnknownError', ''],
    ['segment-404', 404, 'BadRequest', "Resource not found for the segment 'auditLog'."],
    ['segment-400', 400, 'BadRequest', "Resource not found for the segment 'auditLog'."],
  ] as const)(
    'v1.0 of some tenants is not there, said as %s, while beta works',
    async ([how, status, code, message]) => {
      const one = await start({ auditQueryVersions: 'beta', auditQueryUnserved: how });
      const answer = await ask(one, path);
      expect([answer.status, answer.code, (answer.body['error'] as { message: string }).message]).toEqual([
        status,
        code,
        message,
      ]);
      expect((await create(one, spanOf(1))).status).toBe(status);
      const beta = path.replace('v1.0', 'beta');
      expect((await ask(one, beta)).body['value']).toEqual([]);
      const id = idOf(await create(one, spanOf(100), beta));
      expect((await ask(one, beta)).body['value']).toEqual([expect.objectContaining({ id })]);
      const { body } = await ask(one, `${beta}/${id}/records?$top=10`);
      expect(body['@odata.nextLink']).toMatch(`${one.sim.graphUrl}/beta/security/auditLog/queries/${id}/records?`);
    },
  );

  it('none is there in clouds without the query', async () => {
    const one = await start({ auditQueryVersions: 'none' });
    expect([(await ask(one, path)).status, (await ask(one, path.replace('v1.0', 'beta'))).status]).toEqual([404, 404]);
  });
});

describe('a query', () => {
  it('starts, runs and succeeds after its latency, and gives records only then', async () => {
    const one = await start({ auditQueryLatencyMs: 600_000 });
    const id = await made(one);
    const seen: unknown[] = [];
    for (const minutes of [0, 1, 3, 9]) {
      one.clock.ms = now + minutes * 60_000;
      seen.push(await statusOf(one, id));
    }
    expect(seen).toEqual(['notStarted', 'notStarted', 'running', 'running']);
    expect((await read(one, id)).last).toMatchObject({ status: 400, code: 'BadRequest' });
    one.clock.ms = now + 600_000;
    expect((await ask(one, `${path}/${id}`)).body).toMatchObject({
      status: 'succeeded',
      approximateReturnedRecordCount: 30,
      recordCountLimit: 1_000_000,
      isRecordCountLimitExceeded: false,
    });
    expect((await read(one, id)).ids).toHaveLength(30);
  });

  it.for([
    ['queued', ['queued', 'running', 'succeeded']],
    ['unknown', ['unknownFutureValue', 'unknownFutureValue', 'succeeded']],
  ] as const)('may say so in other words: %s', async ([auditQueryStatuses, words]) => {
    const one = await start({ auditQueryStatuses, auditQueryLatencyMs: 600_000 });
    const id = await made(one);
    const seen: unknown[] = [];
    for (const minutes of [0, 5, 10]) {
      one.clock.ms = now + minutes * 60_000;
      seen.push(await statusOf(one, id));
    }
    expect(seen).toEqual(words);
  });

  it('may lack the counts', async () => {
    const one = await start({ auditQueryCounts: 'absent' });
    const { body } = await ask(one, `${path}/${await made(one)}`);
    expect(Object.keys(body).filter((name) => /count/i.test(name))).toEqual([]);
  });

  it('that is deleted is 404 from then on, and deleting it again, too', async () => {
    const one = await start();
    const id = await made(one);
    const answer = await remove(one, id);
    expect([answer.status, answer.raw.body]).toEqual([204, '']);
    expect((await ask(one, `${path}/${id}`)).status).toBe(404);
    expect((await read(one, id)).last.status).toBe(404);
    expect((await remove(one, id)).status).toBe(404);
    expect(one.report()).toMatchObject({ submissions: 1, deleted: 1, left: 0 });
  });
});

describe('records', () => {
  it('have the envelope with crossed user fields, and the record of the feed inside', async () => {
    const record = auditRecord(1, 48, { ObjectId: 'https://contoso.example/a', Extra: { a: [1] } });
    const one = await start({}, { blobs: [blobOf([record])] });
    const { pages, last } = await read(one, await made(one));
    expect(last.body['@odata.count']).toBe(1);
    expect(pages[0]?.[0]).toEqual({
      id: recordId(1),
      createdDateTime: '2026-11-18T12:00:00Z',
      auditLogRecordType: 'CopilotInteraction',
      operation: 'CopilotInteraction',
      organizationId: 'c0ffee00-1111-4222-8333-944455556666',
      userType: 'Regular',
      userId: '5b2d1f0a-7f0c-4a51-9d0e-0d9b1a6f1c01',
      service: 'Copilot',
      objectId: 'https://contoso.example/a',
      userPrincipalName: 'megan@contoso.example',
      clientIp: null,
      administrativeUnits: [''],
      auditData: { '@odata.type': '#microsoft.graph.security.defaultAuditData', ...record },
    });
  });

  it('come by the time of the event, not that of the blob: the start is in, the end is not', async () => {
    const records = [auditRecord(1, 50), auditRecord(2, 49), auditRecord(3, 48)];
    const one = await start({}, { blobs: [blobOf(records, now - hourMs)] });
    expect((await read(one, await made(one, spanOf(50, 48)))).ids).toEqual(numbered(1, 2));
  });

  it('of every workload are there, and operation filters choose without case', async () => {
    const teams = auditRecord(2, 48, { Operation: 'MessageSent', RecordType: 25, Workload: 'MicrosoftTeams' });
    const one = await start({}, { blobs: [blobOf([auditRecord(1, 48), teams, null, { Operation: 'NoId' }])] });
    const idsOf = async (more: Readonly<Record<string, unknown>>): Promise<readonly string[]> =>
      sorted((await read(one, await made(one, spanOf(100, 0, { operationFilters: [], ...more })))).ids);
    expect(await idsOf({})).toEqual(numbered(1, 2));
    expect(await idsOf({ operationFilters: ['MESSAGEsent'] })).toEqual(numbered(2));
    expect(await idsOf({ recordTypeFilters: ['copilotInteraction'] })).toEqual(numbered(1));
    expect(await idsOf({ serviceFilter: 'Copilot' })).toEqual(numbered(1));
    expect(await idsOf({ keywordFilter: 'apphost', recordTypeFilters: ['microsoftTeams'] })).toEqual(numbered(2));
    expect(await idsOf({ objectIdFilters: ['nowhere'] })).toEqual([]);
    // Ineffective on the service, too.
    expect(await idsOf({ userPrincipalNameFilters: ['nobody@contoso.example'] })).toEqual(numbered(1, 2));
  });

  it('come once although the feed gave them in two blobs', async () => {
    const one = await start({}, { blobs: [blobOf(someRecords(3), now - 2 * hourMs), blobOf(someRecords(5))] });
    expect(sorted((await read(one, await made(one))).ids)).toEqual(numbered(1, 2, 3, 4, 5));
  });

  it('become visible 30 minutes to a day after the event, and a query keeps what it found', async () => {
    const records = Array.from({ length: 200 }, (_, nth) => auditRecord(nth + 1, 1));
    const one = await start({}, { blobs: [blobOf(records)] });
    const early = await made(one);
    const soon = (await read(one, early)).ids.length;
    expect(soon).toBeGreaterThan(100);
    expect(soon).toBeLessThan(200);
    one.clock.ms = now + 23 * hourMs;
    expect((await read(one, early)).ids).toHaveLength(soon);
    expect((await read(one, await made(one))).ids).toHaveLength(200);
    const fast = await start({ auditVisibleMinutes: [90, 90] }, { blobs: [blobOf(records)] });
    expect((await read(fast, await made(fast))).ids).toHaveLength(0);
  });

  it('come in pages of 150, or of $top up to 500, whose links are on the host of Graph', async () => {
    const one = await start({}, { blobs: [blobOf(someRecords(700))] });
    const id = await made(one);
    for (const [query, sizes] of [
      ['', [150, 150, 150, 150, 100]],
      ['?$top=200', [200, 200, 200, 100]],
      ['?$top=5000', [500, 200]],
    ] as const) {
      const { pages, ids } = await read(one, id, query);
      expect(pages.map(({ length }) => length)).toEqual(sizes);
      expect(new Set(ids).size).toBe(700);
    }
    expect((await ask(one, `${path}/${id}/records?$top=0`)).status).toBe(400);
    expect((await ask(one, `${path}/${id}/records?$skiptoken=abc`)).status).toBe(400);
    const { readings, recordsServed } = one.report();
    expect(readings.map(({ query, reading, ids }) => [query, reading, ids.length])).toEqual([
      [id, 1, 700],
      [id, 2, 700],
      [id, 3, 700],
    ]);
    expect(recordsServed).toBe(2100);
  });

  it.for([
    ['flagged', true],
    ['silent', false],
  ] as const)('beyond the limit are cut off, %s', async ([auditQueryTruncation, isFlagged]) => {
    const one = await start({ auditQueryTruncation, auditQueryRecordLimit: 20 });
    const id = await made(one);
    expect((await ask(one, `${path}/${id}`)).body).toMatchObject({
      approximateReturnedRecordCount: 20,
      recordCountLimit: 20,
      isRecordCountLimitExceeded: isFlagged,
    });
    expect((await read(one, id)).ids).toHaveLength(20);
    const half = await made(one, spanOf(100, 48.25));
    expect((await read(one, half)).ids).toHaveLength(15);
    expect((await ask(one, `${path}/${half}`)).body).toMatchObject({ isRecordCountLimitExceeded: false });
  });
});

describe('limits', () => {
  it('refuse rapid creation, and say when to come back', async () => {
    const one = await start({ auditQueryCreationsPer10s: 2 });
    await made(one);
    await made(one);
    const { status, raw } = await create(one, spanOf(1));
    expect(status).toBe(429);
    expect(Number(raw.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(raw.headers['retry-after'])).toBeLessThanOrEqual(10);
    expect(one.report()).toMatchObject({ submissions: 2, throttled: 1 });
  });

  it('refuse more unfinished queries than slots; deleting one frees its slot', async () => {
    const one = await start({ auditQueriesRunning: 2, auditQueryLatencyMs: 600_000 });
    const [first] = [await made(one), await made(one)];
    expect((await create(one, spanOf(1))).raw.headers['retry-after']).toBe('150');
    await remove(one, first);
    expect((await create(one, spanOf(1))).status).toBe(201);
    expect((await create(one, spanOf(1))).status).toBe(429);
    one.clock.ms = now + 600_000;
    expect((await create(one, spanOf(1))).status).toBe(201);
    expect(one.report()).toMatchObject({ submissions: 4, throttled: 2, runningAtMost: 2, deleted: 1, left: 3 });
  });

  it('may count queries until they are deleted', async () => {
    const one = await start({ auditQueriesRunning: 1, auditQuerySlots: 'undeleted' });
    const id = await made(one);
    expect(await statusOf(one, id)).toBe('succeeded');
    expect((await create(one, spanOf(1))).status).toBe(429);
    await remove(one, id);
    expect((await create(one, spanOf(1))).status).toBe(201);
  });

  it('refuse more queries than fit into a day, deleted ones included, until the day is over', async () => {
    const one = await start({ auditQueriesPer24h: 2 });
    await remove(one, await made(one));
    one.clock.ms = now + hourMs;
    await made(one);
    const { status, raw } = await create(one, spanOf(1));
    expect([status, raw.headers['retry-after']]).toEqual([429, String(23 * 3600)]);
    one.clock.ms = now + 24 * hourMs;
    expect((await create(one, spanOf(1))).status).toBe(201);
  });
});

describe('the two views', () => {
  const options = { seed: 3, users: 12, days: 4 };
  const generated = (switches: Partial<Switches>): Promise<Place> =>
    start({ auditVisibleMinutes: [0, 0], ...switches }, options);
  const copilotIds = ({ sim }: Place): ReadonlySet<string> => new Set(sim.blobs.flatMap((blob) => blob.copilotIds));

  it('have the same Copilot records of the generated tenant', async () => {
    const one = await generated({});
    const ids = new Set((await read(one, await made(one, spanOf(100, 0, { operationFilters: [] })))).ids);
    for (const id of copilotIds(one)) expect(ids).toContain(id);
    expect(ids.size).toBeGreaterThan(copilotIds(one).size);
    expect(one.report()).toMatchObject({ withheldIds: [], withheldByDay: {}, feedOnlyIds: [], feedOnlyByDay: {} });
  }, 20_000);

  it('differ by what the feed is told to withhold, and by what only it has, and the report tells the truth', async () => {
    const one = await generated({ withheld: { count: 7 }, feedOnly: { share: 0.05 } });
    const { withheldIds, withheldByDay, feedOnlyIds, feedOnlyByDay } = one.report();
    expect(withheldIds).toHaveLength(7);
    expect(feedOnlyIds.length).toBeGreaterThan(3);
    expect(sorted(Object.values(withheldByDay).flat())).toEqual(withheldIds);
    expect(sorted(Object.values(feedOnlyByDay).flat())).toEqual(feedOnlyIds);
    for (const day of Object.keys(withheldByDay)) expect(day).toMatch(/^2026-11-(1[6-9]|20)$/);
    const { expected } = one.sim.report().ids;
    const all = copilotIds(one);
    expect(expected.length).toBeGreaterThan(100);
    expect(expected.filter((id) => withheldIds.includes(id))).toEqual([]);
    const asked = new Set((await read(one, await made(one, spanOf(100, 0, { operationFilters: [] })))).ids);
    expect(sorted([...all].filter((id) => !asked.has(id)))).toEqual(feedOnlyIds);
    const again = await generated({ withheld: { count: 7 }, feedOnly: { share: 0.05 } });
    expect(again.report().withheldIds).toEqual(withheldIds);
  }, 20_000);

  it('differ in the bodies of blobs, which keep everything else', async () => {
    const noise = { Id: 'x', Operation: 'MessageSent', RecordType: 25, Note: '"Id":"0b10b000"' };
    const blob = blobOf([auditRecord(1, 48), noise, auditRecord(2, 48), null], now - hourMs);
    const { sides } = await import('../../../simulator/server/graph/audit-query-sides.ts');
    const { feed } = sides({ blobs: [blob], seed: 1, switches: { ...liveSwitches, withheld: { share: 1 } } });
    expect(JSON.parse(feed[0]?.body() ?? '')).toEqual([noise, null]);
    expect(feed[0]).toMatchObject({ contentId: blob.contentId, recordCount: 2, copilotIds: [] });
  });
});

it('elements are found between odd neighbours', () => {
  expect(elementTexts('[]')).toEqual([]);
  expect(elementTexts('not an array')).toEqual([]);
  expect(elementTexts(' [ {"a":"],[\\"{"} ,\r\n null, [1,[2]],{"b":Word,},"x" ] ')).toEqual([
    '{"a":"],[\\"{"}',
    'null',
    '[1,[2]]',
    '{"b":Word,}',
    '"x"',
  ]);
});
