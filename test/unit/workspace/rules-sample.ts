/** A rule over one table of rows, with fields of its own. */
import { parse } from 'yaml';
import { readRuleFile, type Rule, toRule } from '../../../kql/content/read-rules.ts';
import { fromJsonRows, type JsonRow } from '../../../kql/engine/json-rows.ts';
import type { Tables } from '../../../workspace/rules/run-rule.ts';
import { schemaOf } from '../../../workspace/workspace.ts';

export const minutes = (count: number): number => count * 60_000;
/** The scheduled time of most runs. */
export const noon = new Date('2026-09-02T12:00:00Z');
/** So many minutes from noon, as ISO 8601. */
export const atMinute = (count: number): string => new Date(noon.getTime() + minutes(count)).toISOString();

const base = parse(`
id: 7a1f4c52-0001-4b6e-9d3a-000000000101
name: Many failures
description: Failures of a source
severity: Medium
queryFrequency: 15m
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
query: 'CopilotHealth_CL | project TimeGenerated, Source, ItemId, ItemCount, Reason, Detail'
entityMappings:
  - { entityType: Account, fieldMappings: [{ identifier: FullName, columnName: Source }, { identifier: AadUserId, columnName: ItemId }] }
version: 1.0.0
`) as object;

/** A rule with some fields changed. */
export function sampleRule(changes: object = {}, file = 'sample'): Rule {
  const outcome = readRuleFile({ path: `${file}.yaml`, name: file, text: JSON.stringify({ ...base, ...changes }) });
  if (!outcome.ok) throw new Error(outcome.problems.map(({ message }) => message).join('; '));
  return toRule(outcome.parsed.value, file);
}

/** Rows of `CopilotHealth_CL`; received when they were generated unless they say otherwise. */
export const healthTable = (...rows: readonly JsonRow[]): Tables => ({
  CopilotHealth_CL: fromJsonRows(
    schemaOf('CopilotHealth_CL'),
    rows.map((row) => ({ _TimeReceived: row.TimeGenerated ?? null, ...row })),
  ),
});
