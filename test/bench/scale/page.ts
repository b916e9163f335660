/** docs/scale.md with the tables of the model between its markers. */
import { limitTable, measuredTable, sizeTable } from './tables.ts';

const tables: Readonly<Record<string, () => string>> = {
  measured: measuredTable,
  sizes: sizeTable,
  limits: limitTable,
};

/** The page with its tables written anew. */
export const withTables = (page: string): string =>
  page.replaceAll(
    /(<!-- scale: (\w+) -->\n)[^]*?(<!-- \/scale -->)/g,
    (_whole, start: string, name: string, end: string) => {
      const table = tables[name];
      if (table === undefined) throw new Error(`docs/scale.md: there is no table ${name}`);
      return `${start}\n${table()}\n\n${end}`;
    },
  );
