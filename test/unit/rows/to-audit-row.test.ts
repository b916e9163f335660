import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noFacts, type Facts, type LabelFacts } from '../../../collector/enrich/facts.ts';
import { isCopilotRecord } from '../../../collector/records/is-copilot-record.ts';
import { mayBeCopilot } from '../../../collector/records/may-be-copilot.ts';
import { parseRecord } from '../../../collector/records/parse-record.ts';
import { toAuditRow } from '../../../collector/rows/to-audit-row.ts';
import { copilotAudit, rowProblems, type CopilotAuditRow } from '../../../collector/schema/index.ts';

const origin = {
  source: 'activity-feed',
  contentCreated: '2026-09-01T09:45:00.000Z',
  collectedTime: '2026-09-01T09:50:00.000Z',
};

function rowOf(raw: unknown, contentFields: 'drop' | 'keep' = 'drop', facts?: Facts): CopilotAuditRow {
  const result = parseRecord(raw, { contentFields });
  if (!result.ok) throw new Error(result.reason);
  return toAuditRow(result.record, origin, facts);
}

/** Facts of a golden pair: what is left out is not known; labels by id. */
type GoldenFacts = Partial<Omit<Facts, 'labels'>> & { readonly labels?: Readonly<Record<string, LabelFacts>> };

const toFacts = ({ labels = {}, ...known }: GoldenFacts): Facts => ({
  ...noFacts,
  ...known,
  labels: new Map(Object.entries(labels)),
});

interface Golden {
  readonly facts?: GoldenFacts;
  readonly row?: Readonly<Record<string, unknown>>;
  readonly why?: Readonly<Record<string, string>>;
  readonly refused?: string;
}

const fixtures = new URL('../../fixtures/records/', import.meta.url);
const readJson = (url: URL): unknown => JSON.parse(readFileSync(url, 'utf8'));
const cases = readdirSync(fixtures)
  .filter((name) => name.endsWith('.rows.json'))
  .map((name) => name.slice(0, -'.rows.json'.length));

// Columns that take the value of one field; every other cell of a golden row says why it is what it is.
const copied = new Set(
  (
    'TimeGenerated RecordId RecordType Workload OrganizationId ActorName ActorUserId ActorUserType AgentId AgentName ' +
    'AIModelName AIModelVersion AIModelProvider AppHost AppIdentity ClientRegion SrcIpAddr Version LogVersion LLMEventData ' +
    'EventTime ContentCreated CollectedTime TimeClamped IsBackfill Operation RecordTypeCode Source ResultStatus ObjectId ' +
    'Scope AppAccessContext CloudAppContext AppHostNormalized ThreadId ConversationId CorrelationId ApplicationName LicenseType CapacityId ' +
    'MessageCount PromptCount ResponseCount AccessedResourceCount AgentVersion AgentBlueprintId AgentPlatform ' +
    'PlatformAgentId TargetAgentName TargetPlatformAgentId ToolName ToolType ChannelName SessionIdentity ErrorMessage ' +
    'ScenarioType AutomationId TriggerMode MemoryUpdated DLPEvaluationDeferred DLPEvaluationDeferredReason'
  ).split(' '),
);

describe('golden pairs', () => {
  const goldenOf = (name: string): Golden => readJson(new URL(`${name}.rows.json`, fixtures)) as Golden;
  const rawOf = (name: string): unknown => readJson(new URL(`${name}.json`, fixtures));

  test.for(cases.filter((name) => goldenOf(name).refused === undefined))('%s', (name) => {
    const { facts, row: expected = {}, why = {} } = goldenOf(name);
    const row = rowOf(rawOf(name), 'drop', facts === undefined ? undefined : toFacts(facts));
    expect(rowProblems(copilotAudit, row)).toEqual([]);
    // As JSON text, as it is sent: `__proto__` is a field like others.
    const cells = Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== null));
    expect(JSON.parse(JSON.stringify(cells))).toEqual(expected);
    expect(Object.keys(expected).filter((column) => !copied.has(column) && why[column] === undefined)).toEqual([]);
    expect(Object.keys(why).filter((column) => expected[column] === undefined)).toEqual([]);
  });

  test.for(cases.filter((name) => goldenOf(name).refused !== undefined))('%s is refused', (name) => {
    expect(parseRecord(rawOf(name), { contentFields: 'drop' })).toMatchObject({
      ok: false,
      reason: expect.stringContaining(goldenOf(name).refused ?? ''),
    });
  });

  test.for(cases)('%s is selected, from JSON and from bytes', (name) => {
    expect(isCopilotRecord(rawOf(name))).toBe(true);
    expect(mayBeCopilot(readFileSync(new URL(`${name}.json`, fixtures)))).toBe(true);
  });

  test('every fixture has its pair', () => {
    const records = readdirSync(fixtures).filter((name) => !name.endsWith('.rows.json'));
    expect(records.map((name) => name.replace('.json', '')).sort()).toEqual([...cases].sort());
  });
});

