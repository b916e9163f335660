/** Payloads that lie beside the repository on some machines go through the sources to the rows that they should be. */
import { existsSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { httpClient } from '../../../collector/http.ts';
import { activityFeed } from '../../../collector/sources/activity-feed/activity-feed.ts';
import { feedApi } from '../../../collector/sources/activity-feed/api.ts';
import { auditQueryApi } from '../../../collector/sources/audit-query/api.ts';
import { auditQuery } from '../../../collector/sources/audit-query/audit-query.ts';
import { clientOf, closeAll, serve } from '../graph/graph-server.ts';
import { collected, type StoredRow } from './collected.ts';

const samples = new URL('../../../../shared/samples/', import.meta.url);
const isMissing = !existsSync(samples);
if (isMissing) console.warn('skipped: no directory ../shared/samples beside the repository');

type Body = Readonly<Record<string, unknown>>;
interface Recorded {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- a type guard for each sample would hide the tests
const read = <T>(name: string): T =>
  (JSON.parse(readFileSync(new URL(`${name}.json`, samples), 'utf8')) as { readonly record: T }).record;
const DAY = 86_400_000;

afterEach(closeAll);

function give(response: ServerResponse, { status, headers = {}, body }: Recorded): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(text);
}

/** The rows of records that the recorded feed serves as the bodies of its two blobs. */
async function throughFeed(
  blobs: readonly (readonly Body[])[],
  first: readonly string[] = [],
): Promise<readonly StoredRow[]> {
  const wireName = '27-management-api-wire';
  const wire = read<Record<string, Recorded>>(wireName);
  const tenant = 'c0ffee00-1111-4222-8333-944455556666';
  const waiting = [...first];
  let origin = '';
  // Links lead to where the answers come from.
  const recorded = (name: string): Recorded =>
    JSON.parse(JSON.stringify(wire[name]).replaceAll('https://manage.office.com', origin)) as Recorded;
  const bodies = new Map(
    ['content_200', 'content_page2_200'].flatMap((name, n) =>
      (
        read<Record<string, { readonly body: readonly { readonly contentId: string }[] }>>(wireName)[name]?.body ?? []
      ).map(({ contentId }) => [contentId, blobs[n] ?? []]),
    ),
  );
  const nowMs = Date.parse('2026-07-20T16:00:00Z');
  origin = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', origin);
    const operation = pathname.replace(`/api/v1.0/${tenant}/activity/feed/`, '');
    if (operation === 'subscriptions/list') return give(response, recorded('list_200'));
    if (operation === 'subscriptions/start') return give(response, recorded('start_again_400'));
    if (operation === 'subscriptions/content') {
      const trouble = waiting.shift();
      if (trouble !== undefined) return give(response, recorded(trouble));
      if (searchParams.has('nextPage')) return give(response, recorded('content_page2_200'));
      const [from, to] = ['startTime', 'endTime'].map((name) => Date.parse(`${searchParams.get(name)}Z`));
      const created = Date.parse('2026-07-20T14:07:33.204Z');
      const isThere = from !== undefined && to !== undefined && created >= from && created < to;
      return give(response, recorded(isThere ? 'content_200' : 'content_empty_200'));
    }
    const body = bodies.get(decodeURIComponent(operation.replace('audit/', '')));
    return give(response, body === undefined ? recorded('blob_missing') : { status: 200, body });
  });
  await using http = httpClient({
    origin,
    requestsPerMinute: 1_000_000,
    token: async () => 'token',
    backoffMs: 1,
    maxBackoffMs: 2,
  });
  const api = feedApi({ http, tenantId: tenant, publisherId: tenant });
  const source = activityFeed({ api: { ...api, serverNow: () => nowMs }, concurrency: 2, retryMs: 1 });
  const { rows, summary } = await collected(source, nowMs);
  expect(summary).toMatchObject({ accepted: rows.length, duplicate: 0, unparsable: 0, deadLettered: 0, gaps: 0 });
  return rows;
}

