/**
 * Azure workbooks as far as this project renders them. The same types serve the checks, the tests and the console's
 * page, so nothing here touches a file or Node. Source: the public JSON schema of workbooks, `workbook.json`.
 */

/** Shows an item only while a parameter has, or has not, a value; '' stands for no value. */
export interface Condition {
  readonly parameterName: string;
  readonly comparison: 'isEqualTo' | 'isNotEqualTo';
  readonly value: string;
}

interface ItemBase {
  /** Unique in the workbook, as the checks see to. */
  readonly name: string;
  /** Where it stands in the file, `['items', 3, 'content', 'items', 0]`: always unique. */
  readonly path: readonly (string | number)[];
  /** All must hold. */
  readonly conditions: readonly Condition[];
  /** Percent of the width; 100 where the file does not say. */
  readonly width: number;
}

/** Markdown, with `{Parameter}` in it. */
export interface TextItem extends ItemBase {
  readonly kind: 'text';
  readonly markdown: string;
  readonly style: 'plain' | 'info' | 'warning' | 'error' | 'success' | 'upsell';
}

/** One choice of a drop-down. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly isSelected: boolean;
}

/** What a parameter offers: fixed choices, or those that a query answers (columns value, label, selected). */
export type Choices = { readonly fixed: readonly Choice[] } | { readonly query: string };

interface ParameterBase {
  readonly name: string;
  readonly label: string;
  readonly isRequired: boolean;
  /** Not shown to readers. */
  readonly isHidden: boolean;
}

/** Type 1. */
export interface TextParameter extends ParameterBase {
  readonly kind: 'text';
  readonly value: string;
  /** Answers the value, where the file has a query (first cell). */
  readonly query: string | undefined;
}

/** Type 2 (drop-down) and 10 (options group). */
export interface ChoiceParameter extends ParameterBase {
  readonly kind: 'choice';
  readonly style: 'drop-down' | 'options';
  readonly choices: Choices;
  /** Chosen at first, as the file says; `value::all` and `value::1` (the first) are kept as they are. */
  readonly value: readonly string[];
  readonly isMultiple: boolean;
  readonly quote: string;
  readonly delimiter: string;
  /** What stands for all, where "All" can be chosen: a value as it is written into queries, or every value. */
  readonly all: { readonly value: string } | { readonly every: true } | undefined;
}

/** Type 4. */
export interface TimeParameter extends ParameterBase {
  readonly kind: 'time';
  readonly durationsMs: readonly number[];
  readonly isCustomAllowed: boolean;
  readonly durationMs: number;
}

export type Parameter = TextParameter | ChoiceParameter | TimeParameter;

/** Type 9. */
export interface ParametersItem extends ItemBase {
  readonly kind: 'parameters';
  readonly parameters: readonly Parameter[];
}

/** One link of a tab bar or list: chooses a value of a parameter, or opens an address. */
export interface Link {
  readonly label: string;
  readonly action: { readonly set: string; readonly to: string } | { readonly url: string };
}

/** Type 11. The first of `tabs` is chosen at first. */
export interface LinksItem extends ItemBase {
  readonly kind: 'links';
  readonly style: 'tabs' | 'list' | 'nav';
  readonly links: readonly Link[];
}

/** Type 12. */
export interface GroupItem extends ItemBase {
  readonly kind: 'group';
  readonly title: string;
  readonly items: readonly Item[];
}

/** A rule of `thresholds`: the first whose comparison holds gives colour or icon, and text. */
export interface Threshold {
  readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'contains' | 'Default';
  readonly value: string;
  /** A colour of the palette (`redBright`) or an icon (`4`, `success`). */
  readonly representation: string;
  /** `{0}{1}`: value and unit. */
  readonly text: string;
}

/** How a column is shown. */
export type Formatter =
  | { readonly kind: 'automatic' | 'text' | 'hidden' | 'date' | 'number' }
  | {
      readonly kind: 'bar' | 'heatmap' | 'spark';
      readonly palette: string;
      readonly min?: number;
      readonly max?: number;
    }
  | { readonly kind: 'thresholds'; readonly show: 'icons' | 'colors'; readonly thresholds: readonly Threshold[] }
  | { readonly kind: 'link'; readonly target: 'CellDetails' | 'GenericDetails' | 'Url' };

