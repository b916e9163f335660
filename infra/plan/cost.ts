/** What a plan costs in a month, from list prices and a stated volume. */
import { type Setting, settings } from '../../collector/settings.ts';
import type { ArmResource } from './arm.ts';
import { freeTypes, included, type Price, pricedTypes, type PriceName, prices } from './prices.ts';
import { DAYS_PER_MONTH, gigabytesPerMonth, type Volume } from './volume.ts';
import { environmentOf } from './required-permissions.ts';
import { isValues, textAt, valuesAt } from './wire-values.ts';

/** One meter. */
export interface CostLine {
  readonly item: string;
  readonly quantity: number;
  readonly price: Price;
  /** US dollars. */
  readonly monthly: number;
}

/** The estimate of one plan. */
export interface Cost {
  readonly currency: 'USD';
  readonly volume: Volume;
  readonly gigabytesPerMonth: number;
  readonly lines: readonly CostLine[];
  /** US dollars, rounded to cents. */
  readonly monthly: number;
  /** Types in the plan that have a price which the estimate does not know. */
  readonly notPriced: readonly string[];
}

const allSettings: readonly Setting[] = settings;
const defaultPeriods = allSettings.find(({ name }) => name === 'USAGE_PERIODS')?.default ?? '';
const SECONDS_PER_MONTH = DAYS_PER_MONTH * 86_400;
const HOURS_PER_MONTH = DAYS_PER_MONTH * 24;

const known = new Set([...freeTypes, ...pricedTypes].map((type) => type.toLowerCase()));

const isKnown = (type: string): boolean =>
  known.has(type.toLowerCase()) || type.toLowerCase().startsWith('microsoft.securityinsights/');

const line = (item: string, quantity: number, name: PriceName): CostLine => {
  const price: Price = prices[name];
  return { item, quantity, price, monthly: quantity * price.usd };
};

const numberAt = (value: unknown, name: string): number | undefined => {
  const found = isValues(value) ? value[name] : undefined;
  return typeof found === 'number' ? found : undefined;
};

/** By volume, or by the commitment of the workspace (GB a day); what exceeds that costs the same for each GB. */
const ingestionLine = (perDay: number, commitment: number | undefined): CostLine =>
  commitment === undefined
    ? line('Ingestion into Log Analytics and Sentinel', perDay * DAYS_PER_MONTH, 'analyticsGb')
    : line(
        `Commitment of ${commitment} GB a day`,
        (Math.max(commitment, perDay) / 100) * DAYS_PER_MONTH,
        'commitment100GbDay',
      );

/** Ingestion, and retention once the first rows have reached their age. */
function dataLines(resources: readonly ArmResource[], gigabytes: number): readonly CostLine[] {
  const propertiesOf = (type: string) =>
    resources.filter((one) => one.type === type).map(({ body }) => valuesAt(body, 'properties'));
  const [workspace] = propertiesOf('Microsoft.OperationalInsights/workspaces');
  const [table] = propertiesOf('Microsoft.OperationalInsights/workspaces/tables');
  const days = (value: number | undefined): number | undefined => (value === -1 ? undefined : value);
  // An adopted workspace's own retention is not known here.
  const readable =
    days(numberAt(table, 'retentionInDays')) ?? numberAt(workspace, 'retentionInDays') ?? included.retentionDays;
  const total = Math.max(readable, days(numberAt(table, 'totalRetentionInDays')) ?? readable);
  const perDay = gigabytes / DAYS_PER_MONTH;
  return [
    ingestionLine(perDay, numberAt(valuesAt(workspace, 'sku'), 'capacityReservationLevel')),
    line(
      `Retention, days ${included.retentionDays + 1} to ${readable}`,
      perDay * Math.max(0, readable - included.retentionDays),
      'retentionGbMonth',
    ),
    line(
      `Archive, days ${readable + 1} to ${total}`,
      perDay * Math.max(0, total - Math.max(readable, included.retentionDays)),
      'archiveGbMonth',
    ),
  ].filter(({ quantity }) => quantity > 0);
}