/** The rows of records that the recorded audit queries serve; the answers named in `first` come before the good ones. */
async function throughQuery(
  items: readonly unknown[],
  first: Readonly<Record<string, readonly string[]>> = {},
): Promise<{ readonly rows: readonly StoredRow[]; readonly asked: readonly string[] }> {
  const wire = read<Record<string, Recorded>>('28-graph-auditlogquery-wire');
  const waiting = new Map(Object.entries(first).map(([of, names]) => [of, [...names]]));
  const asked: string[] = [];
  let origin = '';
  const recorded = (name: string): Recorded =>
    JSON.parse(JSON.stringify(wire[name]).replaceAll('https://graph.microsoft.com', origin)) as Recorded;
  const answer = (of: string, good: () => Recorded): Recorded => {
    const trouble = waiting.get(of)?.shift();
    return trouble === undefined ? good() : recorded(trouble);
  };
  const kindOf = ({ method, url = '' }: IncomingMessage): string =>
    method === 'POST' ? 'create' : method === 'DELETE' ? 'delete' : url.includes('/records') ? 'records' : 'status';
  origin = await serve((request, response) => {
    const { url = '' } = request;
    const isList = request.method === 'GET' && /\/queries(?:\?|$)/.test(url);
    const kind = isList ? 'list' : kindOf(request);
    asked.push(`${url.split('/')[1]} ${kind}`);
    const page = recorded('records_page1');
    const body = page.body as Body;
    const isLast = url.includes('$skiptoken');
    const half = Math.ceil(items.length / 2);
    const value = isLast ? items.slice(half) : items.slice(0, half);
    const { '@odata.nextLink': next, ...rest } = body;
    // The recorded link is of v1.0, whatever was asked.
    const link = String(next).replace('/v1.0/', `/${url.split('/')[1]}/`);
    const goods: Readonly<Record<string, () => Recorded>> = {
      list: () => ({ status: 200, body: { value: [] } }),
      create: () => recorded('create_201'),
      status: () => recorded('poll_succeeded'),
      records: () => ({ status: 200, body: { ...rest, value, ...(!isLast && { '@odata.nextLink': link }) } }),
      delete: () => ({ status: 204, body: '' }),
    };
    const good = goods[kind];
    if (good === undefined) throw new Error(`nothing is recorded of ${kind}`);
    const { status, headers, body: given } = answer(kind, good);
    if (status === 204) response.writeHead(204).end();
    else give(response, { status, ...(headers && { headers }), body: given });
  });
  const clock = { ms: Date.parse('2026-11-20T12:00:00Z') };
  const graph = clientOf(origin, { maxPauseMs: 1, now: () => clock.ms });
  const fromMs = Date.parse('2025-01-11T00:00:00Z');
  const source = auditQuery({
    api: auditQueryApi(graph),
    task: { kind: 'span', span: { fromMs, toMs: fromMs + DAY }, isComplete: () => false },
    patienceMs: Infinity,
    now: () => clock.ms,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      clock.ms += ms;
    },
  });
  const { rows, summary } = await collected(source, clock.ms);
  expect(summary).toMatchObject({ accepted: rows.length, unparsable: 0, deadLettered: 0, gaps: 0 });
  return { rows, asked };
}

const actor = { ActorName: 'adele.vance@contoso.example', ActorUserId: '5b2d1f0a-7f0c-4a51-9d0e-0d9b1a6f1c01' };
const product = {
  AppIdentity: 'Copilot.Security.SecurityCopilot',
  ApplicationName: 'Security Copilot',
  SrcIpAddr: '203.0.113.25',
};
const prompt = {
  ...product,
  RecordType: 'CopilotInteraction',
  Operation: 'CopilotInteraction',
  SurfaceGroup: 'Security',
  AdminAction: null,
  PromptCount: 1,
  AccessedResourceCount: 0,
};
const admin = { ...actor, ...product, ActorUserType: 'Admin', EventTime: '2026-03-20T09:00:00Z', PromptCount: null };

const expected: Readonly<Record<string, readonly Body[]>> = {
  '20-security-copilot-standalone': [
    {
      ...prompt,
      ...actor,
      RecordId: '0b7c7b6b-63d1-4d45-9f6a-3c2a9f1e0020',
      EventTime: '2026-03-19T12:00:00Z',
      AppHostNormalized: 'Security Copilot Standalone',
      ThreadId: 'b7a6c5d4-0000-4000-8000-000000000020',
      CorrelationId: 'f1e2d3c4-0000-4000-8000-000000000020',
      ResponseCount: 1,
      IsSyntheticActor: false,
    },
  ],
  '20b-security-copilot-in-defender': [
    {
      ...prompt,
      ...actor,
      RecordId: '0b7c7b6b-63d1-4d45-9f6a-3c2a9f1e020b',
      AppHostNormalized: 'Copilot in Defender',
      CorrelationId: 'f1e2d3c4-0000-4000-8000-00000000020b',
      ResponseCount: 0,
      IsSyntheticActor: false,
    },
  ],
  '21-security-copilot-agent-user': [
    {
      ...prompt,
      RecordId: '0b7c7b6b-63d1-4d45-9f6a-3c2a9f1e0021',
      ActorName: 'SecurityCopilotAgentUser-0f0f0f0f-0000-4000-8000-000000000021@contoso.example',
      ResponseCount: 1,
      CorrelationId: null,
      IsSyntheticActor: true,
    },
  ],
  '22-security-copilot-settings-audit-off': [
    {
      ...admin,
      RecordType: 'UpdateCopilotSettings',
      AdminAction: 'settings',
      AdminObject: 'settings',
      AdminTarget: 'Settings.AllowAuditLogging',
      LLMEventData: {
        Resource: [{ Property: 'Settings.AllowAuditLogging', OriginalValue: 'True', NewValue: 'False' }],
      },
    },
  ],
  '22c-file-upload': [
    { ...admin, Operation: 'UploadFile', AdminAction: 'upload', AdminObject: 'file', AdminTarget: 'report.pdf' },
  ],
  '23-admin-plugin-promptbook-ops': (
    [
      ['CreatePlugin', 310, 'create plugin Skillsets.ContosoPlugin'],
      ['UpdatePlugin', 311, 'update plugin Skillsets.ContosoPlugin'],
      ['DeletePlugin', 312, 'delete plugin Skillsets.ContosoPlugin'],
      ['EnablePlugin', 313, 'enable plugin Skillsets.ContosoPlugin'],
      ['DisablePlugin', 314, 'disable plugin Skillsets.ContosoPlugin'],
      ['CreateWorkspace', 315, 'create workspace Workspace-1'],
      ['UpdateWorkspace', 316, 'update workspace Workspace-1'],
      ['DeleteWorkspace', 317, 'delete workspace Workspace-1'],
      ['CreatePromptBook', 320, 'create promptbook pb-5a5a5a5a'],
      ['UpdatePromptBook', 321, 'update promptbook pb-5a5a5a5a'],
      ['DeletePromptBook', 322, 'delete promptbook pb-5a5a5a5a'],
      ['EnablePromptBook', 323, 'enable promptbook pb-5a5a5a5a'],
      ['DisablePromptBook', 324, 'disable promptbook pb-5a5a5a5a'],
      ['DisableCopilotPlugin', 314, 'disable plugin FileUploads'],
      ['DeleteCopilotPromptBook', 322, 'delete promptbook pb-5a5a5a5a'],
    ] as const
  ).map(([Operation, RecordTypeCode, what]) => {
    const [AdminAction, AdminObject, AdminTarget] = what.split(' ');
    return { ...admin, Operation, RecordTypeCode, AdminAction, AdminObject, AdminTarget };
  }),
};
const recordsOf = (name: string): readonly Body[] => [read<Body | Body[]>(name)].flat();

