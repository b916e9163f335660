import { Link } from 'wouter';
import { Answer } from '../shell/answer.tsx';
import { Card } from '../shell/card.tsx';
import { Empty } from '../shell/empty.tsx';
import { formatCount, formatNumber, formatTime } from '../shell/format.ts';
import { namedRows, numberOf, textOf, useRows } from '../shell/use-rows.ts';
import { completenessQuery } from './queries.ts';
import type { OverviewSpan } from './span.ts';

type Row = ReturnType<typeof namedRows>[number];

function Source({ row }: { readonly row: Row }) {
  const [hours, complete] = [numberOf(row['Hours']), numberOf(row['CompleteHours'])];
  const isWhole = hours === complete;
  return (
    <li className="source">
      <div className="source-head">
        <strong>{textOf(row['Source'])}</strong>
        <span className={isWhole ? 'state-good' : 'state-warning'}>
          {isWhole ? '✓ complete' : `! ${formatCount(hours - complete, 'hour')} not complete`}
        </span>
      </div>
      <meter
        min={0}
        max={Math.max(hours, 1)}
        value={complete}
        aria-label={`${textOf(row['Source'])}: complete hours`}
      />
      <p className="small muted">
        {formatNumber(complete)} of {formatCount(hours, 'hour')} · {formatCount(numberOf(row['Accepted']), 'row')}
      </p>
      <p className="small muted">
        {formatCount(numberOf(row['Missing']), 'blob')} lost · {formatNumber(numberOf(row['Parked']))} parked ·{' '}
        {formatNumber(numberOf(row['Pending']))} pending
      </p>
      <p className="small muted">
        {formatTime(textOf(row['Oldest']))} to {formatTime(textOf(row['Newest']))} UTC
      </p>
    </li>
  );
}

/** Whether everything is here that Microsoft announced: the collector's own proof. */
export function Completeness({ span }: { readonly span: OverviewSpan }) {
  const answer = useRows(completenessQuery(span));
  return (
    <Card title="Completeness" aside={<Link href="/health">Health</Link>}>
      <Answer of={answer} empty={<Empty text="The collector has kept no account of this span: imports have none." />}>
        {(rows) => (
          <ul className="sources">
            {namedRows(rows).map((row) => (
              <Source key={textOf(row['Source'])} row={row} />
            ))}
          </ul>
        )}
      </Answer>
    </Card>
  );
}
