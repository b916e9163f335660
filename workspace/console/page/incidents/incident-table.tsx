import type { IncidentSummary } from '../../api.ts';
import { formatTime } from '../shell/format.ts';
import { incidentHref } from '../shell/hash.ts';
import { SeverityBadge } from '../shell/severity.tsx';
import { entityName } from './filter.ts';
import { tacticName } from './tactic-name.ts';

const MOST_ENTITIES = 2;

function Entities({ entities }: Pick<IncidentSummary, 'entities'>) {
  const names = [...new Set(entities.map(entityName))];
  const more = names.length - MOST_ENTITIES;
  return (
    <>
      {names.slice(0, MOST_ENTITIES).map((name) => (
        <span key={name} className="entity-name" title={name}>
          {name}
        </span>
      ))}
      {more > 0 ? <span className="muted small">and {more} more</span> : undefined}
    </>
  );
}

interface IncidentTableProps {
  readonly caption: string;
  readonly incidents: readonly IncidentSummary[];
}

/** Incidents, a line each. */
export function IncidentTable({ caption, incidents }: IncidentTableProps) {
  return (
    <div className="table-scroll">
      <table className="plain-table incident-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col">Incident</th>
            <th scope="col">Tactics</th>
            <th scope="col">Entities</th>
            <th scope="col" className="number">
              Alerts
            </th>
            <th scope="col">Last alert (UTC)</th>
          </tr>
        </thead>
        <tbody>
          {incidents.map(({ id, severity, title, rule, tactics, entities, alertCount, lastAlertTime }) => (
            <tr key={id}>
              <td>
                <SeverityBadge severity={severity} />
              </td>
              <th scope="row">
                <a href={incidentHref(id)}>{title}</a>
                <div className="small muted">{rule}</div>
              </th>
              <td>{tactics.map(tacticName).join(', ')}</td>
              <td>
                <Entities entities={entities} />
              </td>
              <td className="number">{alertCount}</td>
              <td className="nowrap">{formatTime(lastAlertTime)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
