import { beforeAll, describe, expect, it } from 'vitest';
import { NOISE_CANARIES, PROMPT_CANARIES, UNKNOWN_FIELD_CANARIES } from '../../../simulator/canaries.ts';
import { schedule } from '../../../simulator/schedule.ts';
import { families } from '../../../simulator/records/families.ts';
import { tenant } from '../../../simulator/tenant/tenant.ts';

interface Seen {
  readonly family: string;
  readonly copilot: boolean;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a wire record has any shape
  readonly record: any;
}

const toMs = Date.parse('2026-07-27T00:00:00Z');
const week = {
  fromMs: toMs - 7 * 86_400_000,
  toMs,
  copilotPerUserDay: 14,
  noisePerUserDay: 20,
  faults: new Set<never>(),
};
const people = tenant({ seed: 1, users: 200 });
let seen: readonly Seen[] = [];

beforeAll(() => {
  const events = schedule({ tenant: people, seed: '1', ...week });
  seen = Array.from({ length: events.length() }, (_, index) => {
    const { name, copilot } = events.familyOf(index);
    const text = events.text(index);
    return { family: name, copilot, text, record: JSON.parse(text) };
  });
});

const of = (family: string): readonly Seen[] => seen.filter((one) => one.family === family);
const values = (pick: (record: Seen['record']) => unknown): Set<unknown> =>
  new Set(seen.filter(({ copilot }) => copilot).map(({ record }) => pick(record)));

