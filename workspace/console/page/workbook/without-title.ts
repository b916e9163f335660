import type { Item, Workbook } from '../../../../kql/workbook/workbook.ts';

/** The items of a workbook without the heading that the page shows as its own. */
export function withoutTitle({ items, title }: Workbook): readonly Item[] {
  let isFound = false;
  return items.map((item) => {
    if (isFound || item.kind !== 'text') return item;
    const markdown = item.markdown.replace(/^#{1,3} +(.+?) *(?:\n|$)/m, (line, heading: string) => {
      if (heading !== title) return line;
      isFound = true;
      return '';
    });
    return { ...item, markdown: markdown.trim() };
  });
}
