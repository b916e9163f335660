import { BarChart, LineChart, PieChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { type ReactNode, useEffect, useRef } from 'react';
import type { ChartKind, ChartSettings } from '../../../../kql/workbook/workbook.ts';
import type { Axes } from './axes.ts';
import { chartOptions } from './chart-options.ts';
import type { ChartData } from './series.ts';

use([BarChart, LineChart, PieChart, ScatterChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** The drawing of a chart. It follows its box and the colours of the page. */
export function ChartCanvas({
  label,
  kind,
  axes,
  data,
  settings,
  height,
}: {
  readonly label: string;
  readonly kind: ChartKind;
  readonly axes: Axes;
  readonly data: ChartData;
  readonly settings: ChartSettings | undefined;
  readonly height: number;
}): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = box.current;
    if (place === null) return undefined;
    const chart = init(place);
    const probe = document.createElement('span');
    const draw = (): void => {
      // Properties differ by theme, and a canvas knows none: the browser resolves them on an element.
      place.append(probe);
      const read = (property: string): string => {
        probe.style.color = `var(${property})`;
        return getComputedStyle(probe).color;
      };
      const { fontFamily } = getComputedStyle(place);
      chart.setOption(
        chartOptions({
          kind,
          axes,
          data,
          settings,
          read,
          fontFamily,
          width: place.clientWidth,
          height: place.clientHeight,
        }),
        {
          notMerge: true,
        },
      );
      probe.remove();
    };
    draw();
    let drawn = `${place.clientWidth} ${place.clientHeight}`;
    const resized = new ResizeObserver(() => {
      const size = `${place.clientWidth} ${place.clientHeight}`;
      // It tells of the first size, too.
      if (size === drawn) return;
      drawn = size;
      chart.resize();
      draw();
    });
    resized.observe(place);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'class', 'style'] });
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', draw);
    return () => {
      resized.disconnect();
      themed.disconnect();
      system.removeEventListener('change', draw);
      chart.dispose();
    };
  }, [kind, axes, data, settings]);
  return <div ref={box} className="chart-canvas" role="img" aria-label={label} style={{ height }} />;
}