const record = { Id: 'r-1', CreationTime: '2026-09-01T09:30:00', RecordType: 261 };

test('the same record gives the same row, and parsing does not change the record', () => {
  const raw = { ...record, CopilotEventData: { Messages: null, New: ['one two three'] } };
  const before = JSON.stringify(raw);
  expect(rowOf(raw)).toEqual(rowOf(raw));
  expect(JSON.stringify(raw)).toBe(before);
});

test('kept content stays in the payload and nothing is listed as dropped', () => {
  const row = rowOf({ ...record, PromptText: 'list my open tasks' }, 'keep');
  expect(row).toMatchObject({ LLMEventData: { PromptText: 'list my open tasks' }, DroppedContent: null });
});

test.for([
  ['2026-08-25T09:50:00', false],
  ['2026-08-25T09:49:59', true],
] as const)('an event of %s collected on 1 September at 09:50 is a backfill: %s', ([CreationTime, expected]) => {
  expect(rowOf({ ...record, CreationTime }).IsBackfill).toBe(expected);
});

test('a contentCreated that is no time is not known', () => {
  const result = parseRecord(record, { contentFields: 'drop' });
  if (!result.ok) throw new Error(result.reason);
  expect(toAuditRow(result.record, { ...origin, contentCreated: 'soon' }).ContentCreated).toBeNull();
  expect(toAuditRow(result.record, { ...origin, contentCreated: null }).ContentCreated).toBeNull();
});

test('a row of any record fits its table', () => {
  const names = fc.constantFrom(
    'CopilotEventData',
    'CopilotSettingsEventData',
    'Messages',
    'AccessedResources',
    'PolicyDetails',
    'Rules',
    'Actions',
    'Contexts',
    'Resource',
    'AppIdentity',
    'AISystemPlugin',
    'ModelTransparencyDetails',
    'SensitivityLabelId',
    'SiteUrl',
    'ModelName',
    'Id',
    'Type',
    'Name',
    'isPrompt',
    'AgentID',
    'AgentId',
    'AppHost',
    'DLPEvaluationDeferred',
    'MemoryUpdated',
    'UserType',
    'ClientIP',
    'PropertyCollection',
    'Value',
    'RecordType',
    'Operation',
    'ObjectId',
    'AppAccessContext',
    '__proto__',
    'New',
  );
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.oneof(
        fc.jsonValue({ maxDepth: 1 }),
        fc.constantFrom(310, 325, 384, 'BotPublish', 'T_a.b', 'Word', 'True', 2 ** 40),
        fc.constantFrom(
          'https://contoso.sharepoint.com/sites/x/%ff \udc00.docx',
          'DEEP_LEO',
          'Connector',
          'CopilotStudio.Declarative.x',
        ),
      ),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc
        .array(fc.tuple(names, tie('tree')), { maxLength: 5 })
        .map((pairs) => JSON.parse(`{${pairs.map(([key, value]) => `"${key}":${JSON.stringify(value)}`).join(',')}}`)),
    ),
  }));
  fc.assert(
    fc.property(
      fc.dictionary(names, tree, { minKeys: 3, maxKeys: 10 }),
      fc.constantFrom('drop', 'keep'),
      (fields, policy) => {
        const row = rowOf({ ...fields, Id: 'r-1', CreationTime: record.CreationTime }, policy);
        expect(rowProblems(copilotAudit, row)).toEqual([]);
        expect(JSON.stringify(row).isWellFormed()).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});

// Reference payloads beside the repository, when there are any.
const samples = new URL('../../../../shared/samples/', import.meta.url);
const hasSamples = existsSync(samples);

describe('payload samples beside the repository', () => {
  if (!hasSamples) console.warn('skipped: no directory ../shared/samples beside the repository');
  const files = hasSamples
    ? readdirSync(samples).filter((name) => /^(?:[01]\d|2[0-5]|36).*\.json$/.test(name))
    : ['absent'];

  test.skipIf(!hasSamples).for(files)('%s becomes rows that fit the table', (name) => {
    const unknown: unknown[] = [];
    const { record: content } = readJson(new URL(name, samples)) as { record: unknown };
    for (const item of [content].flat() as Record<string, unknown>[]) {
      const raw = item.auditData ?? item;
      expect(isCopilotRecord(raw)).toBe(!name.startsWith('36'));
      const row = rowOf(raw);
      expect(rowProblems(copilotAudit, row)).toEqual([]);
      if (!name.startsWith('36')) unknown.push(row.UnknownFields);
    }
    // Every field of a documented or observed shape is known.
    expect(unknown.filter((fields) => fields !== null)).toEqual([]);
  });
});
