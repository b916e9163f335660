import { Answer } from '../shell/answer.tsx';
import { Card } from '../shell/card.tsx';
import { Empty } from '../shell/empty.tsx';
import { formatCount } from '../shell/format.ts';
import { queryHref } from '../shell/hash.ts';
import { namedRows, useRows } from '../shell/use-rows.ts';
import { bySource, type HourState, hourCalendar } from './hour-calendar.ts';

const QUERY = `// How does each hour stand that Microsoft announced?
CopilotHealth(ago(14d))
| project Source, Hour, Listed, Fetched, Pending, Parked, MissingBlobs, Accepted, IsBalanced, IsComplete
| sort by Source asc, Hour asc`;

// A mark for each state: colour is never the only sign.
const marks: Readonly<Record<HourState, string>> = { complete: '✓', pending: '…', gap: '✕', wrong: '≠', none: '' };

const legend = [
  ['complete', 'complete'],
  ['pending', 'not read to the end'],
  ['gap', 'content lost'],
  ['wrong', 'sums do not add up'],
] as const;

interface SourceProps {
  readonly source: string;
  readonly rows: ReturnType<typeof namedRows>;
}

function SourceCalendar({ source, rows }: SourceProps) {
  const days = hourCalendar(rows);
  const complete = rows.filter(({ IsComplete }) => IsComplete === true).length;
  return (
    // What scrolls must be reached by keyboard.
    <div className="table-scroll" tabIndex={0} role="group" aria-label={`${source}: hours`}>
      <table className="calendar">
        <caption>
          <strong>{source}</strong> {complete} of {formatCount(rows.length, 'hour')} complete
        </caption>
        <thead>
          <tr>
            <th scope="col">Day (UTC)</th>
            {Array.from({ length: 24 }, (_, hour) => (
              <th key={hour} scope="col">
                {String(hour).padStart(2, '0')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map(({ day, hours }) => (
            <tr key={day}>
              <th scope="row">{day}</th>
              {hours.map(({ hour, state, text }) => (
                <td key={hour} className={`hour hour-${state}`} title={`${day} ${hour}:00, ${text}`}>
                  <span aria-hidden="true">{marks[state]}</span>
                  <span className="visually-hidden">{text}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Completeness by hour: the ledger as a calendar for each source. */
export function CompletenessCalendar() {
  const answer = useRows(QUERY);
  return (
    <Card title="Completeness by hour" aside={<a href={queryHref(QUERY)}>Open the query</a>}>
      <Answer of={answer} empty={<Empty text="The collector has kept no account of the last 14 days." />}>
        {(rows) => (
          <div className="stack">
            {bySource(namedRows(rows)).map(([source, mine]) => (
              <SourceCalendar key={source} source={source} rows={mine} />
            ))}
            <ul className="calendar-legend small muted">
              {legend.map(([state, text]) => (
                <li key={state}>
                  <span className={`hour hour-${state}`} aria-hidden="true">
                    {marks[state]}
                  </span>
                  {text}
                </li>
              ))}
            </ul>
          </div>
        )}
      </Answer>
    </Card>
  );
}
