/** A plan as a page to read: what is created, in which order, what stays when it is destroyed. */
import Table from 'cli-table3';
import type { ArmResource } from './arm.ts';
import type { Cost } from './cost.ts';
import type { Plan } from './plan.ts';
import { type RequiredPermission, roleNameOf } from './required-permissions.ts';
import { textAt, valuesAt } from './wire-values.ts';

/** Headings in the order of the deployment; a type belongs to the first whose pattern it matches. */
const groups: readonly (readonly [string, RegExp])[] = [
  ['Resource group', /^Microsoft\.Resources\//],
  ['Workspace', /workspaces$|onboardingStates$/],
  ['Tables', /workspaces\/tables$/],
  ['Ingestion', /dataCollection|diagnosticSettings$/],
  ['Network', /^Microsoft\.Network\//],
  ['Storage', /^Microsoft\.Storage\//],
  ['Image', /^Microsoft\.ContainerRegistry\//],
  ['Identity and access', /^Microsoft\.(ManagedIdentity|Authorization|KeyVault)\//],
  ['Collector', /^Microsoft\.App\//],
  ['Functions and hunting queries', /savedSearches$/],
  ['Watchlists', /watchlists/],
  ['Rules', /alertRules$/],
  ['Workbooks', /workbooks$/],
  ['Data connector page', /dataConnectorDefinitions$|metadata$/],
  ['Alerts about the collector', /actionGroups$|Alerts$|scheduledQueryRules$/],
];

const headingOf = (type: string): string => groups.find(([, pattern]) => pattern.test(type))?.[0] ?? 'Other';
const kindOf = (type: string): string => type.slice(type.lastIndexOf('/') + 1);

/** What people know the resource by. */
function titleOf({ name, body }: ArmResource): string {
  const properties = valuesAt(body, 'properties');
  const shown =
    textAt(properties, 'displayName') ||
    textAt(valuesAt(properties, 'connectorUiConfig'), 'title') ||
    roleNameOf(textAt(properties, 'roleDefinitionId'));
  const last = name.slice(name.lastIndexOf('/') + 1);
  return shown === '' || shown === last ? last : `${shown} (${last})`;
}

/** Every resource under its heading, one a line, with its region and whether `pulumi destroy` leaves it. */
export function resourceTree(plan: Plan, resources: readonly ArmResource[]): string {
  const kept = new Set(plan.registrations.filter(({ protect }) => protect).map(({ id }) => id));
  const headings = [...groups.map(([heading]) => heading), 'Other'];
  const lines = headings.flatMap((heading) => {
    const members = resources.filter(({ type }) => headingOf(type) === heading);
    if (members.length === 0) return [];
    return [
      `${heading} (${members.length})`,
      ...members.map((one) => {
        const notes = [textAt(one.body, 'location'), kept.has(one.id) ? 'protected' : ''].filter((note) => note !== '');
        const note = notes.length === 0 ? '' : `  [${notes.join(', ')}]`;
        return `  ${kindOf(one.type)}  ${titleOf(one)}${note}`;
      }),
    ];
  });
  const entra = plan.registrations.filter(({ type }) => type.startsWith('azuread:'));
  const consent = entra.map(({ type, name }) => `  ${type.slice(type.lastIndexOf(':') + 1)}  ${name}`);
  return [...lines, ...(entra.length === 0 ? [] : [`Microsoft Entra (${entra.length})`, ...consent])].join('\n');
}

const plain = (head: readonly string[]): Table.Table =>
  new Table({ head: [...head], style: { head: [], border: [], compact: true } });

/** What an administrator has left to run, as the program's output `consent` says; empty when there is nothing. */
export function consentLines({ outputs }: Plan): string {
  return Object.values(valuesAt(outputs, 'consent'))
    .flatMap((lines) => (Array.isArray(lines) ? lines.map(String) : []))
    .join('\n');
}

/** The permissions as a table. */
export function permissionTable(permissions: readonly RequiredPermission[]): string {
  const table = plain(['Role', 'Of', 'Who has it', 'On', 'Granted by']);
  for (const { role, api, holder, scope, grantedBy } of permissions) {
    table.push([role, api, holder, scope.slice(scope.lastIndexOf('/') + 1), grantedBy]);
  }
  return table.toString();
}

const amount = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : 0 });

/** The estimate as a table, with what it assumes. */
export function costTable(cost: Cost): string {
  const table = plain(['Item', 'Quantity', 'List price', 'USD a month', 'Price of']);
  for (const { item, quantity, price, monthly } of cost.lines) {
    table.push([item, `${amount(quantity)} x ${price.unit}`, String(price.usd), monthly.toFixed(2), price.date]);
  }
  table.push(['Total', '', '', cost.monthly.toFixed(2), '']);
  const { users, interactionsPerDay, kilobytesPerRow } = cost.volume;
  const unknown = cost.notPriced.length === 0 ? '' : `\nNot priced: ${cost.notPriced.join(', ')}`;
  return `${table.toString()}\nAssumed: ${amount(users)} users, ${interactionsPerDay} records each a day, ${kilobytesPerRow} KB a row: ${amount(cost.gigabytesPerMonth)} GB a month (--users, --interactions). Retention as it will be once rows reach that age.${unknown}`;
}
