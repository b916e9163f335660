import { auditQueryApi } from '../../../collector/sources/audit-query/api.ts';
import { auditQuery } from '../../../collector/sources/audit-query/audit-query.ts';
import { DAY, logged, queryService } from './audit-query-service.ts';
import { type Ground, sourceContract } from './source-contract.ts';

const startMs = Date.parse('2026-11-19T06:00:00Z');
const firstDay = Date.parse('2026-11-12T00:00:00Z');

// The second service gives few records at once: windows are cut, also on the way through a pass that stops.
for (const [name, limit] of [
  ['audit-query', 1_000_000],
  ['audit-query that must cut its windows', 4],
] as const) {
  sourceContract(name, async (): Promise<Ground> => {
    const log = logged(60, firstDay, firstDay + 4 * DAY);
    const service = queryService({ startMs, log, limit, pageSize: 4 });
    const { graph, now, sleep } = service;
    return {
      source: () => auditQuery({ api: auditQueryApi(graph), task: { kind: 'days' }, patienceMs: DAY / 4, now, sleep }),
      expected: log.map(({ id }) => id),
      [Symbol.asyncDispose]: async () => undefined,
    };
  });
}
