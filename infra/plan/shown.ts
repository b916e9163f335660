/** What `npm run plan` shows of a plan, secrets left out. */
import { stripVTControlCharacters } from 'node:util';
import { toArm } from './arm.ts';
import { costOf } from './cost.ts';
import { masked } from './masked.ts';
import type { Plan } from './plan.ts';
import { requiredPermissions } from './required-permissions.ts';
import { consentLines, costTable, permissionTable, resourceTree } from './tree.ts';
import type { Volume } from './volume.ts';

const LOG_ERROR = 3;

/** A page to read: resources, permissions, what an administrator has to run, cost, and what the program said. */
export function pageOf(plan: Plan, volume: Volume): string {
  const resources = toArm(plan);
  const consent = consentLines(plan);
  const page = [
    resourceTree(plan, resources),
    `Permissions\n${permissionTable(requiredPermissions(plan, resources))}`,
    ...(consent === '' ? [] : [`An administrator has to run\n${consent}`]),
    `Cost a month, list prices in USD\n${costTable(costOf(resources, volume))}`,
    ...plan.logs.map(({ message }) => stripVTControlCharacters(message)),
  ].join('\n\n');
  return String(masked(page, plan.secretTexts));
}

/** The same as JSON: `{ resources, permissions, cost }`, resources as Azure receives them. */
export function jsonOf(plan: Plan, volume: Volume): string {
  const resources = toArm(plan);
  const shown = { resources, permissions: requiredPermissions(plan, resources), cost: costOf(resources, volume) };
  return JSON.stringify(masked(shown, plan.secretTexts), null, 2);
}

/** What a failed program said, without the stack that Pulumi adds. */
export function failureOf(plan: Plan): string {
  const said = plan.logs.filter(({ severity }) => severity >= LOG_ERROR).map(({ message }) => message);
  const text = stripVTControlCharacters(said.length === 0 ? plan.printed : said.join('\n'));
  const lines = text.split('\n').filter((line) => !/^\s+at .*(:\d+:\d+\)?|\))$/.test(line));
  return String(masked(lines.join('\n').trim(), plan.secretTexts));
}
