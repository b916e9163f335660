import { useEffect, useState } from 'react';
import { useSearch } from 'wouter';
import { severities } from '../../api.ts';
import { formatCount } from '../shell/format.ts';
import { Loading, Notice } from '../shell/notice.tsx';
import { PageHeading } from '../shell/page-heading.tsx';
import { useStatus } from '../shell/use-status.ts';
import { filterIncidents, type IncidentFilter, readFilter, writeFilter } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { IncidentTable } from './incident-table.tsx';
import { NoIncidents } from './no-incidents.tsx';
import { useIncidents } from './use-incidents.ts';

function Results({ filter }: { readonly filter: IncidentFilter }) {
  const { data, error } = useIncidents();
  if (error !== null) return <Notice kind="error" title="No answer." children={error.message} />;
  if (data === undefined) return <Loading />;
  if (data.length === 0) return <NoIncidents />;
  const shown = filterIncidents(data, filter);
  return (
    <>
      <p className="muted small" role="status">
        {shown.length === data.length
          ? formatCount(data.length, 'incident')
          : `${shown.length} of ${formatCount(data.length, 'incident')}`}
      </p>
      {shown.length === 0 ? (
        <p className="muted">No incident fits the filter.</p>
      ) : (
        <IncidentTable caption="Incidents" incidents={shown} />
      )}
    </>
  );
}

/** All incidents, filtered and in an order; the choice is in the address. */
export function IncidentsPage() {
  const search = useSearch();
  const { status } = useStatus();
  const [filter, setFilter] = useState(() => readFilter(search));
  useEffect(() => setFilter(readFilter(search)), [search]);
  const change = (next: IncidentFilter): void => {
    setFilter(next);
    const text = writeFilter(next);
    window.history.replaceState(null, '', `#/incidents${text === '' ? '' : `?${text}`}`);
  };
  const counts = status?.rules.incidents;
  return (
    <>
      <PageHeading
        title="Incidents"
        remark={
          counts === undefined
            ? undefined
            : severities
                .filter((severity) => counts[severity] > 0)
                .map((severity) => `${counts[severity]} ${severity.toLowerCase()}`)
                .join(', ')
        }
      />
      <div className="stack">
        {status?.rules.remark == null ? undefined : <Notice kind="info">{status.rules.remark}</Notice>}
        <section className="card" aria-label="Incidents">
          <div className="card-body stack">
            <FilterBar filter={filter} onChange={change} />
            <Results filter={filter} />
          </div>
        </section>
      </div>
    </>
  );
}
