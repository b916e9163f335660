import type { ShippedQuery } from './shipped-query.ts';
import { NO_QUERY } from './yaml-query.ts';
import type { UnreadableWorkbook, WorkbookFile } from './workbook-file.ts';

/** The code for a placeholder that no parameter of the workbook stands for. */
export const UNDECLARED_PARAMETER = 'KQL014';

/** Every Logs query of a workbook, in groups and parameters too, as it is sent by default. */
export function workbookQueries(file: WorkbookFile | UnreadableWorkbook): readonly ShippedQuery[] {
  const { path, fileText } = file;
  const base = { path, kind: 'workbook', fileText } as const;
  if ('problem' in file) {
    const remark = { code: NO_QUERY, ...file.problem };
    return [{ ...base, name: path, text: '', toFileOffset: (at) => at, remarks: [remark] }];
  }
  return file.queries.map(({ name, item, parameter, path: at, sent: [{ text, toOriginal, undeclared }] }) => {
    const inFile = file.json.textOffsets(at);
    return {
      ...base,
      name: parameter === undefined && item.kind === 'query' && item.title !== '' ? item.title : name,
      text,
      toFileOffset: (offset: number) => inFile(toOriginal(offset)),
      remarks: undeclared.map(({ name: unknown, offset }) => ({
        code: UNDECLARED_PARAMETER,
        offset,
        message: `{${unknown}} stands for no parameter of the workbook: declare it in a parameters item, or write its value`,
      })),
    };
  });
}
