/** One chunk on its way: accepted, or split down to the rows that are refused. */
import type { Refusal } from '../contracts.ts';
import type { Table } from '../schema/index.ts';
import { chunkSender, type DeliveryOptions, sinkError, type WriteUnderWay } from './chunk-sender.ts';
import type { SizedRow } from './sized-row.ts';

// So many rows refused and none accepted: then it is the table, the rule or a proxy, and no row is at fault.
const MOST_REFUSED = 20;

/** Chunks that are split from one: what became of their rows. */
interface Tally {
  readonly refusals: Refusal[];
  refused: number;
  accepted: number;
}

/** What a service says of a row may repeat the row: words of the row are left out. */
function withoutRow(message: string, { wire }: SizedRow, table: Table): string {
  const text = JSON.stringify(wire);
  return message.replaceAll(/[\w@.+-]{4,}/g, (word) => (word in table.columns || !text.includes(word) ? word : '…'));
}

/**
 * Makes the function that delivers chunks. It resolves when each row is accepted or refused; rejects with a SinkError, or
 * with the reason of the abort.
 */
export function chunkDelivery(
  options: DeliveryOptions,
): (rows: readonly SizedRow[], write: WriteUnderWay) => Promise<readonly Refusal[]> {
  const { metrics } = options;
  const send = chunkSender(options);
  // Tables of which something was accepted: rule and columns are as they should be.
  const proven = new Set<string>();

  function settle(rows: readonly SizedRow[], { table }: WriteUnderWay, tally: Tally): void {
    proven.add(table.name);
    tally.accepted += rows.length;
    metrics.rows(table.name, rows.length);
    for (const { row, cut } of rows) if (cut !== undefined) tally.refusals.push({ kind: 'oversize', row, reason: cut });
  }

  async function deliver(rows: readonly SizedRow[], write: WriteUnderWay, tally: Tally): Promise<void> {
    const problem = await send(rows, write);
    const [first] = rows;
    if (problem === undefined || first === undefined) {
      settle(rows, write, tally);
    } else if (rows.length > 1) {
      const middle = Math.ceil(rows.length / 2);
      await deliver(rows.slice(0, middle), write, tally);
      await deliver(rows.slice(middle), write, tally);
    } else {
      tally.refused++;
      tally.refusals.push({ kind: 'refused', row: first.row, reason: withoutRow(problem, first, write.table) });
    }
  }

  return async (rows, write) => {
    const tally: Tally = { refusals: [], refused: 0, accepted: 0 };
    await deliver(rows, write, tally);
    const { refused, accepted, refusals } = tally;
    const { name } = write.table;
    // Of a table that never took a row, one refusal proves nothing; of another one, a few may be poison.
    if (refused > 0 && accepted === 0 && (refused >= MOST_REFUSED || !proven.has(name))) {
      throw sinkError(
        `refused ${refused} rows of ${name} one by one (${refusals[0]?.reason ?? ''}) and took none: it is not the rows: check that the data collection rule declares the columns of this version, and whether a proxy changes requests`,
      );
    }
    return refusals;
  };
}
