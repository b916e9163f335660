import { Link } from 'wouter';
import { type Severity, severities } from '../../api.ts';
import { filterIncidents, readFilter } from '../incidents/filter.ts';
import { IncidentTable } from '../incidents/incident-table.tsx';
import { NoIncidents } from '../incidents/no-incidents.tsx';
import { useIncidents } from '../incidents/use-incidents.ts';
import { Card } from '../shell/card.tsx';
import { Loading, Notice } from '../shell/notice.tsx';
import { SeverityBadge } from '../shell/severity.tsx';

const MOST_SHOWN = 10;

/** How many incidents of each severity, each a link to them. */
export function SeverityCounts({ counts }: { readonly counts: Readonly<Record<Severity, number>> }) {
  return (
    <ul className="severity-counts">
      {severities.map((severity) => (
        <li key={severity}>
          <a href={`#/incidents?severity=${severity}`}>
            <span className="severity-count">{counts[severity]}</span>
            <SeverityBadge severity={severity} />
          </a>
        </li>
      ))}
    </ul>
  );
}

interface NewestIncidentsProps {
  readonly counts: Readonly<Record<Severity, number>>;
}

/** What the rules have found last. */
export function NewestIncidents({ counts }: NewestIncidentsProps) {
  const { data, error } = useIncidents();
  return (
    <Card title="Incidents" aside={<Link href="/incidents">All incidents</Link>}>
      <SeverityCounts counts={counts} />
      {error !== null ? (
        <Notice kind="error" title="No answer." children={error.message} />
      ) : data === undefined ? (
        <Loading />
      ) : data.length === 0 ? (
        <NoIncidents />
      ) : (
        <IncidentTable
          caption="The newest incidents"
          incidents={filterIncidents(data, readFilter('')).slice(0, MOST_SHOWN)}
        />
      )}
    </Card>
  );
}
