import { useMemo, useState } from 'react';
import type { GridSettings } from '../../../../kql/workbook/workbook.ts';
import type { QueryAnswer } from '../../api.ts';
import { Chart } from '../chart/chart.tsx';
import { DataGrid } from '../grid/data-grid.tsx';
import { formatCount, formatMilliseconds } from '../shell/format.ts';
import { type ChartChoice, chartSettings, defaultKind, isDrawable, renderedKind } from './chart-choice.ts';
import { ChartControls } from './chart-controls.tsx';
import { CsvButton } from './csv-button.tsx';

const gridSettings: GridSettings = { formats: [], rowLimit: 250, hasFilter: true, sortBy: [] };
const CHART_HEIGHT = 340;
// Its scroll bar to the columns at the right stays on a laptop's screen.
const GRID_HEIGHT = 480;

interface ResultProps {
  readonly query: string;
  readonly answer: Extract<QueryAnswer, { ok: true }>;
}

/** Rows of an answer as a table or a chart. */
export function Result({ query, answer: { columns, rows, rowCount, milliseconds } }: ResultProps) {
  const drawable = isDrawable(columns) && rows.length > 0;
  const asked = renderedKind(query);
  const [view, setView] = useState<'table' | 'chart'>(drawable && asked !== undefined ? 'chart' : 'table');
  const [choice, setChoice] = useState<ChartChoice>({ kind: asked ?? defaultKind(columns), x: '', y: '', group: '' });
  const settings = useMemo(() => chartSettings(choice), [choice]);
  return (
    <div className="stack">
      <div className="result-bar">
        <p role="status">
          <strong>{formatCount(rowCount, 'row')}</strong>
          <span className="muted">
            {' '}
            in {formatMilliseconds(milliseconds)}
            {rowCount > rows.length ? `; the first ${formatCount(rows.length, 'row')} are shown` : ''}
          </span>
        </p>
        <fieldset className="field result-views">
          <legend className="visually-hidden">Show as</legend>
          <div className="toggles">
            <label>
              <input type="radio" name="view" checked={view === 'table'} onChange={() => setView('table')} />
              Table
            </label>
            <label title={drawable ? undefined : 'A chart needs a column of numbers and one more'}>
              <input
                type="radio"
                name="view"
                disabled={!drawable}
                checked={view === 'chart'}
                onChange={() => setView('chart')}
              />
              Chart
            </label>
          </div>
        </fieldset>
        <CsvButton query={query} />
      </div>
      {view === 'chart' ? (
        <>
          <ChartControls choice={choice} columns={columns} onChange={setChoice} />
          <Chart
            caption="Result"
            kind={choice.kind}
            columns={columns}
            rows={rows}
            settings={settings}
            height={CHART_HEIGHT}
          />
        </>
      ) : (
        <DataGrid caption="Result" columns={columns} rows={rows} settings={gridSettings} maxHeight={GRID_HEIGHT} />
      )}
    </div>
  );
}
