/** The Graph side of a tenant, joined: its services, what is gone, its reports' downloads, and its ledger. */
import { randomUUID } from 'node:crypto';
import type { Tenant } from '../../tenant/tenant.ts';
import { chance } from '../chance.ts';
import type { FaultInjector } from '../fault-injector.ts';
import type { Call, Reply } from '../reply.ts';
import type { Switches } from '../switches.ts';
import type { TokenIssuer } from '../tokens.ts';
import { auditQueries } from './audit-query.ts';
import type { AuditQueryReport } from './audit-query-report.ts';
import type { Sides } from './audit-query-sides.ts';
import { graph } from './graph.ts';
import { graphLedger, type GraphReport } from './ledger.ts';

/** What it is made of. */
interface GraphTenantOptions {
  readonly tenant: Tenant;
  readonly seed: number | string;
  readonly switches: Switches;
  readonly tokens: TokenIssuer;
  readonly faults: FaultInjector;
  readonly countFault: (name: string) => void;
  readonly sides: Sides;
  readonly nowMs: () => number;
  readonly origin: () => string;
  readonly foreignOrigin: () => string;
}

/** The running Graph side. */
export interface GraphTenant {
  readonly handle: (call: Call) => Promise<Reply>;
  /** The answer of the foreign host to a request for a report; undefined when the path is none. */
  readonly download: (call: Call, hasToken: boolean) => Reply | undefined;
  readonly report: () => GraphReport;
  readonly auditReport: () => AuditQueryReport;
}

const maxGone = 3;

/** Joins the services of Graph. */
export function graphTenant(options: GraphTenantOptions): GraphTenant {
  const { tenant, seed, faults } = options;
  const ledger = graphLedger();
  const queries = auditQueries(options);
  const downloads = new Map<string, Buffer>();
  const few = (kind: string, ids: readonly string[]): readonly string[] =>
    ids
      .map((id) => ({ id, order: chance(seed, 'gone', kind, id) }))
      .sort((a, b) => a.order - b.order)
      .slice(0, maxGone)
      .map(({ id }) => id);
  const gone = new Set([
    ...few(
      'user',
      tenant.users.map(({ id }) => id),
    ),
    // Popular ones, so that somebody asks.
    ...few(
      'file',
      tenant.files.slice(0, 12).map(({ id }) => id),
    ),
  ]);
  return {
    handle: graph({
      ...options,
      ledger,
      auditQueries: queries,
      isGone: (id) => gone.has(id) && faults.has('graph-not-found'),
      leave: (file) => {
        const path = `/reports/${randomUUID()}.csv`;
        downloads.set(path, file);
        return `${options.foreignOrigin()}${path}?sp=r&sv=2025-01-05&sig=${randomUUID()}`;
      },
    }),
    download: (call, hasToken) => {
      if (!call.path.startsWith('/reports/')) return undefined;
      ledger.download(hasToken);
      const file = downloads.get(call.path);
      const headers = { 'Content-Type': 'application/octet-stream' };
      // Azure Storage takes a signature or a token, not both.
      if (hasToken)
        return {
          status: 403,
          headers: {},
          body: '<Error><Code>AuthenticationFailed</Code></Error>',
          delivery: 'whole',
        };
      if (!file)
        return { status: 404, headers: {}, body: '<Error><Code>BlobNotFound</Code></Error>', delivery: 'whole' };
      downloads.delete(call.path);
      return { status: 200, headers, body: file, delivery: 'whole' };
    },
    report: () => ledger.report(),
    auditReport: queries.report,
  };
}
