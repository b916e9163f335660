import type { SavedSearch } from '@azure/arm-operationalinsights';
import { bindingQuery } from '../content/binding-query.ts';
import type { SavedFunction } from '../content/read-functions.ts';
import type { Hunt } from '../../kql/content/read-hunting.ts';
import type { Azure } from './azure.ts';
import { attempt, type Finding, type Reporter, summed } from './finding.ts';

const DEPLOY = 'Run pulumi up --refresh';
const CHANGED =
  'Somebody changed it, or this folder has another version than the deployment: run pulumi up --refresh, or check out that version';

/** Line ends and the space around a query are no difference. */
export const sameText = (left: string, right: string): boolean =>
  left.replaceAll('\r\n', '\n').trim() === right.replaceAll('\r\n', '\n').trim();
const withoutSpace = (text: string): string => text.replaceAll(/\s+/g, '');

/** Each function under its alias, with the parameters and body of its file. */
export function checkFunctions(
  report: Reporter,
  saved: readonly SavedSearch[],
  functions: readonly SavedFunction[],
): readonly Finding[] {
  const byAlias = new Map(saved.map((one) => [one.functionAlias, one]));
  const failed = functions.flatMap(({ name, parameters, query }) => {
    const found = byAlias.get(name);
    if (found === undefined) return [report.fail(name, 'is not there', DEPLOY)];
    if (!sameText(found.query, query)) return [report.fail(name, 'has another body than its file', CHANGED)];
    if (withoutSpace(found.functionParameters ?? '') === withoutSpace(parameters)) return [];
    return [report.fail(name, 'has other parameters than its file', CHANGED)];
  });
  return summed(report, failed, functions.length, 'are as their files');
}

/** One line: the functions can be called, which needs what they read and call. What cannot is told by the workspace. */
export async function checkBinding(
  report: Reporter,
  { query }: Azure,
  { customerId, role }: { readonly customerId: string; readonly role: string },
  functions: readonly SavedFunction[],
): Promise<readonly Finding[]> {
  const kql = bindingQuery(functions);
  if (kql === undefined) return [];
  return attempt({ pass: report.pass, fail: (_, ...rest) => report.fail('binding', ...rest) }, role, async () => {
    // A minute of rows is enough to bind.
    await query({ customerId, kql, duration: 'PT1M' });
    return [report.pass('binding', 'can be called')];
  });
}

/** The last part of an ARM id, in lower case. */
const lastOf = (id: string | undefined): string => (id ?? '').slice((id ?? '').lastIndexOf('/') + 1).toLowerCase();

/** Each hunting query under its id. */
export function checkHunts(
  report: Reporter,
  saved: readonly SavedSearch[],
  hunts: readonly Hunt[],
): readonly Finding[] {
  const byId = new Map(saved.map((one) => [lastOf(one.id), one]));
  const failed = hunts.flatMap(({ id, name, query }) => {
    const found = byId.get(id);
    if (found === undefined) return [report.fail(name, 'is not there', DEPLOY)];
    return sameText(found.query, query) ? [] : [report.fail(name, 'has another query than its file', CHANGED)];
  });
  return summed(report, failed, hunts.length, 'are as their files');
}
