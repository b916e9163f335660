import type { ColumnFormat, TileSettings } from '../../../../kql/workbook/workbook.ts';
import type { ColumnView } from '../../api.ts';
import { isNumberType } from '../grid/format-cell.ts';

/** A part of a tile: which column it shows, and how. */
export interface TilePart {
  readonly index: number;
  readonly format: ColumnFormat | undefined;
}

/** The parts of a tile that are there. */
export type TileParts = { readonly [Name in keyof TileSettings]: TilePart | undefined };

/** Which columns the parts of tiles show: as settings say; by type where they say nothing. */
export function tileParts(settings: TileSettings, columns: readonly ColumnView[]): TileParts {
  const { title, subtitle, left, right, secondary } = settings;
  const part = (format: ColumnFormat | undefined): TilePart | undefined => {
    const index = format === undefined ? -1 : columns.findIndex(({ name }) => name === format.column);
    return index === -1 ? undefined : { index, format };
  };
  if ([title, subtitle, left, right, secondary].some((format) => format !== undefined))
    return {
      title: part(title),
      subtitle: part(subtitle),
      left: part(left),
      right: part(right),
      secondary: part(secondary),
    };
  const texts = columns.flatMap(({ type }, index) => (type === 'string' ? [{ index, format: undefined }] : []));
  const numbers = columns.flatMap(({ type }, index) => (isNumberType(type) ? [{ index, format: undefined }] : []));
  const [list] = columns.flatMap(({ type }, index) => (type === 'dynamic' ? [{ index, format: undefined }] : []));
  return { title: texts[0], subtitle: texts[1], left: numbers[0], right: undefined, secondary: list };
}
