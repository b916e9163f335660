/** What Sentinel holds beside saved searches: rules, watchlists, workbooks, the connector's page, and its own onboarding. */
import { z } from 'zod';
import { CONNECTOR_ID } from '../content/connector-definition.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import type { Watchlist } from '../../kql/content/read-watchlists.ts';
import type { Workbook } from '../content/read-workbooks.ts';
import type { Azure } from './azure.ts';
import { sameText } from './check-searches.ts';
import { type Finding, type Reporter, summed } from './finding.ts';

// The versions that azure-native 3.28 deploys with.
const SENTINEL = '2024-09-01';
const WORKBOOKS = '2023-06-01';
const DEPLOY = 'Run pulumi up --refresh';
// Sentinel's own mark of a rule that failed for long ("AUTO DISABLED" is put before its name).
const AUTO_DISABLED = /^AUTO DISABLED/i;

const sentinelIn = (workspaceId: string): string => `${workspaceId}/providers/Microsoft.SecurityInsights`;

/** Sentinel is on in the workspace, and lists this connector. */
export async function checkSentinel(
  report: Reporter,
  { get }: Azure,
  workspaceId: string,
): Promise<readonly Finding[]> {
  const sentinel = sentinelIn(workspaceId);
  const [state, page] = await Promise.all([
    get(`${sentinel}/onboardingStates/default`, SENTINEL, z.unknown()),
    get(`${sentinel}/dataConnectorDefinitions/${CONNECTOR_ID}`, SENTINEL, z.unknown()),
  ]);
  return [
    state === undefined
      ? report.fail(
          'onboarding',
          'Sentinel is not enabled on the workspace',
          'Enable it in the portal, then run pulumi up --refresh',
        )
      : report.pass('onboarding', 'Sentinel is enabled'),
    page === undefined
      ? report.fail("connector's page", 'is not there', DEPLOY)
      : report.pass("connector's page", 'is under Data connectors'),
  ];
}

const ruleShape = z.looseObject({
  name: z.string(),
  properties: z.looseObject({
    displayName: z.string().optional(),
    enabled: z.boolean().optional(),
    query: z.string().optional(),
  }),
});

/** Each rule under its id, on or off as `rules` say, with the query of its file. Thresholds are the SOC's to change. */
export async function checkRules(
  report: Reporter,
  { list }: Azure,
  workspaceId: string,
  rules: readonly Rule[],
): Promise<readonly Finding[]> {
  const found = await list(`${sentinelIn(workspaceId)}/alertRules`, { 'api-version': SENTINEL }, ruleShape);
  const byId = new Map(found.map(({ name, properties }) => [name.toLowerCase(), properties]));
  const failed = rules.flatMap(({ id, file, enabled, query }) => {
    const actual = byId.get(id);
    if (actual === undefined)
      return [report.fail(file, 'is not there', `${DEPLOY}: rules come last, once the functions bind`)];
    if (AUTO_DISABLED.test(actual.displayName ?? ''))
      return [
        report.fail(
          file,
          'was disabled by Sentinel',
          'Its description in Sentinel says why; mend that, then enable it',
        ),
      ];
    if (enabled && actual.enabled !== true)
      return [
        report.fail(
          file,
          'is disabled',
          'Enable it in Sentinel; if it is meant to be off, set content.rules and give --config Pulumi.<stack>.yaml',
        ),
      ];
    if (!sameText(actual.query ?? '', query))
      return [
        report.fail(file, 'has another query than its file', `${DEPLOY}, or check out the version that is deployed`),
      ];
    return [];
  });
  const on = rules.filter(({ enabled }) => enabled).length;
  return summed(report, failed, rules.length, `are there, ${on} meant to be enabled`);
}

const watchlistShape = z.looseObject({ properties: z.looseObject({ watchlistAlias: z.string() }) });

/** Each watchlist is there. Its items are the SOC's. */
export async function checkWatchlists(
  report: Reporter,
  { list }: Azure,
  workspaceId: string,
  watchlists: readonly Watchlist[],
): Promise<readonly Finding[]> {
  const found = await list(`${sentinelIn(workspaceId)}/watchlists`, { 'api-version': SENTINEL }, watchlistShape);
  const aliases = new Set(found.map(({ properties }) => properties.watchlistAlias.toLowerCase()));
  const remedy = 'pulumi up does not notice that it was deleted: run pulumi up --refresh';
  const failed = watchlists
    .filter(({ alias }) => !aliases.has(alias.toLowerCase()))
    .map(({ alias }) => report.fail(alias, 'is not there', remedy));
  return summed(report, failed, watchlists.length, 'are there');
}

const workbookShape = z.looseObject({ properties: z.looseObject({ displayName: z.string() }) });

/** Each workbook is in the workspace's gallery, by its name. */
export async function checkWorkbooks(
  report: Reporter,
  { list }: Azure,
  workspaceId: string,
  workbooks: readonly Workbook[],
): Promise<readonly Finding[]> {
  const group = workspaceId.split('/').slice(0, 5).join('/');
  const query = { 'api-version': WORKBOOKS, category: 'sentinel', sourceId: workspaceId };
  const found = await list(`${group}/providers/Microsoft.Insights/workbooks`, query, workbookShape);
  const names = new Set(found.map(({ properties }) => properties.displayName));
  const failed = workbooks
    .filter(({ displayName }) => !names.has(displayName))
    .map(({ displayName }) => report.fail(displayName, 'is not there', DEPLOY));
  return summed(report, failed, workbooks.length, 'are there');
}
