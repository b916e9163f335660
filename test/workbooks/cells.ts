import type { Result } from '../../kql/engine/engine.ts';
import { toJson } from '../../workspace/format-result.ts';

/** Rows as the console's page gets them: plain JSON. */
export const cellRows = ({ columns, rows }: Result): readonly (readonly unknown[])[] =>
  rows.map((row) => row.map((value, index) => JSON.parse(toJson(value, columns[index]?.type ?? 'dynamic')) as unknown));
