import type { Resource } from '@pulumi/pulumi';
import { connectorPage } from './connector-page.ts';
import { functionsReady, type Waiting } from './functions-ready.ts';
import { savedFunctions } from './functions.ts';
import { huntingQueries } from './hunting.ts';
import type { ContentSite } from './content-site.ts';
import type { Content } from './read-content.ts';
import { alertRules } from './rules.ts';
import { watchlists } from './watchlists.ts';
import { workbooks } from './workbooks.ts';

/** Everything of one workspace, in order: tables, functions, then what reads them; rules last, once functions bind.
 *  Overrides are applied to `content.rules` before. Returns how many of each kind there are. */
export function deployContent(
  content: Content,
  site: ContentSite,
  tables: readonly Resource[],
  waiting: Waiting,
): Readonly<Record<keyof Content, number>> {
  const lists = watchlists(content.watchlists, site);
  const functions = savedFunctions(content.functions, site, tables);
  connectorPage(site, tables);
  huntingQueries(content.hunts, site, functions);
  workbooks(content.workbooks, site, functions);
  const before = [...site.workspace.ready, ...tables, ...lists];
  alertRules(
    content.rules,
    site,
    functionsReady(content.functions, functions, before, site.workspace.customerId, waiting),
  );
  return {
    functions: functions.length,
    hunts: content.hunts.length,
    watchlists: lists.length,
    rules: content.rules.length,
    workbooks: content.workbooks.length,
  };
}
