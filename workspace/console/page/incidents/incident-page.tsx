import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Link } from 'wouter';
import type { IncidentView } from '../../api.ts';
import { ApiError, getIncident } from '../api-client.ts';
import { Card } from '../shell/card.tsx';
import { formatCount, formatTime } from '../shell/format.ts';
import { queryHref } from '../shell/hash.ts';
import { Loading, Notice } from '../shell/notice.tsx';
import { PageHeading } from '../shell/page-heading.tsx';
import { SeverityBadge } from '../shell/severity.tsx';
import { useStatus } from '../shell/use-status.ts';
import { AlertItem } from './alert-item.tsx';
import { EntityList } from './entity-list.tsx';
import { Evidence } from './evidence.tsx';
import { tacticName } from './tactic-name.ts';

const Triage = lazy(async () => ({ default: (await import('./triage.tsx')).Triage }));

function Facts({ incident }: { readonly incident: IncidentView }) {
  const { severity, tactics, techniques, rule, catalogue, createdTime, lastAlertTime, alertCount } = incident;
  return (
    <dl className="incident-facts">
      <div>
        <dt>Severity</dt>
        <dd>
          <SeverityBadge severity={severity} />
        </dd>
      </div>
      <div>
        <dt>Tactics</dt>
        <dd>{tactics.map(tacticName).join(', ') || 'none'}</dd>
      </div>
      <div>
        <dt>Techniques</dt>
        <dd>{techniques.join(', ') || 'none'}</dd>
      </div>
      <div>
        <dt>Created (UTC)</dt>
        <dd>{formatTime(createdTime)}</dd>
      </div>
      <div>
        <dt>Last alert (UTC)</dt>
        <dd>{formatTime(lastAlertTime)}</dd>
      </div>
      <div>
        <dt>Alerts</dt>
        <dd>{alertCount}</dd>
      </div>
      <div>
        <dt>Rule</dt>
        <dd>
          {rule}
          {catalogue === null ? undefined : ` (${catalogue})`}
        </dd>
      </div>
    </dl>
  );
}

function Incident({ incident }: { readonly incident: IncidentView }) {
  const { entities, alerts, description, query } = incident;
  return (
    <div className="stack">
      <Facts incident={incident} />
      <div className="incident-columns">
        <Card title="Triage">
          <Suspense fallback={<Loading />}>
            <Triage description={description} />
          </Suspense>
        </Card>
        <Card title="Entities" aside={formatCount(entities.length, 'entity', 'entities')}>
          <EntityList entities={entities} />
        </Card>
      </div>
      <Evidence alerts={alerts} query={query} />
      <Card title="Alerts" aside={formatCount(alerts.length, 'alert')}>
        <ol className="alerts">
          {alerts.map((alert, index) => (
            // Alerts of one run are told apart by nothing but their place.
            <AlertItem key={index} alert={alert} ruleDescription={description} />
          ))}
        </ol>
      </Card>
    </div>
  );
}

interface NoIncidentProps {
  readonly id: string;
  readonly error: Error | null;
  readonly isMissing: boolean;
}

function NoIncident({ id, error, isMissing }: NoIncidentProps) {
  if (error === null) return <Loading />;
  if (!isMissing) return <Notice kind="error" title="No answer." children={error.message} />;
  return (
    <p>
      There is no incident {id}: the rules may not have found it yet. See the{' '}
      <Link href="/incidents">list of incidents</Link>.
    </p>
  );
}

/** An incident: what it is about, what to do, and the rows behind it. */
export function IncidentPage({ id }: { readonly id: string }) {
  const rules = useStatus().status?.rules;
  const { data, error } = useQuery({
    queryKey: ['incident', id, rules?.evaluatedUpTo],
    queryFn: async ({ signal }) => getIncident(id, signal),
    placeholderData: (previous) => previous,
  });
  const isMissing = error instanceof ApiError && error.status === 404;
  // One heading for all cases: a reader who is at it stays there when the incident comes.
  return (
    <>
      <PageHeading
        title={data?.title ?? (isMissing ? 'No such incident' : 'Incident')}
        actions={
          data === undefined ? undefined : (
            <a className="button" href={queryHref(data.query)}>
              Open the rule’s query
            </a>
          )
        }
      />
      {data === undefined ? <NoIncident id={id} error={error} isMissing={isMissing} /> : <Incident incident={data} />}
    </>
  );
}
