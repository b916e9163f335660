/** What was left out of an item: told once for the item, however many parts it came in. */
import type { Element } from './contracts.ts';
import type { HealthRows } from './health-rows.ts';
import type { Log } from './log.ts';
import type { CopilotHealthRow } from './schema/index.ts';

/** Counts what of a blob or file is no record, or another tenant's. */
export interface LeftOut {
  unparsable(item: string, element: Extract<Element, { ok: false }>): void;
  otherTenant(item: string): void;
  /** Rows about an item that has ended, or about all that are left; what was told is forgotten. */
  tell(item?: string): readonly CopilotHealthRow[];
}

interface Counts {
  unparsable: number;
  first: string;
  others: number;
}

/** An empty count for a source. */
export function leftOut(source: string, { health, log }: { readonly health: HealthRows; readonly log: Log }): LeftOut {
  const items = new Map<string, Counts>();

  function countsOf(item: string): Counts {
    const counts = items.get(item) ?? { unparsable: 0, first: '', others: 0 };
    items.set(item, counts);
    return counts;
  }

  function* rowsOf(item: string): Iterable<CopilotHealthRow> {
    const { unparsable, first, others } = items.get(item) ?? { unparsable: 0, first: '', others: 0 };
    items.delete(item);
    if (unparsable > 0) yield health.unparsable(source, item, first, unparsable);
    if (others === 0) return;
    log.error({ source, item, records: others }, 'records of another tenant left out');
    yield health.otherTenants(source, item, others);
  }

  return {
    unparsable(item, { bytes, reason }) {
      const counts = countsOf(item);
      if (counts.unparsable++ === 0) counts.first = `first an element of ${bytes} bytes: ${reason}`;
    },
    otherTenant: (item) => void countsOf(item).others++,
    tell: (item) => (item === undefined ? [...items.keys()] : [item]).flatMap((each) => [...rowsOf(each)]),
  };
}
