/** The audit queries of Graph in memory, as strict as the wire: what it does not know is an error of the test. */
import type { DirectAnswer, DirectGraph } from '../../../collector/graph/direct.ts';
import type { Sleep } from '../../../collector/sources/audit-query/readings.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A record of the tenant's audit log. */
export interface Logged {
  readonly id: string;
  readonly ms: number;
  readonly operation?: string;
}

export interface ServiceOptions {
  readonly startMs: number;
  readonly log: readonly Logged[];
  /** Versions that exist. */
  readonly versions?: readonly string[];
  readonly missing?: DirectAnswer;
  /** From the making of a query to its end. */
  readonly latencyMs?: number;
  readonly limit?: number;
  readonly tells?: 'flag' | 'nothing';
  readonly pageSize?: number;
  /** Answers instead of the service; `n` counts requests from 1. */
  readonly instead?: (method: string, to: string, n: number) => DirectAnswer | undefined;
  /** Queries that are made though their answer never comes. */
  readonly loses?: (made: number) => boolean;
  /** The word of a query that has ended. */
  readonly endsAs?: (made: number) => string;
  /** Ids that a reading of a query leaves out; readings count from 1. */
  readonly omits?: (made: number, reading: number) => readonly string[];
}

interface Made {
  readonly number: number;
  readonly name: string;
  readonly version: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly operations: ReadonlySet<string>;
  readonly atMs: number;
  readings: number;
}

const answered = (body: unknown): DirectAnswer => ({ kind: 'answered', body });
export const refused = (status: number, message = ''): DirectAnswer => ({
  kind: 'refused',
  status,
  detail: String(status),
  message,
});
const KEYS = ['@odata.type', 'displayName', 'filterStartDateTime', 'filterEndDateTime', 'operationFilters'];

/** An item of a page: envelope with crossed user fields, audit record inside. */
export const itemOf = ({ id, ms, operation = 'CopilotInteraction' }: Logged): Record<string, unknown> => ({
  id,
  createdDateTime: new Date(ms).toISOString(),
  auditLogRecordType: 'CopilotInteraction',
  operation,
  userId: 'key-1',
  userPrincipalName: 'adele@contoso.example',
  clientIp: null,
  administrativeUnits: [''],
  auditData: {
    '@odata.type': '#microsoft.graph.security.defaultAuditData',
    Id: id,
    CreationTime: new Date(ms).toISOString().slice(0, 19),
    RecordType: 261,
    Operation: operation,
    Workload: 'Copilot',
    UserId: 'adele@contoso.example',
    UserKey: 'key-1',
    ClientIP: '192.0.2.7',
  },
});

