/** The first step of a console: the collector starts, and what waits to be read is read. */
import { type CollectorEnd, collectorProcess } from '../../workspace/console/service/collector-process.ts';
import { passCounts, passWatch } from '../../workspace/console/service/first-pass.ts';
import type { StatusSource } from '../../workspace/console/service/status.ts';
import type { Feed } from './origin.ts';
import { acceptedIn } from './progress-text.ts';
import { number, summaryLines, toTable } from './summary-table.ts';
import { aborted } from './stop-signals.ts';

/** How the first step ended. */
export type Collected =
  | { readonly kind: 'done' | 'stopped' }
  /** The collector cannot start as it is configured. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

const CANNOT_START = 1;

type Log = readonly { readonly message: string }[];

/** Its own words where it has any; else the last line of its log. */
const reasonOf = ({ code, words }: CollectorEnd, log: Log): string =>
  words === '' ? (log.at(-1)?.message ?? `it ended with code ${code}`) : words;

const failure = (end: CollectorEnd, log: Log): Collected => ({
  kind: end.code === CANNOT_START && end.words !== '' ? 'refused' : 'failed',
  reason: reasonOf(end, log),
});

/** Collects until everything that is there at the start is stored. Leaves a collector that goes on in `source`. */
export async function collectFirst(feed: Feed, source: StatusSource, signal: AbortSignal): Promise<Collected> {
  const { collect } = source;
  const watch = passWatch(feed.sources);
  const startedMs = Date.now();
  const collector = collectorProcess({
    args: feed.args,
    env: feed.env,
    onEvent: watch.see,
    ...(feed.healthPort === undefined ? {} : { healthPort: feed.healthPort }),
  });
  source.collector = collector;
  collect.state = 'running';
  collect.detail = () => {
    if (feed.healthPort === undefined) return 'reads the files';
    const accepted = number(acceptedIn(collector.status()));
    return feed.expected === undefined ? `${accepted} records` : `${accepted} of ${number(feed.expected)} records`;
  };
  const first = feed.sources.length === 0 ? new Promise<never>(() => undefined) : watch.ended;
  const outcome = await Promise.race([first, collector.ended, aborted(signal)]);
  if (outcome === 'stopped') return { kind: 'stopped' };

  if ('words' in outcome) {
    // An import ends by itself; its last line is the summary.
    const last = passCounts.safeParse(jsonOf(outcome.stdout)).data;
    if (feed.sources.length > 0 || last === undefined) return failure(outcome, collector.status().log);
    console.log(toTable(summaryLines(last)));
    const warning = outcome.code === 0 ? '' : '; some of it could not be read, see the log';
    collect.detail = () => `${number(last.accepted)} records${warning}`;
    return { kind: 'done' };
  }

  void collector.ended.then((end) => {
    if (!signal.aborted) console.error(`The collector has ended: ${reasonOf(end, collector.status().log)}`);
  });
  const counts = outcome.counts.get('activity-feed');
  if (counts !== undefined) console.log(toTable(summaryLines(counts)));
  for (const problem of outcome.problems) console.error(problem);
  const verified = await feed.verify?.(startedMs);
  if (verified !== undefined) (verified.isGood ? console.log : console.error)(verified.text);
  const read = verified?.text ?? `${number(counts?.accepted ?? 0)} records came in`;
  const detail = [read, ...outcome.problems].join(' ');
  collect.detail = () => detail;
  return verified?.isGood === false ? { kind: 'failed', reason: verified.text } : { kind: 'done' };
}

function jsonOf(stdout: string): unknown {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}
