import { z } from 'zod';
import { unitSign } from './units.ts';
import type { ColumnFormat, Formatter, Threshold } from './workbook.ts';

const thresholdSchema = z.looseObject({
  operator: z.string(),
  thresholdValue: z.union([z.string(), z.number()]).nullish(),
  representation: z.string().nullish(),
  text: z.string().nullish(),
});

/** How a column, or a part of a tile, is shown. */
export const formatSchema = z.looseObject({
  columnMatch: z.string(),
  // Absent where the portal shows "Automatic".
  formatter: z.int().default(0),
  formatOptions: z
    .looseObject({
      palette: z.string().nullish(),
      min: z.number().nullish(),
      max: z.number().nullish(),
      linkTarget: z.string().nullish(),
      thresholdsOptions: z.string().nullish(),
      thresholdsGrid: z.array(thresholdSchema).nullish(),
      customColumnWidthSetting: z.string().nullish(),
    })
    .nullish(),
  numberFormat: z
    .looseObject({
      unit: z.int().nullish(),
      options: z.looseObject({ maximumFractionDigits: z.int().nullish() }).nullish(),
    })
    .nullish(),
});
export type FormatJson = z.infer<typeof formatSchema>;

const operators = ['==', '!=', '<', '<=', '>', '>=', 'contains', 'Default'] as const;

function toThreshold({ operator, thresholdValue, representation, text }: z.infer<typeof thresholdSchema>): Threshold {
  const known = operators.find((each) => each === operator);
  if (known === undefined) throw new Error(`threshold operator ${operator} is not known: use ${operators.join(', ')}`);
  return {
    operator: known,
    value: String(thresholdValue ?? ''),
    representation: representation ?? '',
    text: text ?? '{0}{1}',
  };
}

type Options = NonNullable<FormatJson['formatOptions']>;

const palette = ({ palette: name, min, max }: Options): { palette: string; min?: number; max?: number } => ({
  palette: name ?? 'blue',
  ...(typeof min === 'number' ? { min } : {}),
  ...(typeof max === 'number' ? { max } : {}),
});

const linkTargets = ['CellDetails', 'GenericDetails', 'Url'] as const;

function toLink({ linkTarget }: Options): Formatter | undefined {
  const target = linkTargets.find((each) => each === linkTarget);
  return target === undefined ? undefined : { kind: 'link', target };
}

/**
 * The numbers of formatters are not published. 3, 4, 5, 7, 8, 9, 12, 18 and 21 follow from the options that shipped
 * workbooks give them. UNVERIFIED: 0, 1, 2 and 6. Any other is unknown.
 */
function toFormatter(code: number, options: Options): Formatter | undefined {
  switch (code) {
    case 0:
      return { kind: 'automatic' };
    case 1:
    case 2:
      return { kind: 'text' };
    case 3:
    case 4:
      return { kind: 'bar', ...palette(options) };
    case 5:
      return { kind: 'hidden' };
    case 6:
      return { kind: 'date' };
    case 7:
      return toLink(options);
    case 8:
      return { kind: 'heatmap', ...palette(options) };
    case 9:
    case 21:
      return { kind: 'spark', ...palette(options) };
    case 12:
      return { kind: 'number' };
    case 18:
      return {
        kind: 'thresholds',
        show: options.thresholdsOptions === 'colors' ? 'colors' : 'icons',
        thresholds: (options.thresholdsGrid ?? []).map(toThreshold),
      };
    default:
      return undefined;
  }
}

/** A format and what of it cannot be rendered. */
export interface ReadFormat {
  readonly format: ColumnFormat;
  readonly problems: readonly string[];
}

/** Reads a format; one that is not known shows the column as text, and says so. */
export function readFormat(json: FormatJson, label: string | undefined): ReadFormat {
  const problems: string[] = [];
  const options = json.formatOptions ?? {};
  const problem = (what: string): void => void problems.push(`column ${json.columnMatch}: ${what}`);
  let formatter: Formatter = { kind: 'text' };
  try {
    const known = toFormatter(json.formatter, options);
    if (known === undefined) {
      const target = json.formatter === 7 ? ` to ${options.linkTarget ?? 'nothing'}` : '';
      problem(`formatter ${json.formatter}${target} is not rendered here: shown as text`);
    } else formatter = known;
  } catch (error) {
    problem(`${error instanceof Error ? error.message : String(error)}: shown as text`);
  }
  const code = json.numberFormat?.unit ?? undefined;
  const unit = code === undefined ? '' : unitSign(code);
  if (unit === undefined) problem(`unit ${code} is not known: shown without`);
  const number =
    json.numberFormat === undefined || json.numberFormat === null
      ? undefined
      : { unit: unit ?? '', maximumFractionDigits: json.numberFormat.options?.maximumFractionDigits ?? undefined };
  const width = options.customColumnWidthSetting ?? undefined;
  return { format: { column: json.columnMatch, formatter, label, number, width }, problems };
}
