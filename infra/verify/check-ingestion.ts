import { z } from 'zod';
import { type Table, toDcrStream } from '../../collector/schema/index.ts';
import type { Azure } from './azure.ts';
import type { Rule, Site } from './deployment.ts';
import type { Finding, Reporter } from './finding.ts';

// The version that azure-native 3.28 deploys with.
const MONITOR = '2022-06-01';

const columns = z.array(z.looseObject({ name: z.string(), type: z.string() }));
const ruleShape = z.looseObject({
  properties: z.looseObject({
    immutableId: z.string(),
    dataCollectionEndpointId: z.string().nullish(),
    streamDeclarations: z.record(z.string(), z.looseObject({ columns })).default({}),
    dataFlows: z
      .array(z.looseObject({ streams: z.array(z.string()), outputStream: z.string().optional() }))
      .default([]),
    destinations: z
      .looseObject({ logAnalytics: z.array(z.looseObject({ workspaceResourceId: z.string() })).default([]) })
      .default({ logAnalytics: [] }),
  }),
});
const endpointShape = z.looseObject({
  properties: z.looseObject({ logsIngestion: z.looseObject({ endpoint: z.url() }).optional() }),
});

const ORDER = 'Run pulumi up --refresh: it changes the rule after the tables and before the collector';

function streamProblems(of: Table, declared: z.output<typeof ruleShape>['properties']): readonly string[] {
  const { name, columns: expected } = toDcrStream(of);
  const stream = declared.streamDeclarations[name];
  if (stream === undefined) return ['is not declared'];
  const types = new Map(stream.columns.map((column) => [column.name, column.type.toLowerCase()]));
  const missing = expected.filter((column) => !types.has(column.name)).map((column) => column.name);
  const wrong = expected.filter((column) => types.has(column.name) && types.get(column.name) !== column.type);
  const isFlowing = declared.dataFlows.some(
    ({ streams, outputStream }) => streams.includes(name) && (outputStream ?? name) === name,
  );
  return [
    ...(missing.length === 0 ? [] : [`has no column ${missing.join(', ')}`]),
    ...wrong.map((column) => `${column.name} is ${types.get(column.name) ?? ''}, not ${column.type}`),
    ...(isFlowing ? [] : ['flows into no table']),
  ];
}

/** The data collection rules: id, streams against the definitions, workspace, and endpoint of each. */
export async function checkIngestion(
  report: Reporter,
  azure: Azure,
  { id, rules }: Site,
  definitions: readonly Table[],
): Promise<readonly Finding[]> {
  const found = rules.map((rule) => {
    // The only one needs no name.
    const prefix = rules.length > 1 ? rule.tenant : '';
    return checkRule(namedReporter(report, prefix), azure, { id, rule }, definitions);
  });
  return (await Promise.all(found)).flat();
}

const namedReporter = ({ pass, fail }: Reporter, prefix: string): Reporter => {
  const named = (item: string): string => [prefix, item].filter((part) => part !== '').join(' ');
  return {
    pass: (item, detail) => pass(named(item), detail),
    fail: (item, detail, remedy) => fail(named(item), detail, remedy),
  };
};

async function checkRule(
  report: Reporter,
  { get }: Azure,
  { id, rule: { id: ruleId, immutableId: ruleImmutableId } }: Pick<Site, 'id'> & { readonly rule: Rule },
  definitions: readonly Table[],
): Promise<readonly Finding[]> {
  const rule = await get(ruleId, MONITOR, ruleShape);
  if (rule === undefined) return [report.fail('', `${ruleId} is not there`, 'Run pulumi up --refresh')];
  const { properties } = rule;
  const findings: Finding[] = [];
  if (ruleImmutableId !== undefined && properties.immutableId !== ruleImmutableId)
    findings.push(
      report.fail(
        '',
        `has the immutable id ${properties.immutableId}, the collector knows ${ruleImmutableId}`,
        'Somebody made the rule anew: run pulumi up --refresh',
      ),
    );
  if (
    !properties.destinations.logAnalytics.some((one) => one.workspaceResourceId.toLowerCase() === id.id.toLowerCase())
  )
    findings.push(report.fail('', `does not write to ${id.name}`, ORDER));
  for (const definition of definitions) {
    const problems = streamProblems(definition, properties);
    if (problems.length > 0) findings.push(report.fail(`stream Custom-${definition.name}`, problems.join('; '), ORDER));
  }
  const endpointId = properties.dataCollectionEndpointId;
  const endpoint =
    endpointId === undefined || endpointId === null ? undefined : await get(endpointId, MONITOR, endpointShape);
  if (endpoint?.properties.logsIngestion === undefined)
    findings.push(report.fail('endpoint', 'the rule has none that takes rows', 'Run pulumi up --refresh'));
  if (findings.length > 0) return findings;
  return [report.pass('', `${definitions.length} streams into ${id.name}, with an endpoint`)];
}
