import { positionOf } from '../engine/errors.ts';
import type { Finding } from './finding.ts';
import type { Schemas } from './schemas.ts';
import type { WorkbookFile } from './workbook-file.ts';
import type { WorkbookRule } from './workbook-rule.ts';
import { bound } from './workbook-rules/bound.ts';
import { columns } from './workbook-rules/columns.ts';
import { foreign } from './workbook-rules/foreign.ts';
import { limits } from './workbook-rules/limits.ts';
import { names } from './workbook-rules/names.ts';
import { noDataMessage } from './workbook-rules/no-data-message.ts';
import { parameterOrder } from './workbook-rules/parameter-order.ts';
import { placedValues } from './workbook-rules/placed-values.ts';
import { rendered } from './workbook-rules/rendered.ts';
import { severity } from './workbook-rules/severity.ts';
import { tabs } from './workbook-rules/tabs.ts';
import { timeRule } from './workbook-rules/time-rule.ts';

/** Every rule about a workbook as a whole, by code; each of its queries is linted like any other. */
export const workbookRules: readonly WorkbookRule[] = [
  rendered,
  names,
  parameterOrder,
  noDataMessage,
  limits,
  foreign,
  timeRule,
  columns,
  severity,
  placedValues,
  bound,
  tabs,
];

/** What is wrong with a workbook beside its queries as they open, in order of the file. */
export function workbookFindings(file: WorkbookFile, schemas: Schemas): readonly Finding[] {
  const found = workbookRules.flatMap(({ code, remarks }) =>
    [...remarks({ ...file, schemas, bind: schemas.language.analyze })].map(({ at, offset, message }) => ({
      code,
      message,
      offset: offset === undefined ? file.json.offsetOf(at) : file.json.textOffsets(at)(offset),
    })),
  );
  return found
    .sort((a, b) => a.offset - b.offset || a.code.localeCompare(b.code))
    .map(({ code, message, offset }) => {
      const { line, column } = positionOf(file.fileText, offset);
      return { path: file.path, line, column, code, message };
    });
}
