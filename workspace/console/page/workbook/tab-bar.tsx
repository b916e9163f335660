import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { plainValue } from '../../../../kql/workbook/conditions.ts';
import { withText } from '../../../../kql/workbook/values.ts';
import type { Link, LinksItem, Values } from '../../../../kql/workbook/workbook.ts';
import { useView } from './view-context.ts';

function isSelected({ action }: Link, values: Values): boolean {
  return 'set' in action && plainValue(values.get(action.set)?.value) === action.to;
}

/** The place of the tab that is chosen; the first where none is. */
export function selectedTab({ links }: LinksItem, values: Values): number {
  return Math.max(
    0,
    links.findIndex((link) => isSelected(link, values)),
  );
}

function nextTab(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowRight') return (at + 1) % count;
  if (key === 'ArrowLeft') return (at + count - 1) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}

/** Tabs: arrow keys go from one to the next, which opens. */
export function TabBar({ id, item }: { readonly id: string; readonly item: LinksItem }): ReactNode {
  const { values, set } = useView();
  const bar = useRef<HTMLDivElement>(null);
  const selected = selectedTab(item, values);
  const open = (at: number): void => {
    const action = item.links[at]?.action;
    if (action === undefined || !('set' in action)) return;
    const value = withText(values, action.set, action.to).get(action.set)?.value;
    if (value !== undefined) set([{ name: action.set, value }]);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = nextTab(event.key, selected, item.links.length);
    if (next === undefined) return;
    event.preventDefault();
    open(next);
    bar.current?.querySelectorAll('button')[next]?.focus();
  };
  return (
    <div className="tabs" role="tablist" ref={bar} onKeyDown={onKeyDown}>
      {item.links.map(({ label }, at) => (
        <button
          key={label}
          type="button"
          role="tab"
          id={`${id}-${at}`}
          aria-selected={at === selected}
          aria-controls={`${id}-panel`}
          tabIndex={at === selected ? 0 : -1}
          onClick={() => open(at)}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
