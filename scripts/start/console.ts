/** `npm start`: collects, runs the rules, and shows it all in a browser until it is stopped. */
import { consoleServer } from '../../workspace/console/serve.ts';
import { statusSource, toStatus } from '../../workspace/console/service/status.ts';
import { type Collected, collectFirst } from './collecting.ts';
import type { Flags } from './flags.ts';
import { type Feed, originOf } from './origin.ts';
import { openPlaces, placesOf } from './places.ts';
import { ruling } from './ruling.ts';
import { aborted, stopSignal } from './stop-signals.ts';

const CANNOT_START = 1;

/** Runs until Ctrl-C or SIGTERM. @returns the exit code */
export async function runConsole(flags: Flags): Promise<number> {
  const signal = stopSignal();
  const origin = originOf(flags);
  const places = placesOf(flags.directory, origin.mode);
  const source = statusSource({ mode: origin.mode, title: origin.title, rows: places.rows });
  const { rules, first, goOn } = ruling(origin.mode, places, source, signal);
  const server = await consoleServer({
    directory: places.rows,
    port: flags.port,
    status: () => toStatus(source, rules),
    incidents: rules.incidents,
  });
  let feed: Feed | undefined;
  let close: (() => Promise<void>) | undefined;

  const collect = async (): Promise<Collected> => {
    source.collect.detail = () => (origin.mode === 'simulated' ? 'makes the tenant' : 'starts');
    source.collect.state = 'running';
    feed = await origin.open(places);
    return signal.aborted ? { kind: 'stopped' } : collectFirst(feed, source, signal);
  };

  const runRules = async (): Promise<void> => {
    await first();
    if (signal.aborted) return;
    const { incidents, failures } = rules.status();
    const count = Object.values(incidents).reduce((sum, one) => sum + one, 0);
    console.log(`Rules have run: ${count} incidents, ${incidents.High} of them of high severity.`);
    for (const { rule, reason } of failures) console.error(`${rule} could not run: ${reason}`);
    console.log('Ctrl-C ends the console.');
    if (origin.mode !== 'import') await goOn();
  };

  try {
    close = await openPlaces(places, origin.mode);
    console.log(`Console: ${server.url}`);
    const collected = await collect();
    if (collected.kind === 'refused') {
      console.error(collected.reason);
      return CANNOT_START;
    }
    if (!signal.aborted) await runRules();
    await aborted(signal);
    return 0;
  } finally {
    await source.collector?.stop();
    await feed?.close();
    await server.close();
    await close?.();
  }
}
