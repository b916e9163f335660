import type { Source } from '../contracts.ts';
import { emptySummary, type PassSummary, plus } from '../pass-summary.ts';
import type { Signals } from '../pipeline.ts';
import { type Collector, worker } from './collector.ts';
import type { Progress } from './progress.ts';

/** One pass of each source. `isComplete` is false when a source ended early, lost something or left a blob parked. */
export async function once(
  collector: Collector,
  sources: readonly Source[],
  signals: Signals,
  progress: Progress,
): Promise<{ readonly summary: PassSummary; readonly isComplete: boolean }> {
  const work = worker(collector);
  let summary = emptySummary();
  let isComplete = true;
  try {
    for (const source of sources) {
      const result = await work.pass(source, signals, (counts, readUpTo) =>
        progress.show(source.name, counts, readUpTo),
      );
      summary = plus(summary, result.summary);
      if (result.error !== undefined || result.parked > 0 || result.summary.gaps > 0) isComplete = false;
    }
  } finally {
    progress.end();
    await work.close();
  }
  return { summary, isComplete: isComplete && !signals.reading.aborted };
}
