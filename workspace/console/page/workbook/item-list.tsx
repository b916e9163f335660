import { type ReactNode, useId } from 'react';
import { isVisible } from '../../../../kql/workbook/conditions.ts';
import type { Item, LinksItem } from '../../../../kql/workbook/workbook.ts';
import { ErrorBoundary } from '../shell/error-boundary.tsx';
import { Notice } from '../shell/notice.tsx';
import { LinkList } from './link-list.tsx';
import { ParametersBar } from './parameters-bar.tsx';
import { QueryTile } from './query-tile.tsx';
import { selectedTab, TabBar } from './tab-bar.tsx';
import { TextBlock } from './text-block.tsx';
import { useView } from './view-context.ts';

interface ItemListProps {
  readonly items: readonly Item[];
  /** Of the headings in it. */
  readonly level: 2 | 3 | 4;
}

/** Items beside and below each other, by their widths. What follows a tab bar is the panel of its tabs. */
export function ItemList({ items, level }: ItemListProps): ReactNode {
  const { values } = useView();
  const tabsAt = items.findIndex((item) => item.kind === 'links' && item.style !== 'list' && isVisible(item, values));
  const tabs = items[tabsAt];
  const before = tabsAt === -1 ? items : items.slice(0, tabsAt);
  return (
    <>
      <div className="items">
        {before
          .filter((item) => isVisible(item, values))
          .map((item) => (
            <ItemBox key={item.path.join('.')} item={item} level={level} />
          ))}
      </div>
      {tabs?.kind === 'links' ? <Tabs tabs={tabs} items={items.slice(tabsAt + 1)} level={level} /> : null}
    </>
  );
}

function Tabs({ tabs, items, level }: ItemListProps & { readonly tabs: LinksItem }): ReactNode {
  const id = useId();
  const { values } = useView();
  const selected = selectedTab(tabs, values);
  return (
    <>
      <TabBar id={id} item={tabs} />
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${selected}`}>
        <ItemList items={items} level={level} />
      </div>
    </>
  );
}

function ItemBox({ item, level }: { readonly item: Item; readonly level: ItemListProps['level'] }): ReactNode {
  const names = item.conditions.map(({ parameterName }) => parameterName).join(' ');
  return (
    <div
      className={`item item-${item.kind}`}
      style={{ flexBasis: `calc(${item.width}% - var(--gap))`, flexGrow: item.width, maxWidth: `${item.width}%` }}
      data-item={item.name}
      data-shown-by={names === '' ? undefined : names}
    >
      <ErrorBoundary what={item.name}>
        <ItemView item={item} level={level} />
      </ErrorBoundary>
    </div>
  );
}

function ItemView({ item, level }: { readonly item: Item; readonly level: ItemListProps['level'] }): ReactNode {
  switch (item.kind) {
    case 'text':
      return <TextBlock item={item} level={level} />;
    case 'parameters':
      return <ParametersBar item={item} />;
    case 'links':
      return <LinkList item={item} />;
    case 'query':
      return <QueryTile item={item} level={level} />;
    case 'problem':
      return (
        <Notice kind="warning" title={`${item.name} is not shown.`}>
          {item.problem}
        </Notice>
      );
    case 'group': {
      const Heading = `h${level}` as const;
      const inner = item.title === '' || level === 4 ? level : level === 2 ? 3 : 4;
      return (
        <section className="group" aria-label={item.title === '' ? undefined : item.title}>
          {item.title === '' ? null : <Heading className="group-title">{item.title}</Heading>}
          <ItemList items={item.items} level={inner} />
        </section>
      );
    }
    default:
      return item satisfies never;
  }
}
