/** All checks of a deployment, in the order in which one rests on the other. */
import { type Table, tables } from '../../collector/schema/index.ts';
import type { Content } from '../content/read-content.ts';
import type { Azure } from './azure.ts';
import { checkRules, checkSentinel, checkWatchlists, checkWorkbooks } from './check-content.ts';
import { checkIngestion } from './check-ingestion.ts';
import { auditFreshness, checkRows, healthFreshness } from './check-rows.ts';
import { checkBinding, checkFunctions, checkHunts } from './check-searches.ts';
import { checkTables } from './check-tables.ts';
import type { Deployment, Site } from './deployment.ts';
import { attempt, type Finding, reporter } from './finding.ts';

/** What a deployment is compared with. */
export interface Expectation {
  /** Rules with the overrides of the configuration. */
  readonly content: Content;
  readonly healthMinutes: number;
  readonly auditMinutes: number;
  readonly definitions?: readonly Table[];
}

const READER = "Microsoft Sentinel Reader on the workspace's resource group";
const RULE_READER = "Reader on the deployment's resource group";

// Workspaces that take no rows: ARM's DataIngestionStatus.
const STOPPED: Readonly<Record<string, string>> = {
  OverQuota: 'Raise the daily cap (workspace.dailyCapGb), or wait for the reset hour',
  ForceOff: 'Ingestion was switched off for the workspace: ask Azure support',
  SubscriptionSuspended: 'The subscription is suspended: see its billing',
};

/** Every line of the report. Where a workspace itself cannot be read, that is the only line about it. */
export async function verify(
  { sites }: Deployment,
  azureOf: (site: Site) => Azure,
  expected: Expectation,
): Promise<readonly Finding[]> {
  const all = await Promise.all(sites.map((site) => verifySite(site, azureOf(site), expected)));
  return all.flat();
}

async function verifySite(site: Site, azure: Azure, expected: Expectation): Promise<readonly Finding[]> {
  const { content, healthMinutes, auditMinutes, definitions = tables } = expected;
  const { id, name } = site.id;
  let customerId = '';
  const on = reporter(name, 'workspace');
  const first = await attempt(on, READER, async () => {
    const { customerId: found, workspaceCapping } = await azure.workspace();
    customerId = found ?? '';
    const remedy = STOPPED[workspaceCapping?.dataIngestionStatus ?? ''];
    if (remedy === undefined) return [on.pass('', 'can be read')];
    return [on.fail('', `takes no rows now: ${workspaceCapping?.dataIngestionStatus ?? ''}`, remedy)];
  });
  if (customerId === '') return first;

  const inTurn = (
    check: string,
    role: string,
    run: (report: ReturnType<typeof reporter>) => Promise<readonly Finding[]>,
  ) => {
    const report = reporter(name, check);
    return attempt(report, role, () => run(report));
  };
  // One request for both kinds of saved searches; its failure is a line of each.
  const saved = azure.savedSearches();
  saved.catch(() => undefined);
  const rows = { site, customerId };
  const rest = await Promise.all([
    inTurn('sentinel', READER, (report) => checkSentinel(report, azure, id)),
    inTurn('table', READER, (report) => checkTables(report, azure, definitions)),
    inTurn('ingestion rule', RULE_READER, (report) => checkIngestion(report, azure, site, definitions)),
    inTurn('function', READER, async (report) => {
      const found = checkFunctions(report, await saved, content.functions);
      // What is missing or changed is told above, and need not bind.
      if (found.some(({ ok }) => !ok)) return found;
      return [...found, ...(await checkBinding(report, azure, { customerId, role: READER }, content.functions))];
    }),
    inTurn('hunting query', READER, async (report) => checkHunts(report, await saved, content.hunts)),
    inTurn('watchlist', READER, (report) => checkWatchlists(report, azure, id, content.watchlists)),
    inTurn('analytics rule', READER, (report) => checkRules(report, azure, id, content.rules)),
    inTurn('workbook', READER, (report) => checkWorkbooks(report, azure, id, content.workbooks)),
    ...[healthFreshness(healthMinutes), auditFreshness(auditMinutes)].map((wanted) =>
      inTurn(`rows of ${wanted.table}`, READER, (report) => checkRows(report, azure, rows, wanted)),
    ),
  ]);
  return [...first, ...rest.flat()];
}
