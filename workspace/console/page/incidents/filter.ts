/** Which incidents are shown, and in which order; kept in the address. */
import { type EntityView, type IncidentSummary, type Severity, severities } from '../../api.ts';

export const orders = ['newest', 'oldest', 'severity', 'alerts'] as const;
export type Order = (typeof orders)[number];

export interface IncidentFilter {
  /** Empty: all. */
  readonly severities: readonly Severity[];
  /** Words that must all be there, in title, rule, tactics or entities. */
  readonly text: string;
  readonly order: Order;
}

/** `severity=High,Low&text=mara&order=oldest`; what is no such value does not count. */
export function readFilter(search: string): IncidentFilter {
  const values = new URLSearchParams(search);
  const wanted = (values.get('severity') ?? '').split(',');
  return {
    severities: severities.filter((severity) => wanted.includes(severity)),
    text: values.get('text') ?? '',
    order: orders.find((order) => order === values.get('order')) ?? 'newest',
  };
}

/** The opposite of `readFilter`: only what is not the default. */
export function writeFilter({ severities: wanted, text, order }: IncidentFilter): string {
  const values = new URLSearchParams();
  if (wanted.length > 0) values.set('severity', wanted.join(','));
  if (text !== '') values.set('text', text);
  if (order !== 'newest') values.set('order', order);
  return values.toString();
}

/** What an entity is called: the first of its identifiers. */
export const entityName = ({ identifiers }: EntityView): string => Object.values(identifiers)[0] ?? '';

const textOf = ({ title, rule, tactics, entities }: IncidentSummary): string =>
  [title, rule, ...tactics, ...entities.flatMap(({ identifiers }) => Object.values(identifiers))]
    .join('\n')
    .toLowerCase();

const rank = ({ severity }: IncidentSummary): number => severities.indexOf(severity);

const compare: Readonly<Record<Order, (a: IncidentSummary, b: IncidentSummary) => number>> = {
  // A first run of the rules finds everything at one time: then the worst comes first.
  newest: (a, b) => Date.parse(b.lastAlertTime) - Date.parse(a.lastAlertTime) || rank(a) - rank(b),
  oldest: (a, b) => Date.parse(a.lastAlertTime) - Date.parse(b.lastAlertTime),
  severity: (a, b) => rank(a) - rank(b),
  alerts: (a, b) => b.alertCount - a.alertCount,
};

/** The incidents that a filter leaves, in its order; those that are equal stay as they came. */
export function filterIncidents(
  incidents: readonly IncidentSummary[],
  { severities: wanted, text, order }: IncidentFilter,
): readonly IncidentSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return incidents
    .filter(({ severity }) => wanted.length === 0 || wanted.includes(severity))
    .filter((incident) => words.every((word) => textOf(incident).includes(word)))
    .toSorted(compare[order]);
}
