/** The membrane between a source and the rest: what comes out of it names nobody. */
import { type Batch, type Element, type Position, type Source, SourceError, type Unread } from '../contracts.ts';
import { isCopilotRecord } from '../records/is-copilot-record.ts';
import type { OtherTenants } from '../other-tenants.ts';
import type { RecordTypeOptions } from '../records/record-types.ts';
import { isRow, type Row, type Table } from '../schema/index.ts';
import type { Pseudonyms } from './pseudonyms.ts';

const CONCEALED = /^[0-9a-f]{32}$/i;

type Ended = Extract<Batch, { kind: 'ended' }>;

interface MembraneOptions extends RecordTypeOptions {
  /** Tells records of other tenants; absent: all are kept. */
  readonly others?: OtherTenants | undefined;
}

/** The source with tokens in place of people, in records, in rows of its own and in reasons. */
export function pseudonymousSource(source: Source, pseudonyms: Pseudonyms, options: MembraneOptions): Source {
  const { text, value } = pseudonyms;

  const isKept = (raw: unknown): boolean =>
    isCopilotRecord(raw, options) && options.others?.isOther(source.name, raw) !== true;

  /** What is foreign, or another tenant's, is dropped later, unread: nobody who is named in it becomes known. */
  function* elements(all: Iterable<Element>): Iterable<Element> {
    for (const element of all) {
      if (!element.ok) yield { ...element, reason: text(element.reason) };
      else if (isKept(element.value)) yield { ok: true, value: value(element.value) };
      else yield element;
    }
  }

  const unread = (of: Unread): Unread => ({ ...of, reason: text(of.reason) });

  /** Whoever exports or keeps a file may name it after a person, so what has ended is known by a name without people. */
  function toEnded({ id, hour, outcome, unread: rest }: Ended): Ended {
    const end = { kind: 'ended', id: text(id), hour, ...(rest && { unread: unread(rest) }) } as const;
    if (outcome.kind === 'fetched') return { ...end, outcome };
    if (outcome.kind === 'expired') return { ...end, outcome: { ...outcome, reason: text(outcome.reason) } };
    // It is tried again by its address, which the feed gave.
    const parked = { ...outcome.parked, id: text(outcome.parked.id), reason: text(outcome.parked.reason) };
    return { ...end, outcome: { kind: 'parked', parked } };
  }

  function toBatch(batch: Batch): Batch {
    switch (batch.kind) {
      case 'records':
        return { ...batch, item: text(batch.item), elements: elements(batch.elements) };
      case 'rows':
        return { ...batch, rows: batch.rows.map((row) => pseudonymousRow(batch.table, row, pseudonyms)) };
      case 'gap':
        return { ...batch, reason: text(batch.reason) };
      case 'ended':
        return toEnded(batch);
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
      const known: Position = { ...position, isDone: (id) => position.isDone(text(id)) };
      try {
        for await (const batch of source.read(known, signal)) yield toBatch(batch);
      } catch (error) {
        // Without its cause, which names the same people.
        if (error instanceof SourceError) throw new SourceError(text(error.message));
        throw error;
      }
    },
  };
}

/** A row of a source's own. A name that Microsoft conceals is a hash already, and stays. */
function pseudonymousRow(table: Table, row: Row, { person, value, text, digest }: Pseudonyms): Row {
  const stays = (cell: string): boolean => row['IsConcealed'] === true && CONCEALED.test(cell);
  const out: Record<string, unknown> = { ...row };
  let isAboutPerson = false;
  for (const [name, { type, privacy }] of Object.entries(table.columns)) {
    const cell = row[name];
    if (cell === null || cell === undefined || name === 'RecordId') continue;
    if (typeof cell !== 'string') out[name] = type === 'dynamic' ? value(cell) : cell;
    else if (type === 'string') {
      out[name] = privacy !== 'identity' ? text(cell) : stays(cell) ? cell : person(cell);
      if (privacy === 'identity' && out[name] !== cell) isAboutPerson = true;
    }
  }
  // The id of such a row was made from the name.
  if (isAboutPerson && typeof row['RecordId'] === 'string') out['RecordId'] = digest(row['RecordId']);
  if (!isRow(table, out))
    throw new Error(`${table.name}: pseudonymisation changed the type of a column: this is a defect`);
  return out;
}