export interface ColumnFormat {
  /** Name of the column, as `columnMatch` gives it. */
  readonly column: string;
  readonly formatter: Formatter;
  readonly label: string | undefined;
  /** Options of Intl.NumberFormat, and the unit's sign: '%', 'ms', ... */
  readonly number: { readonly unit: string; readonly maximumFractionDigits: number | undefined } | undefined;
  readonly width: string | undefined;
}

/** Sets parameters when a row is chosen. */
export interface Export {
  /** Column of the row; undefined: the whole row as JSON. */
  readonly field: string | undefined;
  readonly parameter: string;
  readonly defaultValue: string;
}

export interface GridSettings {
  readonly formats: readonly ColumnFormat[];
  readonly rowLimit: number;
  readonly hasFilter: boolean;
  readonly sortBy: readonly { readonly column: string; readonly isDescending: boolean }[];
}

export interface TileSettings {
  readonly title: ColumnFormat | undefined;
  readonly subtitle: ColumnFormat | undefined;
  readonly left: ColumnFormat | undefined;
  readonly right: ColumnFormat | undefined;
  /** Below: mostly a spark line. */
  readonly secondary: ColumnFormat | undefined;
}

export interface ChartSettings {
  readonly xAxis: string | undefined;
  readonly yAxis: readonly string[];
  /** Columns whose values make series. */
  readonly group: string | undefined;
  readonly xLabel: string | undefined;
  readonly yLabel: string | undefined;
  /** Colour by name of series. */
  readonly colors: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly showLegend: boolean;
}

/** The visualisations that are charts. */
export const chartKinds = [
  'linechart',
  'timechart',
  'areachart',
  'barchart',
  'unstackedbar',
  'categoricalbar',
  'piechart',
  'scatterchart',
] as const;
export type ChartKind = (typeof chartKinds)[number];

/** Visualisations that are rendered; any other one is told in its place. */
export const visualizations = ['table', 'tiles', 'stat', 'card', ...chartKinds] as const;
export type Visualization = (typeof visualizations)[number];

/** Type 3, queries of Logs (queryType 0). */
export interface QueryItem extends ItemBase {
  readonly kind: 'query';
  readonly title: string;
  readonly query: string;
  readonly visualization: Visualization;
  readonly size: number;
  readonly noDataMessage: string;
  readonly exports: readonly Export[];
  readonly grid: GridSettings;
  readonly tiles: TileSettings;
  readonly chart: ChartSettings;
  /** May be downloaded. */
  readonly hasDownload: boolean;
  /** What of it is not rendered as the file says, and how it is instead. */
  readonly problems: readonly string[];
}

/** What this project cannot render, and why: shown in its place. */
export interface ProblemItem extends ItemBase {
  readonly kind: 'problem';
  readonly problem: string;
}

export type Item = TextItem | ParametersItem | LinksItem | GroupItem | QueryItem | ProblemItem;

export interface Workbook {
  /** File name without `.json`. */
  readonly file: string;
  /** The first heading of its text, or the file name. */
  readonly title: string;
  readonly items: readonly Item[];
}

/** The value of a parameter while a workbook is open. */
export type ParameterValue =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'choice';
      readonly values: readonly string[];
      readonly isAll: boolean;
      /** What readers see for each value, where it is known; the values themselves otherwise. */
      readonly labels?: readonly string[];
    }
  | { readonly kind: 'time'; readonly durationMs: number }
  | { readonly kind: 'time'; readonly from: Date; readonly to: Date };

/** A parameter that is set; those of tabs and of chosen rows are text and declared nowhere. */
export interface Setting {
  readonly parameter: Parameter | undefined;
  readonly value: ParameterValue;
}

/** Everything that is set while a workbook is open, by name of the parameter. */
export type Values = ReadonlyMap<string, Setting>;
