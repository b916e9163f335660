import type { KeyboardEvent } from 'react';

/** Moves the focus between rows with the arrow keys, Home and End. */
export function rowKeys(event: KeyboardEvent<HTMLElement>, rowCount: number, onMove: (at: number) => void): void {
  const row = event.target instanceof Element ? event.target.closest('tr') : null;
  if (row === null) return;
  const rows = [...event.currentTarget.querySelectorAll('tr')];
  const at = rows.indexOf(row);
  const next = nextPlace(event.key, at, rowCount);
  if (next === undefined) return;
  event.preventDefault();
  onMove(next);
  rows[next]?.focus();
}

/** The place that a key leads to from another one; undefined for keys that do not move. */
export function nextPlace(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
