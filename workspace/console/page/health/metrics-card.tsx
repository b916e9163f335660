import type { Status } from '../../api.ts';
import { Card } from '../shell/card.tsx';
import { metricLines } from './metric-names.ts';

/** Counters and gauges of the collector. */
export function MetricsCard({ metrics }: Pick<Status['collector'], 'metrics'>) {
  return (
    <Card title="Metrics">
      {metrics.length === 0 ? (
        <p className="muted">The collector has not answered yet.</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Metric</th>
              <th scope="col">Of</th>
              <th scope="col" className="number">
                Value
              </th>
            </tr>
          </thead>
          <tbody>
            {metricLines(metrics).map(({ name, of, value }) => (
              <tr key={`${name} ${of}`}>
                <th scope="row">{name}</th>
                <td>{of}</td>
                <td className="number nowrap">{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
