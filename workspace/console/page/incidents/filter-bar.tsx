import { severities } from '../../api.ts';
import { SeverityBadge } from '../shell/severity.tsx';
import { type IncidentFilter, orders } from './filter.ts';

interface FilterBarProps {
  readonly filter: IncidentFilter;
  readonly onChange: (filter: IncidentFilter) => void;
}

const orderLabels = {
  newest: 'Newest first',
  oldest: 'Oldest first',
  severity: 'Severity',
  alerts: 'Most alerts',
} as const;

/** Chooses which incidents are shown. */
export function FilterBar({ filter, onChange }: FilterBarProps) {
  return (
    <form className="controls" role="search" aria-label="Filter incidents" onSubmit={(event) => event.preventDefault()}>
      <label className="field filter-text">
        <span>Text</span>
        <input
          type="search"
          value={filter.text}
          placeholder="Title, rule, tactic or entity"
          onChange={({ target }) => onChange({ ...filter, text: target.value })}
        />
      </label>
      <fieldset className="field">
        <legend>Severity</legend>
        <div className="toggles">
          {severities.map((severity) => (
            <label key={severity}>
              <input
                type="checkbox"
                checked={filter.severities.includes(severity)}
                onChange={({ target }) =>
                  onChange({
                    ...filter,
                    severities: severities.filter((one) =>
                      one === severity ? target.checked : filter.severities.includes(one),
                    ),
                  })
                }
              />
              <SeverityBadge severity={severity} />
            </label>
          ))}
        </div>
      </fieldset>
      <label className="field">
        <span>Order</span>
        <select
          value={filter.order}
          onChange={({ target }) =>
            onChange({ ...filter, order: orders.find((order) => order === target.value) ?? 'newest' })
          }
        >
          {orders.map((order) => (
            <option key={order} value={order}>
              {orderLabels[order]}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}
