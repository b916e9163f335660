/** A collector in this process whose waits are short, and whose process can be made to die at any point. */
import { compose } from '../../collector/compose.ts';
import type { Config } from '../../collector/config.ts';
import { worker } from '../../collector/commands/collector.ts';
import { toCredential } from '../../collector/credentials.ts';
import { httpClient } from '../../collector/http.ts';
import { silentLog } from '../../collector/log.ts';
import type { PassResult } from '../../collector/pipeline.ts';
import { logsIngestion } from '../../collector/sinks/logs-ingestion.ts';
import { activityFeed } from '../../collector/sources/activity-feed/activity-feed.ts';
import { feedApi } from '../../collector/sources/activity-feed/api.ts';
import type { CollectorState } from '../../collector/state/held-state.ts';
import type { Place } from '../../collector/state/place.ts';
import { state } from '../../collector/state/state.ts';

/** What the collector asks of its state, and whether the state has done it yet. */
export type PlaceMoment = `${'append' | 'checkpoint'} ${'asked' | 'done'}`;

/** What becomes of a life. */
export interface Life {
  /** One pass; rejects with what went wrong. */
  pass(): Promise<PassResult>;
  /** What was loaded; undefined before. */
  readonly held: CollectorState | undefined;
  /** As SIGKILL: nothing is finished, saved or let go. */
  kill(): void;
  readonly isKilled: boolean;
  /** As SIGTERM: reading ends at once; writing too when its time is up. */
  stop(writing: 'may end' | 'ends at once'): void;
  readonly isStopped: boolean;
  /** An orderly end; of a killed life, only what the operating system would close. */
  end(): Promise<void>;
}

/** Told of what happens at the place; what it throws, the collector gets for an answer. */
export type OnPlace = (moment: PlaceMoment | 'other', text: string) => void;

/** A place that fails as `on` says. */
function frail(place: Place, on: OnPlace): Place {
  const other =
    <A extends readonly unknown[], T>(act: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      on('other', '');
      return act(...args);
    };
  return {
    name: place.name,
    open: other(() => place.open()),
    readCheckpoint: other(() => place.readCheckpoint()),
    async replaceCheckpoint(text) {
      on('checkpoint asked', text);
      await place.replaceCheckpoint(text);
      on('checkpoint done', text);
    },
    read: other((...args) => place.read(...args)),
    async append(...args) {
      on('append asked', '');
      await place.append(...args);
      on('append done', '');
    },
    list: other(() => place.list()),
    remove: other((segment) => place.remove(segment)),
    close: other(() => place.close()),
  };
}

// The only thing that is not as `compose` makes it: with the waits of the product, a month would take a day.
const short = { backoffMs: 5, maxBackoffMs: 40 };

/** Starts a life of the collector over the state at `place`. */
export function life(config: Config, place: Place, now: () => number, onPlace: OnPlace): Life {
  const { rows } = config;
  if (rows.kind !== 'endpoint') throw new Error('soak: rows go to an endpoint');
  const log = silentLog();
  const parts = compose(config, { log, purpose: 'collect', credential: (who) => toCredential(who, config), now });
  const http = httpClient({
    ...short,
    origin: config.feedUrl,
    token: parts.token,
    requestsPerMinute: config.requestsPerMinute,
    // A Retry-After of a second ends the pass.
    maxPauseMs: 900,
    now,
  });
  const { tenantId = '', publisherId = '' } = config;
  const feed = activityFeed({ api: feedApi({ http, tenantId, publisherId }), concurrency: 8, retryMs: 5 });
  const sink = logsIngestion({
    ...short,
    ...rows,
    credential: () => toCredential(config.azureIdentity, config),
    log,
    now,
    tries: 6,
    maxPauseMs: 30,
    timeoutMs: 1000,
    deadlineMs: 5000,
    forbiddenWaitsMs: [10],
  });
  const reading = new AbortController();
  const writing = new AbortController();
  let isKilled = false;
  let held: CollectorState | undefined;
  const store = state(
    frail(place, (moment, text) => {
      if (!isKilled) onPlace(moment, text);
      // Nobody is left to ask, or to be told of what was done just before.
      if (isKilled) throw new Error('this process is dead');
    }),
    { now },
  );
  const watched = { ...store, load: async () => (held = await store.load()) };
  const pipeline = { ...parts.collector.pipeline, state: watched, sink };
  const work = worker({ ...parts.collector, sources: [feed], state: watched, sink, pipeline });

  return {
    pass: () => work.pass(feed, { reading: reading.signal, writing: writing.signal }),
    get held() {
      return held;
    },
    kill() {
      isKilled = true;
      reading.abort();
      writing.abort();
    },
    get isKilled() {
      return isKilled;
    },
    stop(rest) {
      reading.abort();
      if (rest === 'ends at once') writing.abort();
    },
    get isStopped() {
      return reading.signal.aborted;
    },
    async end() {
      await work.close().catch(() => undefined);
      await http[Symbol.asyncDispose]();
      await parts[Symbol.asyncDispose]();
    },
  };
}
