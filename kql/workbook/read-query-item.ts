import { z } from 'zod';
import { type FormatJson, formatSchema, readFormat } from './read-format.ts';
import {
  type ChartSettings,
  type ColumnFormat,
  type Export,
  type GridSettings,
  type QueryItem,
  type TileSettings,
  visualizations,
} from './workbook.ts';

const axis = z.looseObject({ label: z.string().nullish() }).nullish();
const sortSchema = z.array(z.looseObject({ itemKey: z.string(), sortOrder: z.int().nullish() })).nullish();

/** What a query item holds, as workbooks store it. */
export const querySchema = z.looseObject({
  query: z.string(),
  title: z.string().nullish(),
  size: z.int().nullish(),
  queryType: z.int().nullish(),
  visualization: z.string().nullish(),
  noDataMessage: z.string().nullish(),
  showExportToExcel: z.boolean().nullish(),
  exportFieldName: z.string().nullish(),
  exportParameterName: z.string().nullish(),
  exportDefaultValue: z.string().nullish(),
  exportedParameters: z
    .array(
      z.looseObject({
        fieldName: z.string().nullish(),
        parameterName: z.string(),
        defaultValue: z.string().nullish(),
      }),
    )
    .nullish(),
  sortBy: sortSchema,
  gridSettings: z
    .looseObject({
      formatters: z.array(formatSchema).nullish(),
      labelSettings: z.array(z.looseObject({ columnId: z.string(), label: z.string().nullish() })).nullish(),
      rowLimit: z.int().nullish(),
      filter: z.boolean().nullish(),
      sortBy: sortSchema,
    })
    .nullish(),
  tileSettings: z
    .looseObject({
      titleContent: formatSchema.nullish(),
      subtitleContent: formatSchema.nullish(),
      leftContent: formatSchema.nullish(),
      rightContent: formatSchema.nullish(),
      secondaryContent: formatSchema.nullish(),
    })
    .nullish(),
  chartSettings: z
    .looseObject({
      xAxis: z.string().nullish(),
      yAxis: z.array(z.string()).nullish(),
      group: z.string().nullish(),
      showLegend: z.boolean().nullish(),
      xSettings: axis,
      ySettings: axis,
      seriesLabelSettings: z
        .array(z.looseObject({ seriesName: z.string(), label: z.string().nullish(), color: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
});
type QueryJson = z.infer<typeof querySchema>;

/** Whether an optional text says something. */
const said = (text: string | null | undefined): text is string => text !== undefined && text !== null && text !== '';

function toExports(json: QueryJson): readonly Export[] {
  const { exportFieldName, exportParameterName, exportDefaultValue, exportedParameters } = json;
  const single = said(exportParameterName)
    ? [{ fieldName: exportFieldName, parameterName: exportParameterName, defaultValue: exportDefaultValue }]
    : [];
  return [...single, ...(exportedParameters ?? [])].map(({ fieldName, parameterName, defaultValue }) => ({
    field: said(fieldName) ? fieldName : undefined,
    parameter: parameterName,
    defaultValue: defaultValue ?? '',
  }));
}

// Azure: 1 ascending, 2 descending.
const DESCENDING = 2;
// Azure, Limits.md: what a grid shows where the file does not say.
const ROW_LIMIT = 250;

type Note = (problems: readonly string[]) => void;

function toGrid({ gridSettings, sortBy }: QueryJson, note: Note): GridSettings {
  const labels = new Map(
    (gridSettings?.labelSettings ?? []).map(({ columnId, label }) => [columnId, label ?? undefined]),
  );
  const formats = (gridSettings?.formatters ?? []).map((json): ColumnFormat => {
    const { format, problems } = readFormat(json, labels.get(json.columnMatch));
    note(problems);
    return format;
  });
  const unformatted = [...labels].filter(([column]) => formats.every((format) => format.column !== column));
  const plain = unformatted.map(([column, label]): ColumnFormat => ({
    column,
    formatter: { kind: 'automatic' },
    label,
    number: undefined,
    width: undefined,
  }));
  // The portal writes both; the one of the item is what it last sorted by.
  const sorted = gridSettings?.sortBy ?? sortBy ?? [];
  return {
    formats: [...formats, ...plain],
    rowLimit: gridSettings?.rowLimit ?? ROW_LIMIT,
    hasFilter: gridSettings?.filter ?? false,
    sortBy: sorted.map(({ itemKey, sortOrder }) => ({
      // `$gen_heatmap_Column_3`: the portal names the formatted cell, numbered by place.
      column: itemKey.replace(/^\$gen_[a-z]+_(.+)_\d+$/, '$1'),
      isDescending: sortOrder === DESCENDING,
    })),
  };
}

function toTiles({ tileSettings }: QueryJson, note: Note): TileSettings {
  const read = (json: FormatJson | null | undefined): ColumnFormat | undefined => {
    if (json === undefined || json === null) return undefined;
    const { format, problems } = readFormat(json, undefined);
    note(problems);
    return format;
  };
  return {
    title: read(tileSettings?.titleContent),
    subtitle: read(tileSettings?.subtitleContent),
    left: read(tileSettings?.leftContent),
    right: read(tileSettings?.rightContent),
    secondary: read(tileSettings?.secondaryContent),
  };
}

function toChart({ chartSettings }: QueryJson): ChartSettings {
  const series = chartSettings?.seriesLabelSettings ?? [];
  return {
    xAxis: chartSettings?.xAxis ?? undefined,
    yAxis: chartSettings?.yAxis ?? [],
    group: chartSettings?.group ?? undefined,
    xLabel: chartSettings?.xSettings?.label ?? undefined,
    yLabel: chartSettings?.ySettings?.label ?? undefined,
    colors: Object.fromEntries(series.flatMap(({ seriesName, color }) => (said(color) ? [[seriesName, color]] : []))),
    labels: Object.fromEntries(series.flatMap(({ seriesName, label }) => (said(label) ? [[seriesName, label]] : []))),
    showLegend: chartSettings?.showLegend ?? false,
  };
}

const LOGS = 0;

/** Reads a query item. @throws Error saying why it cannot be rendered. */
export function readQueryItem(
  json: QueryJson,
  base: Pick<QueryItem, 'name' | 'path' | 'conditions' | 'width'>,
): QueryItem {
  const { queryType, visualization: asked } = json;
  if ((queryType ?? LOGS) !== LOGS) throw new Error(`queryType ${queryType} is not rendered here: only 0, Logs`);
  // The portal leaves it out, or writes "auto", for what it chooses itself.
  const name = !said(asked) || asked === 'auto' ? 'table' : asked;
  const visualization = visualizations.find((each) => each === name);
  if (visualization === undefined)
    throw new Error(`visualisation ${name} is not rendered here: only ${visualizations.join(', ')}`);
  const problems: string[] = [];
  const note: Note = (more) => void problems.push(...more);
  return {
    ...base,
    kind: 'query',
    title: json.title ?? '',
    query: json.query,
    visualization,
    size: json.size ?? 0,
    noDataMessage: json.noDataMessage ?? '',
    exports: toExports(json),
    grid: toGrid(json, note),
    tiles: toTiles(json, note),
    chart: toChart(json),
    hasDownload: json.showExportToExcel ?? false,
    problems,
  };
}
