import type { ChartSettings } from '../../../../kql/workbook/workbook.ts';
import { colorProperty, seriesProperties, severityProperty } from '../grid/colors.ts';
import { ownValue } from '../grid/own-value.ts';

/** The colour of a series: as the workbook says, that of a severity, or the next of the palette. */
export function seriesColor(
  key: string,
  at: number,
  settings: ChartSettings | undefined,
): { readonly property: string } | { readonly value: string } {
  const said = settings === undefined ? undefined : ownValue(settings.colors, key);
  if (said !== undefined) {
    const property = colorProperty(said);
    if (property !== undefined) return { property };
    if (/^#[0-9a-f]{3,8}$/iu.test(said)) return { value: said };
  }
  const property = severityProperty(key) ?? seriesProperties[at % seriesProperties.length] ?? '--data-blue';
  return { property };
}
