import { useEffect, useRef } from 'react';
import type { Status } from '../../api.ts';
import { Card } from '../shell/card.tsx';
import { formatClock } from '../shell/format.ts';

const words: Readonly<Record<Status['collector']['state'], string>> = {
  starting: 'starting',
  running: 'running',
  ended: 'ended',
  failed: 'failed',
};
const classes: Readonly<Record<Status['collector']['state'], string>> = {
  starting: 'muted',
  running: 'state-good',
  ended: 'muted',
  failed: 'state-bad',
};
const stepNames = { collect: 'Collecting', rules: 'Rules' } as const;

type Level = Status['collector']['log'][number]['level'];
const levelClass = (level: Level): string =>
  level === 'error' || level === 'fatal' ? 'state-bad' : level === 'warn' ? 'state-warning' : 'muted';

/** The process and its steps. */
export function CollectorCard({ status: { collector, steps, rules } }: { readonly status: Status }) {
  return (
    <Card title="Collector">
      <dl className="facts">
        <dt>Process</dt>
        <dd className={classes[collector.state]}>
          {words[collector.state]}
          {collector.exitCode === null ? '' : `, exit code ${collector.exitCode}`}
        </dd>
        {steps.map(({ name, state, detail }) => (
          <div key={name} className="facts-row">
            <dt>{stepNames[name]}</dt>
            <dd>
              {state}: {detail}
            </dd>
          </div>
        ))}
        <dt>Rules run up to</dt>
        <dd>{rules.evaluatedUpTo === null ? 'not yet' : `${formatClock(rules.evaluatedUpTo)} UTC`}</dd>
      </dl>
    </Card>
  );
}

/** The end of the collector's log, newest at the bottom as in a terminal. */
export function LogCard({ log }: Pick<Status['collector'], 'log'>) {
  const box = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const newest = log.at(-1)?.time;
  useEffect(() => {
    // Who reads further up is left there.
    if (isAtEnd.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [newest]);
  return (
    <Card title="Log of the collector" aside="UTC">
      {log.length === 0 ? (
        <p className="muted">The collector has said nothing.</p>
      ) : (
        // What scrolls must be reached by keyboard
        <div
          className="log"
          ref={box}
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label="Log of the collector"
          onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
            isAtEnd.current = scrollHeight - scrollTop - clientHeight < 8;
          }}
        >
          {log.map(({ time, level, message }, index) => (
            // Lines may repeat: a line is told apart by its place.
            <div key={index} className="log-line">
              <time dateTime={time}>{formatClock(time)}</time>
              <span className={levelClass(level)}>{level}</span>
              <span>{message}</span>
            </div>
          ))}
        </div>
      )}
    </Card>
  );
}
