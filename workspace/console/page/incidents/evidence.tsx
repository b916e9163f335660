import type { IncidentView } from '../../api.ts';
import { DataGrid } from '../grid/data-grid.tsx';
import { Answer } from '../shell/answer.tsx';
import { Card } from '../shell/card.tsx';
import { formatCount } from '../shell/format.ts';
import { queryHref } from '../shell/hash.ts';
import { useRows } from '../shell/use-rows.ts';
import { evidenceQuery } from './evidence-query.ts';

// Alerts come below: they are not to be looked for.
const MOST_HEIGHT = 420;

function Records({ query }: { readonly query: string }) {
  const answer = useRows(query);
  return (
    <Answer of={answer} empty={<p className="muted">None of the records is in the workspace any more.</p>}>
      {({ columns, rows }) => <DataGrid caption="Evidence" columns={columns} rows={rows} maxHeight={MOST_HEIGHT} />}
    </Answer>
  );
}

/** The rows that the alerts stand for. */
export function Evidence({ alerts, query: ruleQuery }: Pick<IncidentView, 'alerts' | 'query'>) {
  const query = evidenceQuery(alerts.flatMap(({ recordIds }) => recordIds));
  const without = alerts.filter(({ recordIds }) => recordIds.length === 0).length;
  return (
    <Card title="Evidence" aside={query === undefined ? undefined : <a href={queryHref(query)}>Open in the editor</a>}>
      {query === undefined ? undefined : <Records query={query} />}
      {without === 0 ? undefined : (
        <p className="muted">
          {formatCount(without, 'alert')} {without === 1 ? 'names' : 'name'} no audit record: the rows come from another
          table, or are counts. <a href={queryHref(ruleQuery)}>Open the rule’s query</a> to see what it reads.
        </p>
      )}
    </Card>
  );
}
