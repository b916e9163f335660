import { Loading } from '../shell/notice.tsx';
import { PageHeading } from '../shell/page-heading.tsx';
import { useStatus } from '../shell/use-status.ts';
import { CompletenessCalendar } from './calendar.tsx';
import { CollectorCard, LogCard } from './collector-card.tsx';
import { MetricsCard } from './metrics-card.tsx';
import { RulesCard } from './rules-card.tsx';
import { TablesCard } from './tables-card.tsx';

/** How the collector and the rules are. */
export function HealthPage() {
  const { status } = useStatus();
  return (
    <>
      <PageHeading title="Health" remark="asked every two seconds" />
      {status === undefined ? (
        <Loading what="Asking the console" />
      ) : (
        <div className="stack">
          <div className="health-columns">
            <CollectorCard status={status} />
            <RulesCard rules={status.rules} />
          </div>
          <CompletenessCalendar />
          <div className="health-columns">
            <MetricsCard metrics={status.collector.metrics} />
            <TablesCard tables={status.tables} />
          </div>
          <LogCard log={status.collector.log} />
        </div>
      )}
    </>
  );
}
