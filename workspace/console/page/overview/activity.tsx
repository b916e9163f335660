import { Chart } from '../chart/chart.tsx';
import { Answer } from '../shell/answer.tsx';
import { Card } from '../shell/card.tsx';
import { Empty } from '../shell/empty.tsx';
import { queryHref } from '../shell/hash.ts';
import { useRows } from '../shell/use-rows.ts';
import { activityQuery } from './queries.ts';
import type { OverviewSpan } from './span.ts';

/** What came in, by time. */
export function Activity({ span }: { readonly span: OverviewSpan }) {
  const query = activityQuery(span);
  const answer = useRows(query);
  const title = span.bin === '1h' ? 'Interactions by hour' : 'Interactions by day';
  return (
    <Card title={title} aside={<a href={queryHref(query)}>Open the query</a>}>
      <Answer of={answer} empty={<Empty text={`No interactions (${span.label}).`} />}>
        {({ columns, rows }) => <Chart caption={title} kind="areachart" columns={columns} rows={rows} />}
      </Answer>
    </Card>
  );
}
