import { cellText } from './cell-text.ts';
import type { Choice } from './workbook.ts';

// Azure, Limits.md: what a drop-down shows at most.
const MAX_CHOICES = 1_000;

const isTrue = (cell: unknown): boolean => cell === true || cell === 1 || cell === 'true';

/**
 * The choices that a query answers: columns `value`, `label` and `selected`, or the first three where they are not
 * named so. A value counts once, an empty one not at all; at most 1,000, as in Azure.
 */
export function choicesFrom(columns: readonly string[], rows: readonly (readonly unknown[])[]): readonly Choice[] {
  const names = columns.map((name) => name.toLowerCase());
  const isNamed = names.includes('value');
  const place = (name: string, otherwise: number): number => (isNamed ? names.indexOf(name) : otherwise);
  const [value, label, selected] = [place('value', 0), place('label', 1), place('selected', 2)];
  const found = new Map<string, Choice>();
  for (const row of rows) {
    const text = cellText(row[value]);
    if (text === '' || found.has(text)) continue;
    found.set(text, { value: text, label: cellText(row[label]) || text, isSelected: isTrue(row[selected]) });
    if (found.size === MAX_CHOICES) break;
  }
  return [...found.values()];
}