/** Always running and never idle: the most that the container apps can cost. */
function appLines(resources: readonly ArmResource[]): readonly CostLine[] {
  const containers = resources
    .filter(({ type }) => type === 'Microsoft.App/containerApps')
    .flatMap(({ body }) => {
      const list = valuesAt(valuesAt(body, 'properties'), 'template')['containers'];
      return Array.isArray(list) ? list : [];
    })
    .map((container) => valuesAt(container, 'resources'));
  const vcpus = containers.reduce((sum, one) => sum + (numberAt(one, 'cpu') ?? 0), 0);
  const gibs = containers.reduce((sum, one) => sum + Number.parseFloat(textAt(one, 'memory') || '0'), 0);
  if (containers.length === 0) return [];
  const name = containers.length === 1 ? 'Collector' : `${containers.length} collectors`;
  return [
    line(`${name}, vCPU`, Math.max(0, vcpus * SECONDS_PER_MONTH - included.vcpuSeconds), 'vcpuSecond'),
    line(`${name}, memory`, Math.max(0, gibs * SECONDS_PER_MONTH - included.gibSeconds), 'gibSecond'),
  ];
}

/** Periods of usage reports, where any collector reads them: users are counted once, whatever tenant they are in. */
function usagePeriods(resources: readonly ArmResource[]): number {
  const counts = resources
    .filter(({ type }) => type === 'Microsoft.App/containerApps')
    .map(({ body }) => environmentOf(body))
    .filter(({ SOURCES }) => SOURCES?.split(',').includes('usage-report') === true)
    .map(({ USAGE_PERIODS }) => (USAGE_PERIODS ?? defaultPeriods).split(',').length);
  return Math.max(0, ...counts);
}

const REGISTRY_PRICES: Readonly<Record<string, PriceName>> = {
  Basic: 'registryBasicDay',
  Standard: 'registryStandardDay',
  Premium: 'registryPremiumDay',
};
const ALERT_PRICES: Readonly<Record<string, PriceName>> = {
  PT1M: 'logAlertMinute',
  PT5M: 'logAlert5Minutes',
  PT10M: 'logAlert10Minutes',
};
// One pass saves at most a dozen blobs (segments, ledger, position); the lease is renewed every 20 seconds.
const WRITES_PER_PASS = 12;
const POLL_SECONDS = 300;
const LEASE_SECONDS = 20;

function platformLines(resources: readonly ArmResource[], volume: Volume): readonly CostLine[] {
  const count = (type: string): number => resources.filter((one) => one.type === type).length;
  const collectors = count('Microsoft.App/containerApps');
  const registries = resources
    .filter(({ type }) => type === 'Microsoft.ContainerRegistry/registries')
    .map(({ body }) => {
      const sku = textAt(body['sku'], 'name');
      return line(`Container registry (${sku})`, DAYS_PER_MONTH, REGISTRY_PRICES[sku] ?? 'registryPremiumDay');
    });
  const alerts = resources
    .filter(({ type }) => type === 'Microsoft.Insights/scheduledQueryRules')
    .map(({ body, name }) => {
      const frequency = textAt(valuesAt(body, 'properties'), 'evaluationFrequency');
      return line(`Alert ${name}, each ${frequency}`, 1, ALERT_PRICES[frequency] ?? 'logAlert15Minutes');
    });
  const endpoints = count('Microsoft.Network/privateEndpoints');
  return [
    line('Logs of the collectors', (collectors * volume.logMegabytesPerDay * DAYS_PER_MONTH) / 1000, 'analyticsGb'),
    ...registries,
    line('Storage: data', count('Microsoft.Storage/storageAccounts'), 'blobGbMonth'),
    line(
      'Storage: writes of state',
      (collectors * WRITES_PER_PASS * SECONDS_PER_MONTH) / POLL_SECONDS / 10_000,
      'blobWrites',
    ),
    line('Storage: lease', (collectors * SECONDS_PER_MONTH) / LEASE_SECONDS / 10_000, 'blobOthers'),
    line(`Private endpoints (${endpoints})`, endpoints * HOURS_PER_MONTH, 'privateEndpointHour'),
    line('Private DNS zones', count('Microsoft.Network/privateDnsZones'), 'privateZoneMonth'),
    line('Metric alerts', count('Microsoft.Insights/metricAlerts'), 'metricAlertMonth'),
    ...alerts,
  ].filter(({ quantity }) => quantity > 0);
}

/** The estimate for everything that a plan creates, at a volume. */
export function costOf(resources: readonly ArmResource[], volume: Volume): Cost {
  const gigabytes = gigabytesPerMonth(volume, usagePeriods(resources));
  const lines = [...dataLines(resources, gigabytes), ...appLines(resources), ...platformLines(resources, volume)];
  const unknown = resources.map(({ type }) => type).filter((type) => !isKnown(type));
  return {
    currency: 'USD',
    volume,
    gigabytesPerMonth: gigabytes,
    lines,
    monthly: Math.round(lines.reduce((sum, { monthly }) => sum + monthly, 0) * 100) / 100,
    notPriced: [...new Set(unknown)].sort(),
  };
}
