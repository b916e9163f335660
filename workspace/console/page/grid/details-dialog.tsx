import { type ReactNode, useEffect, useRef } from 'react';
import type { Cell, ColumnView } from '../../api.ts';
import { wholeText } from './format-cell.ts';
import type { ShownColumn } from './grid-columns.ts';

/** What the dialog shows: names and whole values. */
export interface Details {
  readonly title: string;
  readonly fields: readonly { readonly name: string; readonly value: Cell }[];
}

/** The whole of a cell, or of its row. */
export function toDetails(
  of: 'cell' | 'row',
  shown: ShownColumn,
  columns: readonly ColumnView[],
  cells: readonly Cell[],
): Details {
  if (of === 'cell') return { title: shown.label, fields: [{ name: shown.label, value: cells[shown.index] ?? null }] };
  return {
    title: 'Row',
    fields: columns.map(({ name }, index) => ({ name, value: cells[index] ?? null })),
  };
}

/** A dialog with values in full. Escape and its button close it; the browser gives the focus back. */
export function DetailsDialog({
  details,
  onClose,
}: {
  readonly details: Details;
  readonly onClose: () => void;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const isSingle = details.fields.length === 1;
  return (
    <dialog
      ref={dialog}
      className="details"
      aria-label={details.title}
      onClose={onClose}
      onClick={(event) => {
        // A click beside the panel lands on the dialog itself.
        if (event.target === event.currentTarget) event.currentTarget.close();
      }}
    >
      <div className="details-panel">
        <header>
          <h2>{details.title}</h2>
          <button type="button" className="quiet" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </header>
        <dl>
          {details.fields.map(({ name, value }) => (
            <div key={name}>
              {isSingle ? null : <dt>{name}</dt>}
              <dd>
                <pre>{wholeText(value) || '(empty)'}</pre>
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </dialog>
  );
}
