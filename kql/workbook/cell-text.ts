/** A cell as text: '' for null, JSON for dynamic values. */
export function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  return typeof cell === 'bigint' ? cell.toString() : JSON.stringify(cell);
}
