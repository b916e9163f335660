import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import type { ChartKind, ChartSettings } from '../../../../kql/workbook/workbook.ts';
import type { Cell, ColumnView } from '../../api.ts';
import { DataGrid } from '../grid/data-grid.tsx';
import { chooseAxes } from './axes.ts';
import { barsWithRoom, chartHeight } from './bars.ts';
import { chartSummary } from './chart-summary.ts';
import { toSeries } from './series.ts';

// The drawing library is the largest part of the page: it comes when the first chart does.
const ChartCanvas = lazy(async () => ({ default: (await import('./chart-canvas.tsx')).ChartCanvas }));

const defaultHeight = 240;

/** A chart of an answer, which can be read as a table too. */
export function Chart({
  caption,
  kind,
  columns,
  rows,
  settings,
  height = defaultHeight,
  hasSwitch = 'yes',
}: {
  /** What the chart shows, for those who cannot see it. */
  readonly caption: string;
  readonly kind: ChartKind;
  readonly columns: readonly ColumnView[];
  readonly rows: readonly (readonly Cell[])[];
  readonly settings?: ChartSettings | undefined;
  /** In CSS pixels. */
  readonly height?: number | undefined;
  /** Whether the chart has its own switch to a table; no where what is around it has one. */
  readonly hasSwitch?: 'yes' | 'no';
}): ReactNode {
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const axes = useMemo(() => chooseAxes(kind, columns, settings), [kind, columns, settings]);
  const data = useMemo(() => {
    if ('problem' in axes) return undefined;
    const all = toSeries(axes, columns, rows, settings, kind === 'scatterchart' ? 'kept' : 'summed');
    return barsWithRoom(kind, axes, all, height);
  }, [axes, columns, rows, settings, kind, height]);
  if ('problem' in axes || data === undefined)
    return (
      <div className="chart">
        <p className="chart-note">{'problem' in axes ? axes.problem : ''}</p>
        <DataGrid caption={caption} columns={columns} rows={rows} maxHeight={height} />
      </div>
    );
  return (
    <div className="chart">
      {hasSwitch === 'no' ? null : (
        <button
          type="button"
          className="chart-switch"
          aria-pressed={view === 'table'}
          aria-label={`Show ${caption} as a table`}
          title={view === 'table' ? 'Show as chart' : 'Show as table'}
          onClick={() => setView(view === 'table' ? 'chart' : 'table')}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path
              d={view === 'table' ? 'M2 2v12h12M5 11V8m3 3V5m3 6V7' : 'M2 3h12v10H2ZM2 6.500h12M2 9.800h12M6.500 3v10'}
            />
          </svg>
        </button>
      )}
      {view === 'table' ? (
        <div style={{ minHeight: height }}>
          <DataGrid caption={caption} columns={columns} rows={rows} maxHeight={height} />
        </div>
      ) : (
        <Suspense fallback={<div className="chart-wait" style={{ height }} />}>
          <ChartCanvas
            label={chartSummary(caption, data, axes)}
            kind={kind}
            axes={axes}
            data={data}
            settings={settings}
            height={chartHeight(kind, axes, data, height)}
          />
        </Suspense>
      )}
      {data.cut === undefined ? null : <p className="chart-note">{data.cut}</p>}
    </div>
  );
}
