/** The membrane between a source and the rest: what comes out of it names nobody. */
import type { Batch, Element, ParkedBlob, Source } from '../contracts.ts';
import { isCopilotRecord } from '../records/is-copilot-record.ts';
import type { RecordTypeOptions } from '../records/record-types.ts';
import { isRow, type Row, type Table } from '../schema/index.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** The source with tokens in place of people, in records, in rows of its own and in reasons. */
export function pseudonymousSource(source: Source, pseudonyms: Pseudonyms, options: RecordTypeOptions): Source {
  const { text, value } = pseudonyms;

  /** What is foreign is dropped unread: nobody who is named in it becomes known. */
  function* elements(all: Iterable<Element>): Iterable<Element> {
    for (const element of all) {
      if (!element.ok) yield { ...element, reason: text(element.reason) };
      else if (isCopilotRecord(element.value, options)) yield { ok: true, value: value(element.value) };
      else yield element;
    }
  }

  const parked = (blob: ParkedBlob): ParkedBlob => ({ ...blob, reason: text(blob.reason) });

  function toBatch(batch: Batch): Batch {
    switch (batch.kind) {
      case 'records':
        return { ...batch, item: text(batch.item), elements: elements(batch.elements) };
      case 'rows':
        return { ...batch, rows: batch.rows.map((row) => pseudonymousRow(batch.table, row, pseudonyms)) };
      case 'gap':
        return { ...batch, reason: text(batch.reason) };
      case 'ended': {
        const { outcome } = batch;
        if (outcome.kind === 'expired') return { ...batch, outcome: { ...outcome, reason: text(outcome.reason) } };
        if (outcome.kind === 'parked') return { ...batch, outcome: { kind: 'parked', parked: parked(outcome.parked) } };
        return batch;
      }
      case 'listed':
      case 'position':
        return batch;
      default:
        return batch satisfies never;
    }
  }

  return {
    name: source.name,
    async *read(position, signal) {
      for await (const batch of source.read(position, signal)) yield toBatch(batch);
    },
  };
}

/** A row of a source's own. A name that Microsoft conceals is a hash already, and stays. */
function pseudonymousRow(table: Table, row: Row, { person, value, text, digest }: Pseudonyms): Row {
  if (row['IsConcealed'] === true) return row;
  const out: Record<string, unknown> = { ...row };
  let isAboutPerson = false;
  for (const [name, { type, privacy }] of Object.entries(table.columns)) {
    const cell = row[name];
    if (cell === null || cell === undefined || name === 'RecordId') continue;
    if (typeof cell !== 'string') out[name] = type === 'dynamic' ? value(cell) : cell;
    else if (type === 'string') {
      out[name] = privacy === 'identity' ? person(cell) : text(cell);
      if (privacy === 'identity' && out[name] !== cell) isAboutPerson = true;
    }
  }
  // The id of such a row was made from the name.
  if (isAboutPerson && typeof row['RecordId'] === 'string') out['RecordId'] = digest(row['RecordId']);
  if (!isRow(table, out))
    throw new Error(`${table.name}: pseudonymisation changed the type of a column: this is a defect`);
  return out;
}
