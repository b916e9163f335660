import { memo, type ReactNode, useMemo, useRef, useState } from 'react';
import { initialValues } from '../../../../kql/workbook/parameters.ts';
import { steps } from '../../../../kql/workbook/walk.ts';
import type { Workbook } from '../../../../kql/workbook/workbook.ts';
import { useHashSearch } from '../shell/hash-location.ts';
import { workbookHref } from '../shell/hash.ts';
import { PageHeading } from '../shell/page-heading.tsx';
import { asOfNow, asOfOpening } from './as-of.ts';
import { ItemList } from './item-list.tsx';
import { RefreshButton } from './refresh-button.tsx';
import { useResolvedView } from './use-resolved-view.ts';
import { useShownItems } from './use-shown-items.ts';
import { type View, ViewContext } from './view-context.ts';
import { decodeView, encodeView, withChange } from './view-hash.ts';
import { withoutTitle } from './without-title.ts';

const tabNames = (workbook: Workbook): ReadonlySet<string> =>
  new Set(
    steps(workbook).flatMap(({ item }) =>
      item.kind === 'links' && item.style !== 'list'
        ? item.links.flatMap(({ action }) => ('set' in action ? action.set : []))
        : [],
    ),
  );

interface WorkbookViewProps {
  readonly workbook: Workbook;
  /** The span that it opens with, ISO 8601; undefined for its own. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Version of the rows when it opens: later ones are for the reader to ask for. */
  readonly opensAt: number;
}

/** An open workbook: its values are in the address, so that a view can be shared and the Back button works. */
export const WorkbookView = memo(
  ShownWorkbook,
  // While rows come in, the version changes every two seconds: nothing is drawn anew for that.
  (before, after) => before.workbook === after.workbook && before.from === after.from && before.to === after.to,
);

function ShownWorkbook({ workbook, from, to, opensAt }: WorkbookViewProps): ReactNode {
  const initial = useMemo(() => {
    const span = from === undefined || to === undefined ? undefined : { from: new Date(from), to: new Date(to) };
    return initialValues(workbook, span);
  }, [workbook, from, to]);
  const [asOf, setAsOf] = useState(() => asOfOpening(workbook.file, Date.now(), opensAt));
  const search = useHashSearch();
  const changes = useMemo(() => decodeView(search, initial), [search, initial]);
  const resolved = useResolvedView(workbook, initial, changes, asOf);
  const page = useRef<HTMLDivElement>(null);
  const tabs = useMemo(() => tabNames(workbook), [workbook]);
  const { announcement, expect } = useShownItems(page, resolved.values);

  const set: View['set'] = (settings) => {
    const next = settings.reduce((before, { name, value }) => withChange(before, initial, name, value), changes);
    const text = encodeView(next);
    // A tab fills the page where it stands: nothing moves.
    expect(settings.map(({ name }) => name).filter((name) => !tabs.has(name)));
    window.location.hash = `${workbookHref(workbook.file)}${text === '' ? '' : `?${text}`}`;
  };
  return (
    <ViewContext value={{ ...resolved, ...asOf, set }}>
      <PageHeading
        title={workbook.title}
        actions={
          <RefreshButton
            version={asOf.version}
            onRefresh={(version) => setAsOf(asOfNow(workbook.file, Date.now(), version))}
          />
        }
      />
      <div className="workbook" ref={page}>
        <ItemList items={withoutTitle(workbook)} level={2} />
      </div>
      <p className="visually-hidden" role="status">
        {announcement}
      </p>
    </ViewContext>
  );
}
