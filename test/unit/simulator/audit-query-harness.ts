/** Audit queries of the simulated Graph: a small client, and a tenant whose clock a test moves. */
import type { AuditQueryReport } from '../../../simulator/server/graph/audit-query-report.ts';
import type { FeedBlob } from '../../../simulator/feed-blob.ts';
import { simulator, type Simulator, type SimulatorOptions } from '../../../simulator/simulator.ts';
import { get, graphToken, send, type Body, type GraphAnswer } from './graph-harness.ts';
import { hourMs, now } from './server-harness.ts';

export const path = '/v1.0/security/auditLog/queries';
export const operations = ['copilotinteraction'];

/** A record as the feed holds it, its event `agoHours` before now. */
export function auditRecord(nth: number, agoHours: number, more: Body = {}): Body {
  return {
    CreationTime: new Date(now - agoHours * hourMs).toISOString().slice(0, 19),
    Id: recordId(nth),
    Operation: 'CopilotInteraction',
    OrganizationId: 'c0ffee00-1111-4222-8333-944455556666',
    RecordType: 261,
    UserKey: '5b2d1f0a-7f0c-4a51-9d0e-0d9b1a6f1c01',
    UserType: 0,
    Version: 1,
    Workload: 'Copilot',
    ClientIP: '192.0.2.7',
    UserId: 'megan@contoso.example',
    CopilotEventData: { AppHost: 'Word' },
    ...more,
  };
}

export const recordId = (nth: number): string => `0b10b000-0000-4000-8000-${String(nth).padStart(12, '0')}`;

/** A blob of records that became available an hour before now. */
export function blobOf(records: readonly unknown[], createdMs = now - hourMs): FeedBlob {
  const stamp = new Date(createdMs).toISOString().replace(/\D/g, '');
  const ids = records.flatMap((record) => {
    const { Id, RecordType } = (record ?? {}) as Body;
    return RecordType === 261 && typeof Id === 'string' ? [Id] : [];
  });
  return {
    contentId: `${stamp}000001$${stamp}000001$audit_general$Audit_General$emea0016`,
    createdMs,
    expiresMs: createdMs + 480 * hourMs,
    visibleMs: createdMs,
    recordCount: records.length,
    copilotIds: ids,
    body: () => JSON.stringify(records),
  };
}

/** `count` records, one a minute, the first of them two days and a minute before now: all visible. */
export const someRecords = (count: number): readonly Body[] =>
  Array.from({ length: count }, (_, nth) => auditRecord(nth + 1, 48 + (nth + 1) / 60));

export interface Place {
  readonly sim: Simulator;
  readonly token: string;
  readonly clock: { ms: number };
  report(): AuditQueryReport;
}

/** A tenant with 30 records, or with generated ones when `users` says how many people make them. */
export async function place(options: SimulatorOptions = {}): Promise<Place> {
  const clock = { ms: now };
  const sim = await simulator({
    clock: () => clock.ms,
    ...(options.users === undefined ? { blobs: [blobOf(someRecords(30))] } : {}),
    ...options,
    switches: { auditQueryLatencyMs: 0, auditQueryCreationsPer10s: 1000, ...options.switches },
  });
  return { sim, token: await graphToken(sim), clock, report: () => sim.report().auditQueries };
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** The body of a query over the hours before now. */
export function spanOf(fromHours: number, toHours = 0, more: Body = {}): Body {
  return {
    '@odata.type': '#microsoft.graph.security.auditLogQuery',
    displayName: 'a test',
    filterStartDateTime: iso(now - fromHours * hourMs),
    filterEndDateTime: iso(now - toHours * hourMs),
    operationFilters: operations,
    ...more,
  };
}

export const create = ({ sim, token }: Place, body: unknown, at = path): Promise<GraphAnswer> =>
  send(sim, token, 'POST', at, body);

export const ask = ({ sim, token }: Place, at: string): Promise<GraphAnswer> => get(sim, token, at);

export const remove = ({ sim, token }: Place, id: string): Promise<GraphAnswer> =>
  send(sim, token, 'DELETE', `${path}/${id}`, '', {});

export const idOf = ({ body }: GraphAnswer): string => String(body['id']);

/** A new query's id; its body is the span of the last 100 hours. */
export const made = async (one: Place, body: Body = spanOf(100)): Promise<string> => idOf(await create(one, body));

export const statusOf = async (one: Place, id: string): Promise<unknown> =>
  (await ask(one, `${path}/${id}`)).body['status'];

/** All pages of a query, as far as they are good. */
export async function read(
  one: Place,
  id: string,
  query = '',
): Promise<{
  readonly pages: readonly (readonly Body[])[];
  readonly ids: readonly string[];
  readonly last: GraphAnswer;
}> {
  const pages: (readonly Body[])[] = [];
  for (let next = `${path}/${id}/records${query}`; ;) {
    const last = await ask(one, next);
    if (last.status !== 200) return { pages, ids: idsOf(pages), last };
    pages.push(last.body['value'] as readonly Body[]);
    const link = last.body['@odata.nextLink'];
    if (typeof link !== 'string') return { pages, ids: idsOf(pages), last };
    next = link;
  }
}

const idsOf = (pages: readonly (readonly Body[])[]): readonly string[] => pages.flat().map(({ id }) => String(id));
