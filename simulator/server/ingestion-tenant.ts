/** The Azure side of a tenant, joined: the ingestion API, what becomes of rows, and the tables they end in. */
import type { FeedBlob } from '../feed-blob.ts';
import type { FaultInjector } from './fault-injector.ts';
import { ingestion, type IngestionOptions } from './ingestion.ts';
import { refusedIds } from './ingestion-faults.ts';
import { ingestionLedger } from './ingestion-ledger.ts';
import type { ListenerOptions } from './listener.ts';
import type { Stored } from './report.ts';
import { intakeCounts, rowIntake, type StoredRow } from './row-intake.ts';
import { storedTables } from './stored-tables.ts';
import { tableOf } from './streams.ts';

/** What it needs beyond what the API itself needs. */
interface IngestionTenantOptions extends Omit<IngestionOptions, 'refused' | 'ledger' | 'store'> {
  readonly faults: FaultInjector;
  readonly seed: number | string;
  readonly blobs: readonly FeedBlob[];
  readonly clock: () => number;
  readonly workspaceId: string;
  readonly ingestionClock: () => number;
  readonly rowsDirectory?: string | undefined;
}

/** The running Azure side. */
export interface IngestionTenant {
  readonly listening: Pick<ListenerOptions, 'handle' | 'onHalfBody' | 'onRequest'>;
  readonly stored: (table: string) => readonly StoredRow[];
  readonly report: () => Stored;
}

/** Joins the API to its tables. */
export function ingestionTenant(options: IngestionTenantOptions): IngestionTenant {
  const { switches, faults, workspaceId } = options;
  const counts = intakeCounts();
  const ledger = ingestionLedger(counts);
  const tables = storedTables({ keepRows: switches.keepRows, directory: options.rowsDirectory });
  const intakes = new Map(
    Object.entries(options.streams).map(([stream, columns]) => {
      const types = new Map(columns.map(({ name, type }) => [name, type]));
      return [stream, rowIntake({ table: tableOf(stream), columns: types, workspaceId, switches, counts })];
    }),
  );
  const api = ingestion({
    ...options,
    ledger,
    refused: faults.has('ingestion-400-row')
      ? refusedIds({
          blobs: options.blobs,
          unavailable: faults.unavailable(),
          seed: options.seed,
          nowMs: options.clock(),
        })
      : new Set(),
    store: (stream, sent) => {
      const receivedMs = options.ingestionClock();
      const rows = sent.map((row) => intakes.get(stream)?.(row, receivedMs)).filter((row) => row !== undefined);
      tables.add(tableOf(stream), rows, receivedMs);
    },
  });
  return {
    listening: { handle: api.handle, onHalfBody: api.onHalfBody, onRequest: () => ledger.request() },
    stored: tables.rows,
    report: () => ({ ingestion: ledger.report(), idCounts: tables.idCounts }),
  };
}
