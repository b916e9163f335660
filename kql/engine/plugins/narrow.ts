import type { Plugin } from '../scope.ts';
import { asString } from '../values/convert.ts';

/** `narrow`: a row for each cell of the input: the row's number from 0, the column's name, the value as text. */
export const narrow: Plugin = (_call, { relation, run }) => {
  const { columns } = relation;
  const width = columns.length;
  run.budget.keep(relation.length * width);
  const columnAt = (row: number): (typeof columns)[number] | undefined => columns[row % width];
  return {
    columns: [
      { name: 'Row', type: 'long', at: (row) => Math.floor(row / width) },
      { name: 'Column', type: 'string', at: (row) => columnAt(row)?.name ?? '' },
      {
        name: 'Value',
        type: 'string',
        at: (row) => {
          const column = columnAt(row);
          return column === undefined ? '' : asString(column.at(Math.floor(row / width)), column.type);
        },
      },
    ],
    length: relation.length * width,
    order: 'none',
  };
};