describe('records', () => {
  it('shows every family in a default week', () => {
    const shown = new Set(seen.map(({ family }) => family));
    const onlyByFault = ['hostile', 'hostile-nesting', 'hostile-time', 'giant-record', 'bulk-noise'];
    expect(families.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual(onlyByFault);
    expect(new Set(families.map(({ name }) => name)).size).toBe(families.length);
  });

  it('shows every documented record type and both naming styles of Security Copilot', () => {
    const types = values((record) => record.RecordType);
    for (const type of [261, 284, 325, 328, 334, 362, 363, 383, 384, 256, 512]) expect(types).toContain(type);
    const operations = values((record) => record.Operation);
    expect(
      [
        'CopilotInteraction',
        'AIAppInteraction',
        'ConnectedAIAppInteraction',
        'ScheduledPromptExecute',
        'DeployedAgent',
        'UpdatedTenantSettings',
        'UpdateCopilotSettings',
        'UpdateTenantSettings',
        'UploadFile',
        'InvokeAgent',
        'AIInvokeAgent',
        'InferenceCall',
        'AIExecuteTool',
        'BotComponentUpdate',
        'BotUpdateOperation-BotPublish',
      ].filter((operation) => !operations.has(operation)),
    ).toEqual([]);
    expect([...operations].some((name) => /^\w+CopilotPlugin$/.test(String(name)))).toBe(true);
    expect([...operations].some((name) => /^(?:Create|Update|Delete|Enable|Disable)Plugin$/.test(String(name)))).toBe(
      true,
    );
  });

  it('keeps the wire casing of the common fields and the tenant of all', () => {
    for (const { record } of seen) {
      expect(Object.keys(record).slice(0, 5)).toEqual([
        'CreationTime',
        'Id',
        'Operation',
        'OrganizationId',
        'RecordType',
      ]);
      expect(record.OrganizationId).toBe(people.id);
      expect(record.CreationTime).toMatch(/^2026-07-\d\dT\d\d:\d\d:\d\d(?:Z|\.\d{7})?$/);
    }
  });

  it('varies as the wire does: optional fields, null collections, policy forms, malformed addresses, sentinels', () => {
    const forms = new Set(
      seen.flatMap(({ copilot, record }) => {
        const data = record.CopilotEventData;
        if (!copilot || data === undefined || data === null) return [];
        return [
          `accessed:${data.AccessedResources === null ? 'null' : Array.isArray(data.AccessedResources) ? 'list' : 'absent'}`,
          `messages:${data.Messages === null ? 'null' : Array.isArray(data.Messages) ? 'list' : 'absent'}`,
          ...(data.AccessedResources ?? []).flatMap((resource: Record<string, unknown>) => [
            `policy:${resource['PolicyDetails'] === '' ? 'text' : resource['PolicyDetails'] === null ? 'null' : typeof resource['PolicyDetails']}`,
            ...('listItemUniqueId' in resource ? ['camel'] : []),
            ...('ID' in resource ? ['ID'] : []),
          ]),
          ...(Array.isArray(data.Messages) ? data.Messages : []).map(
            (message: Record<string, unknown>) => `prompt:${String(message['isPrompt'])}`,
          ),
          ...(data.AgentId === undefined ? [] : ['agent-inside']),
          ...(record.AgentId === undefined ? [] : ['agent-outside']),
        ];
      }),
    );
    expect(
      [
        'accessed:null',
        'accessed:list',
        'accessed:absent',
        'messages:null',
        'messages:list',
        'messages:absent',
        'policy:text',
        'policy:null',
        'policy:object',
        'policy:undefined',
        'camel',
        'ID',
        'prompt:null',
        'prompt:true',
        'prompt:false',
        'agent-inside',
        'agent-outside',
      ].filter((form) => !forms.has(form)),
    ).toEqual([]);
    const addresses = [...values((record) => record.ClientIP)];
    const shapes = [/^ffff:/, /^::ffff:/, /^\d+\.\d+\.\d+\.\d+:\d+$/, /^\[2001:db8:.*\]:\d+$/, /^2001:db8:/];
    expect(
      shapes.filter((shape) => !addresses.some((address) => typeof address === 'string' && shape.test(address))),
    ).toEqual([]);
    expect(addresses).toContain(null);
    expect(addresses).toContain(undefined);
    const userIds = [...values((record) => record.UserId)].map(String);
    expect(userIds).toEqual(expect.arrayContaining(['Not Available', 'N/A', people.securityCopilot.agentUser.upn]));
    expect(userIds.some((id) => id.startsWith('ServicePrincipal_'))).toBe(true);
    expect(userIds.some((id) => id.startsWith('8:orgid:'))).toBe(true);
  });

  it('pairs the twins of one Studio turn by agent, user and conversation, seconds apart, in other threads', () => {
    const twins = of('studio-twins');
    const runtime = twins.filter(({ record }) => record.CopilotEventData.AppHost === 'm365copilot');
    const client = new Map(
      twins
        .filter((one) => !runtime.includes(one))
        .map((one) => [one.record.CopilotEventData.ConversationId, one.record]),
    );
    expect(runtime.length).toBeGreaterThan(100);
    expect(client.size).toBe(runtime.length);
    for (const { record } of runtime) {
      const twin = client.get(record.CopilotEventData.ConversationId);
      expect(twin).toBeDefined();
      expect(twin.Id).not.toBe(record.Id);
      expect([twin.UserId, twin.UserKey]).toEqual([record.UserId, record.UserKey]);
      expect(twin.CopilotEventData.ThreadId).not.toBe(record.CopilotEventData.ThreadId);
      expect((twin.AgentId ?? twin.CopilotEventData.AgentId).split('.')[1]).toBe(record.AgentId);
      expect(record.CopilotEventData).not.toHaveProperty('Messages');
      expect(Date.parse(twin.CreationTime) - Date.parse(record.CreationTime)).toBeLessThanOrEqual(5000);
    }
  });

  it('has at most rare attacks, and marks them only where the wire does', () => {
    const jailbreaks = seen.filter(({ text }) => text.includes('"JailbreakDetected":true'));
    expect(jailbreaks.map(({ family }) => family).every((family) => family === 'jailbreak')).toBe(true);
    expect(jailbreaks.length).toBe(of('jailbreak').length);
    expect(jailbreaks.length).toBeLessThan(10);
    const xpia = seen.filter(({ text }) => text.includes('"XPIADetected":true'));
    expect(xpia.length).toBe(of('xpia-mail').length + of('xpia-file').length);
  });

  it('gives a conversation several turns', () => {
    const threads = of('chat').map(({ record }) => record.CopilotEventData.ThreadId);
    expect(new Set(threads).size).toBeLessThan(threads.length * 0.8);
    expect(new Set(threads).size).toBeGreaterThan(threads.length * 0.2);
  });

  it('plants every canary, and each only where its kind belongs', () => {
    const holders = (canary: string): readonly Seen[] => seen.filter(({ text }) => text.includes(canary));
    for (const canary of PROMPT_CANARIES) {
      expect(holders(canary).length).toBeGreaterThan(0);
      expect(holders(canary).every(({ record }) => record.PromptText === canary)).toBe(true);
    }
    for (const canary of UNKNOWN_FIELD_CANARIES) {
      expect(holders(canary).length).toBeGreaterThan(0);
      expect(holders(canary).every(({ copilot }) => copilot)).toBe(true);
    }
    for (const canary of NOISE_CANARIES) {
      expect(holders(canary).length).toBeGreaterThan(0);
      expect(holders(canary).every(({ copilot }) => !copilot)).toBe(true);
    }
  });

  it('lets other workloads speak of Copilot without being of it', () => {
    const noise = seen.filter(({ copilot }) => !copilot);
    expect(noise.filter(({ text }) => /copilot/i.test(text)).length).toBeGreaterThan(50);
    for (const { record } of noise) {
      expect(record.Workload).not.toMatch(/copilot|AIApp/i);
      expect(record).not.toHaveProperty('CopilotEventData');
      expect(record).not.toHaveProperty('CopilotSettingsEventData');
      expect([9, 20, 21, 25, 28, 30, 45, 63, 256]).toContain(record.RecordType);
    }
  });

  it('names no host but contoso.example and services of Microsoft, and no address outside the documentation ranges', () => {
    const known =
      /(?:^|\.)(?:contoso\.example|sharepoint\.com|microsoft\.com|teams\.com|office365\.com|powerbi\.com|powerautomate\.com|dynamics\.com|skype\.com)$/;
    const documentation = /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/;
    const foreign = new Set<string>();
    for (const { text } of seen) {
      for (const [, host = ''] of text.matchAll(/https?:\/\/([^/"\\?]+)/g)) if (!known.test(host)) foreign.add(host);
      for (const [, host = ''] of text.matchAll(/@([a-z0-9-]+(?:\.[a-z0-9-]+)+)/gi)) {
        if (!known.test(host.toLowerCase()) && host !== 'thread.v2') foreign.add(host);
      }
      for (const [address] of text.matchAll(/\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b/g)) {
        if (!documentation.test(address) && address !== '1.0.0.0') foreign.add(address);
      }
    }
    expect([...foreign]).toEqual([]);
  });

  it('has records of a usual size', () => {
    const sizes = seen.map(({ text }) => text.length);
    expect(sizes.reduce((sum, size) => sum + size, 0) / sizes.length).toBeGreaterThan(700);
    expect(Math.max(...sizes)).toBeLessThan(8000);
  });
});
