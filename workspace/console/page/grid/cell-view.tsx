import type { ReactNode } from 'react';
import type { ColumnFormat, Formatter } from '../../../../kql/workbook/workbook.ts';
import type { Cell, ColumnView } from '../../api.ts';
import { colorProperty, paletteProperty } from './colors.ts';
import { type Scale, scaleShare } from './column-scale.ts';
import { emptyText, formatCell, formatTime, type TimeForm, toNumber, wholeText } from './format-cell.ts';
import { Icon } from './icon.tsx';
import { Spark } from './spark.tsx';
import { sparkValues } from './spark-line.ts';
import { chooseThreshold, thresholdText } from './threshold.ts';

// Percent: deeper, text on it could not be read in the dark.
const mostHeat = 40;

interface CellProps {
  readonly cell: Cell;
  readonly column: ColumnView;
  readonly format: ColumnFormat | undefined;
  readonly scale: Scale | undefined;
  /** Opens the details of the cell, or of its row. */
  readonly onDetails: ((of: 'cell' | 'row') => void) | undefined;
  /** Whether a text that has no room opens its details; in a row that is chosen by a click it only has a title. */
  readonly longText?: 'opens' | 'titled' | undefined;
  /** How the times of its column are written; undefined for as short as this one allows. */
  readonly timeForm?: TimeForm | undefined;
}

// About as many letters as a cell has room for.
const shortText = 44;
const mostTitle = 1000;

/** A cell as its column's formatter shows it. Values are React text, never HTML: names in rows are inert. */
export function CellView({
  cell,
  column,
  format,
  scale,
  onDetails,
  longText = 'titled',
  timeForm,
}: CellProps): ReactNode {
  const formatter: Formatter = format?.formatter ?? { kind: 'automatic' };
  const plain =
    formatter.kind === 'text'
      ? { text: plainText(cell), title: undefined }
      : formatCell(cell, column.type, format?.number, timeForm);
  const isLong = plain.text.length > shortText;
  const shown = (
    <span
      className={plain.text === emptyText ? 'cell-empty' : undefined}
      title={plain.title ?? (isLong ? wholeText(cell).slice(0, mostTitle) : undefined)}
    >
      {plain.text}
    </span>
  );
  switch (formatter.kind) {
    case 'date':
      return typeof cell === 'string' ? <span title={cell}>{formatTime(cell, timeForm)}</span> : shown;
    case 'bar': {
      const value = toNumber(cell);
      if (value === undefined || scale === undefined) return shown;
      const width = `${(scaleShare(value, scale) * 100).toFixed(1)}%`;
      return (
        <span className="cell-bar">
          <span className="cell-bar-value">{plain.text}</span>
          <span className="cell-bar-track" aria-hidden="true">
            <span style={{ width, background: `var(${paletteProperty(formatter.palette)})` }} />
          </span>
        </span>
      );
    }
    case 'heatmap': {
      const value = toNumber(cell);
      if (value === undefined || scale === undefined) return shown;
      const share = Math.round(scaleShare(value, scale) * mostHeat);
      const background = `color-mix(in srgb, var(${paletteProperty(formatter.palette)}) ${share}%, transparent)`;
      return (
        <span className="cell-heat" style={{ background }}>
          {plain.text}
        </span>
      );
    }
    case 'spark': {
      const values = sparkValues(cell);
      return values === undefined ? shown : <Spark values={values} property={paletteProperty(formatter.palette)} />;
    }
    case 'thresholds': {
      const threshold = chooseThreshold(formatter.thresholds, cell);
      if (threshold === undefined) return shown;
      const text = thresholdText(threshold, plain.text, '');
      if (formatter.show === 'icons') {
        return (
          <span className="cell-icon">
            <Icon representation={threshold.representation} />
            {text}
          </span>
        );
      }
      const property = colorProperty(threshold.representation);
      if (property === undefined) return text;
      return (
        <span className="cell-color">
          <span className="cell-dot" style={{ background: `var(${property})` }} aria-hidden="true" />
          {text}
        </span>
      );
    }
    case 'link': {
      if (onDetails === undefined || formatter.target === 'Url' || plain.text === emptyText) return shown;
      return (
        <button
          type="button"
          className="cell-link"
          onClick={(event) => {
            event.stopPropagation();
            onDetails(formatter.target === 'CellDetails' ? 'cell' : 'row');
          }}
        >
          {plain.text}
        </button>
      );
    }
    case 'automatic':
    case 'text':
      if (!isLong || longText === 'titled' || onDetails === undefined) return shown;
      return (
        <button type="button" className="cell-more" onClick={() => onDetails('cell')}>
          {shown}
        </button>
      );
    case 'hidden':
    case 'number':
    default:
      return shown;
  }
}

function plainText(cell: Cell): string {
  if (cell === null || cell === '') return emptyText;
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}
