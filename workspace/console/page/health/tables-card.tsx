import type { Status } from '../../api.ts';
import { Card } from '../shell/card.tsx';
import { formatBytes } from '../shell/format.ts';
import { queryHref } from '../shell/hash.ts';

/** Tables on disk. */
export function TablesCard({ tables }: Pick<Status, 'tables'>) {
  const total = tables.reduce((sum, { bytes }) => sum + bytes, 0);
  return (
    <Card title="Tables" aside={formatBytes(total)}>
      {tables.length === 0 ? (
        <p className="muted">No rows on disk yet.</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">Table</th>
              <th scope="col" className="number">
                Size on disk
              </th>
            </tr>
          </thead>
          <tbody>
            {tables.map(({ name, bytes }) => (
              <tr key={name}>
                <th scope="row">
                  <a href={queryHref(`${name}\n| take 100`)}>{name}</a>
                </th>
                <td className="number">{formatBytes(bytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
