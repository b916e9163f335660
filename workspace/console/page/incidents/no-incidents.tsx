import { useStatus } from '../shell/use-status.ts';

/** Why there is no incident: the rules have not run, are running, or found nothing. */
export function NoIncidents() {
  const { status } = useStatus();
  const [collect, rules] = [
    status?.steps.find(({ name }) => name === 'collect'),
    status?.steps.find(({ name }) => name === 'rules'),
  ];
  if (rules === undefined || rules.state === 'done')
    return <p className="muted">No incidents: the rules found nothing in what has come in.</p>;
  if (rules.state === 'failed') return <p className="muted">No incidents: the rules could not run ({rules.detail}).</p>;
  if (rules.state === 'running')
    return <p className="muted">No incidents yet: the rules are running ({rules.detail}).</p>;
  return (
    <p className="muted">
      No incidents yet: the rules run when the records are in
      {collect === undefined ? '' : ` (${collect.detail})`}.
    </p>
  );
}
