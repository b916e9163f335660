import { PageHeading } from '../shell/page-heading.tsx';
import { ErrorBoundary } from '../shell/error-boundary.tsx';
import { Loading, Notice } from '../shell/notice.tsx';
import { useStatus } from '../shell/use-status.ts';
import { Activity } from './activity.tsx';
import { Completeness } from './completeness.tsx';
import { Kpis } from './kpis.tsx';
import { NewestIncidents } from './newest-incidents.tsx';
import { overviewSpan } from './span.ts';

/** What came in, what the rules found, and whether it is all there. */
export function OverviewPage() {
  const { status } = useStatus();
  if (status === undefined)
    return (
      <>
        <PageHeading title="Overview" />
        <Loading what="Asking the console" />
      </>
    );
  const span = overviewSpan(status.span);
  return (
    <>
      <PageHeading title="Overview" remark={span.label} />
      <div className="stack">
        {status.rules.remark === null ? undefined : <Notice kind="info">{status.rules.remark}</Notice>}
        <ErrorBoundary what="Figures">
          <Kpis span={span} />
        </ErrorBoundary>
        <div className="overview-columns">
          <Activity span={span} />
          <Completeness span={span} />
        </div>
        <NewestIncidents counts={status.rules.incidents} />
      </div>
    </>
  );
}
