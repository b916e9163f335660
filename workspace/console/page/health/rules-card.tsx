import type { Status } from '../../api.ts';
import { Card } from '../shell/card.tsx';
import { formatCount } from '../shell/format.ts';

/** Rules that could not run, and why. */
export function RulesCard({ rules: { done, total, failures } }: Pick<Status, 'rules'>) {
  return (
    <Card title="Rules that could not run" aside={`${done} of ${formatCount(total, 'rule')} run`}>
      {failures.length === 0 ? (
        <p className="muted">{done === 0 ? 'No rule has run yet.' : 'None: every rule that was due has run.'}</p>
      ) : (
        <ul className="failures">
          {failures.map(({ rule, reason }) => (
            <li key={rule}>
              <strong>{rule}</strong>
              <span className="failure-reason">{reason}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