/** A service on a clock of its own: sleeping moves it. */
export function queryService(options: ServiceOptions) {
  const { log, versions = ['v1.0', 'beta'], latencyMs = 12 * 60_000, limit = 1_000_000, tells = 'flag' } = options;
  const { missing = refused(404), pageSize = 150, instead, endsAs = () => 'succeeded', omits = () => [] } = options;
  const { loses = () => false } = options;
  let nowMs = options.startMs;
  const queries = new Map<string, Made>();
  const asked: string[] = [];
  const seen = { made: 0, most: 0, deleted: 0, spans: [] as string[], bodies: [] as Record<string, unknown>[] };

  const now = (): number => nowMs;
  const sleep: Sleep = async (ms, signal) => {
    signal.throwIfAborted();
    if (!Number.isFinite(ms) || ms < 0) throw new Error(`a sleep of ${ms} ms`);
    nowMs += ms;
  };
  const isOver = ({ atMs }: Made): boolean => nowMs - atMs >= latencyMs;

  function create(version: string, body: Record<string, unknown>): DirectAnswer {
    const unknown = Object.keys(body).filter((key) => !KEYS.includes(key));
    if (unknown.length > 0) throw new Error(`no property of a query: ${unknown.join()}`);
    const [fromMs, toMs] = ['filterStartDateTime', 'filterEndDateTime'].map((key) => Date.parse(String(body[key])));
    if (fromMs === undefined || toMs === undefined || !(fromMs < toMs)) return refused(400, 'Invalid request data');
    const operations = new Set((body['operationFilters'] as string[]).map((one) => one.toLowerCase()));
    if (operations.size === 0) throw new Error('a query without operations');
    const id = `query-${++seen.made}`;
    const name = String(body['displayName']);
    queries.set(id, { number: seen.made, name, version, fromMs, toMs, operations, atMs: nowMs, readings: 0 });
    seen.most = Math.max(seen.most, [...queries.values()].filter((one) => !isOver(one)).length);
    seen.spans.push(`${String(body['filterStartDateTime'])}/${String(body['filterEndDateTime'])}`);
    seen.bodies.push(body);
    if (loses(seen.made)) return { kind: 'failed', detail: '504' };
    return { kind: 'answered', body: { id, status: 'notStarted', displayName: name } };
  }

  function found({ fromMs, toMs, operations }: Made): readonly Logged[] {
    return log.filter(
      ({ ms, operation = 'CopilotInteraction' }) =>
        ms >= fromMs && ms < toMs && operations.has(operation.toLowerCase()),
    );
  }

  function statusOf(query: Made): DirectAnswer {
    if (!isOver(query)) return answered({ status: nowMs === query.atMs ? 'notStarted' : 'running' });
    const count = found(query).length;
    const counts = {
      approximateReturnedRecordCount: Math.min(count, limit),
      recordCountLimit: limit,
      isRecordCountLimitExceeded: count > limit,
    };
    return answered({ status: endsAs(query.number), ...(tells === 'flag' && counts) });
  }

  function pageOf(query: Made, id: string, search: URLSearchParams): DirectAnswer {
    if (!isOver(query)) return refused(400, 'Query is not completed');
    const skip = Number(search.get('$skiptoken') ?? 0);
    const size = Math.min(Number(search.get('$top') ?? pageSize), pageSize);
    if (skip === 0) query.readings++;
    const omitted = omits(query.number, query.readings);
    const items = found(query)
      .slice(0, limit)
      .filter((one) => !omitted.includes(one.id));
    const next = `https://graph.microsoft.com/${query.version}/security/auditLog/queries/${id}/records?$skiptoken=${skip + size}`;
    const value = items.slice(skip, skip + size).map(itemOf);
    return answered({ value, ...(skip + size < items.length && { '@odata.nextLink': next }) });
  }

  const graph: DirectGraph = {
    async ask(method, to, signal, content) {
      signal.throwIfAborted();
      asked.push(`${method} ${to}`);
      const other = instead?.(method, to, asked.length);
      if (other !== undefined) return other;
      const { pathname, searchParams } = new URL(to, 'https://graph.microsoft.com');
      const [, version = '', id, records] =
        /^\/([^/]+)\/security\/auditLog\/queries(?:\/([^/]+)(\/records)?)?$/.exec(pathname) ?? [];
      if (version === '') throw new Error(`not served: ${to}`);
      if (!versions.includes(version)) return missing;
      if (id === undefined && method === 'POST') return create(version, content as Record<string, unknown>);
      if (id === undefined) {
        // Two on a page, so that lists have pages.
        const skip = Number(searchParams.get('$skiptoken') ?? 0);
        const all = [...queries].map(([one, { name }]) => ({ id: one, displayName: name }));
        const next = `https://graph.microsoft.com/${version}/security/auditLog/queries?$skiptoken=${skip + 2}`;
        return answered({
          value: all.slice(skip, skip + 2),
          ...(skip + 2 < all.length && { '@odata.nextLink': next }),
        });
      }
      const query = queries.get(id);
      if (query === undefined) return refused(404, 'not found');
      if (method === 'DELETE') {
        queries.delete(id);
        seen.deleted++;
        return answered(undefined);
      }
      return records === undefined ? statusOf(query) : pageOf(query, id, searchParams);
    },
  };
  return { graph, now, sleep, asked, seen, queries, pass: (ms: number) => void (nowMs += ms) };
}

export const recordId = (n: number): string => `0e0e0e0e-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** `count` records spread evenly over a span. */
export const logged = (count: number, fromMs: number, toMs: number): readonly Logged[] =>
  Array.from({ length: count }, (_, n) => ({
    id: recordId(n),
    ms: Math.floor((fromMs + ((toMs - fromMs) * n) / count) / 1000) * 1000,
  }));