describe.skipIf(isMissing)('samples beside the repository (skipped where there are none)', () => {
  it.for(Object.keys(expected))('%s becomes the right rows through the recorded feed', async (name) => {
    const rows = await throughFeed([recordsOf(name)]);
    expect(rows).toMatchObject(expected[name] ?? []);
    expect(rows.map((row) => row['UnknownFields'])).toEqual(rows.map(() => null));
  });

  it('the recorded feed is read to the last blob of its second page', async () => {
    const first = recordsOf('20-security-copilot-standalone');
    const second = [...recordsOf('36-non-copilot-noise'), ...recordsOf('21-security-copilot-agent-user')];
    const rows = await throughFeed([first, second]);
    expect(rows.map((row) => [row['RecordId'], row['ContentCreated']])).toEqual([
      ['0b7c7b6b-63d1-4d45-9f6a-3c2a9f1e0020', '2026-07-20T14:07:33.204Z'],
      ['0b7c7b6b-63d1-4d45-9f6a-3c2a9f1e0021', '2026-07-20T15:06:33.911Z'],
    ]);
  });

  it.for(['bad_nextpage', 'internal_500', 'throttled_403', 'non_json_proxy_page_503'])(
    'the recorded answer %s is no loss',
    async (name) => {
      const rows = await throughFeed([recordsOf('20-security-copilot-standalone')], [name]);
      expect(rows).toHaveLength(1);
    },
  );

  const envelope = (auditData: Body): Body => ({
    id: auditData['Id'],
    createdDateTime: `${String(auditData['CreationTime'])}Z`,
    userId: auditData['UserKey'],
    userPrincipalName: auditData['UserId'],
    clientIp: null,
    auditData: { '@odata.type': '#microsoft.graph.security.defaultAuditData', ...auditData },
  });

  it.for(Object.keys(expected))('%s becomes the right rows through the recorded audit query', async (name) => {
    const { rows } = await throughQuery(recordsOf(name).map(envelope));
    expect(rows).toMatchObject(expected[name] ?? []);
  });

  it.for<readonly [string, Readonly<Record<string, readonly string[]>>]>([
    ['as recorded', {}],
    ['where v1.0 is not served', { list: ['v1_not_served_404'] }],
    ['where v1.0 knows no such segment', { list: ['v1_not_served_segment'] }],
    ['that is running at first', { status: ['poll_running', 'poll_running'] }],
    ['that fails once', { status: ['poll_failed'] }],
    ['that is throttled', { create: ['throttled_429'], records: ['throttled_429'] }],
    ['whose records are not ready though it has succeeded', { records: ['records_before_success_UNVERIFIED'] }],
  ])('the recorded record of an audit query %s is one row, with the user of auditData', async ([, first]) => {
    const { rows, asked } = await throughQuery([read<Body>('05-outlook-graph-auditlogrecord')], first);
    expect(rows).toMatchObject([
      {
        ...actor,
        RecordId: '0b7c7b6b-63d1-4d45-9f6a-3c2a9f1e0005',
        EventTime: '2025-01-11T16:23:43Z',
        Source: 'audit-query',
        AppHost: 'Outlook',
        SrcIpAddr: null,
        PromptCount: 1,
        AccessedResourceCount: 2,
        IsBackfill: true,
        UnknownFields: null,
      },
    ]);
    const version = 'list' in first ? 'beta' : 'v1.0';
    expect(asked).toContain(`${version} records`);
  });
});
