/** Facts that stand in two places because of the import rules: each must agree with where it comes from. */
import { describe, expect, it } from 'vitest';
import { recordTypeName } from '../../../../collector/records/record-types.ts';
import { recordShape, type Shape } from '../../../../collector/records/shape.ts';
import { tables } from '../../../../collector/schema/index.ts';
import { enumColumns } from '../../../../kql/check/enum-columns.ts';
import { absentProperties, payloadShape, type PayloadShape } from '../../../../kql/check/payload-shape.ts';
import { logAnalyticsTables } from '../../../../kql/tables/log-analytics.ts';
import { shippedTables } from '../../../../kql/tables/shipped-tables.ts';

const ofPayload = (shape: PayloadShape, path = ''): readonly string[] => {
  if (shape.kind === 'list') return ofPayload(shape.item, `${path}[]`);
  if (shape.kind !== 'object') return [path];
  return Object.entries(shape.fields).flatMap(([name, field]) => ofPayload(field, `${path}.${name}`));
};
const ofRecord = (shape: Shape, path = ''): readonly string[] => {
  if (shape.kind === 'list') return ofRecord(shape.item, `${path}[]`);
  if (shape.kind === 'scalar-or-object') return ofRecord(shape.object, path);
  if (shape.kind !== 'object') return shape.kind === 'text' ? [] : [path];
  return [...shape.fields.values()].flatMap(({ name, shape: of }) => ofRecord(of, `${path}.${name}`));
};
const topOf = (name: string): readonly string[] => {
  const field = recordShape.fields.get(name);
  return field === undefined ? [] : ofRecord(field.shape);
};

describe('payloadShape', () => {
  it('has the fields of CopilotEventData and the setting changes, and casings that Microsoft uses too', () => {
    const known = new Set(ofPayload(payloadShape));
    expect(topOf('CopilotEventData').length).toBeGreaterThan(40);
    expect(
      [...topOf('CopilotEventData'), ...topOf('CopilotSettingsEventData')].filter((path) => !known.has(path)),
    ).toEqual([]);
  });

  it('has no field that no record has', () => {
    const known = new Set([
      ...topOf('CopilotEventData'),
      ...topOf('CopilotSettingsEventData'),
      ...ofRecord(recordShape),
    ]);
    expect(ofPayload(payloadShape).filter((path) => !known.has(path))).toEqual([
      '.PromptText',
      '.Messages[].jailbreakDetected',
      '.AccessedResources[].listItemUniqueId',
    ]);
  });

  it('leaves out what is always absent, but for the text of scheduled prompts', () => {
    const names = ofPayload(payloadShape).map((path) => path.replace(/^.*\./, '').toLowerCase());
    expect(names.filter((name) => absentProperties.has(name))).toEqual(['prompttext']);
    expect(recordTypeName(363)).toBe('Microsoft365CopilotScheduledPrompt');
  });
});

describe('enumColumns', () => {
  const rows = Object.entries(enumColumns).flatMap(([table, columns]) =>
    Object.entries(columns).map(([column, values]) => [table, column, values] as const),
  );

  it.for(rows)('%s.%s names the values of its description', ([table, column, values]) => {
    const found: { readonly description: string } | undefined = tables.find(({ name }) => name === table)?.columns[
      column
    ];
    const words = new Set(found?.description.match(/[A-Za-z][\w-]*/g));
    expect(values.split(' ').filter((value) => !words.has(value))).toEqual([]);
  });
});

describe('tables', () => {
  const all = [...shippedTables, ...logAnalyticsTables];

  it('are each named once, with columns named once', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, columns } of all)
      expect(new Set(columns.map((column) => column.name)).size, name).toBe(columns.length);
  });

  it('all have TimeGenerated and the standard columns', () => {
    for (const { name, columns } of all) {
      const names = columns.map((column) => column.name);
      expect(names, name).toEqual(
        expect.arrayContaining(['TimeGenerated', 'TenantId', '_ResourceId', '_TimeReceived', '_BilledSize']),
      );
    }
  });

  it("have the columns of Microsoft's CopilotActivity", () => {
    const names = logAnalyticsTables.find(({ name }) => name === 'CopilotActivity')?.columns.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(
        (
          'RecordId RecordType ActorName ActorUserId ActorUserType OrganizationId SrcIpAddr ClientRegion Workload Version ' +
          'AppHost AppIdentity LLMEventData AIModelName AIModelVersion LogVersion AgentName AgentId'
        ).split(' '),
      ),
    );
  });

  it('call a boolean of ours bool', () => {
    const audit = shippedTables.find(({ name }) => name === 'CopilotAudit_CL');
    expect(audit?.columns).toContainEqual({ name: 'TimeClamped', type: 'bool' });
    expect(new Set(audit?.columns.map(({ type }) => type))).not.toContain('boolean');
  });
});
