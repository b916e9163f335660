/** Rules and alerts that tests of the service start from. */
import type { ContentFile } from '../../../../kql/content/content-file.ts';
import type { Alert } from '../../../../workspace/rules/alert.ts';
import type { FileTask } from '../../../../workspace/rules/thread-data.ts';

export const noon = new Date('2026-09-02T12:00:00Z');
/** So many minutes from noon. */
export const at = (minute: number): Date => new Date(noon.getTime() + minute * 60_000);

const ids: Readonly<Record<string, string>> = {
  sample: '7a1f4c52-0001-4b6e-9d3a-000000000501',
  severe: '7a1f4c52-0001-4b6e-9d3a-000000000502',
};

/** A rule's file with some fields changed. */
export const ruleFile = (name: string, changes: object = {}): ContentFile => ({
  path: `${name}.yaml`,
  name,
  text: JSON.stringify({
    id: ids[name] ?? '7a1f4c52-0001-4b6e-9d3a-000000000599',
    name: 'Many failures',
    description: 'Failures of a source.',
    severity: 'Medium',
    queryFrequency: '15m',
    queryPeriod: '1h',
    triggerOperator: 'gt',
    triggerThreshold: 0,
    tags: ['catalogue:L9'],
    query: 'CopilotHealth_CL | project Source, ItemId',
    entityMappings: [{ entityType: 'Account', fieldMappings: [{ identifier: 'FullName', columnName: 'Source' }] }],
    incidentConfiguration: {
      createIncident: true,
      groupingConfiguration: { enabled: true, lookbackDuration: '5h', matchingMethod: 'AllEntities' },
    },
    version: '1.0.0',
    ...changes,
  }),
});

/** An alert of a rule. */
export const sampleAlert = ({ rule = 'sample', user = 'kim@contoso.example', minute = 0 } = {}): Alert => ({
  rule,
  id: ids[rule] ?? '',
  time: at(minute),
  name: 'Many failures',
  description: 'Failures of a source.',
  severity: 'Medium',
  tactics: ['Collection'],
  entities: [{ type: 'Account', identifiers: { FullName: user } }],
  customDetails: { RecordIds: ['r1', 'r2'] },
  rowCount: 2,
});

/** A task as text: the rule, and when. */
export const taskText = ({ file, times }: FileTask): string => {
  const short = (time: Date): string => time.toISOString().slice(11, 16);
  const all = 'now' in times ? [times.now] : 'at' in times ? times.at : [times.from, times.to];
  return `${file.name} ${all.map(short).join(' ')}`;
};
