import type { AlertView } from '../../api.ts';
import { formatCount, formatTime } from '../shell/format.ts';
import { SeverityBadge } from '../shell/severity.tsx';

const MOST_VALUES = 8;

function Detail({ values }: { readonly values: readonly string[] }) {
  const more = values.length - MOST_VALUES;
  return (
    <dd>
      {values.slice(0, MOST_VALUES).join(', ')}
      {more > 0 ? (
        <details className="more">
          <summary>{more} more</summary>
          {values.slice(MOST_VALUES).join(', ')}
        </details>
      ) : undefined}
    </dd>
  );
}

interface AlertItemProps {
  readonly alert: AlertView;
  /** What the rule says of itself: an alert that says the same need not repeat it. */
  readonly ruleDescription: string;
}

/** An alert with what it says of itself. */
export function AlertItem({ alert, ruleDescription }: AlertItemProps) {
  const { time, name, description, severity, customDetails, rowCount } = alert;
  const details = Object.entries(customDetails).filter(([key]) => key !== 'RecordIds' && key !== 'RecordId');
  return (
    <li className="alert-item">
      <div className="alert-head">
        <SeverityBadge severity={severity} />
        <strong>{name}</strong>
        <span className="small muted nowrap">
          {formatTime(time)} UTC · {formatCount(rowCount, 'row')}
        </span>
      </div>
      {description.trim() === ruleDescription.trim() ? undefined : <p className="alert-text">{description}</p>}
      <dl className="facts">
        {details.map(([key, values]) => (
          <div key={key} className="fact">
            <dt>{key}</dt>
            <Detail values={values} />
          </div>
        ))}
      </dl>
    </li>
  );
}
