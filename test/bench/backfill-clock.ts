/**
 * Loaded before the collector: long waits take no time but move the clock, and so do answers of audit queries, which on
 * loopback come at once. CLOCK is the file of the clock, PAGE_MS and CALL_MS what a page of records and any other call take.
 */
import { subscribe } from 'node:diagnostics_channel';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { z } from 'zod';
import { ownClock } from './shared-clock.ts';

const { CLOCK, PAGE_MS, CALL_MS } = z
  .object({ CLOCK: z.string(), PAGE_MS: z.coerce.number(), CALL_MS: z.coerce.number() })
  .parse(process.env);
const clock = ownClock(CLOCK);
Date.now = () => Math.floor(clock.now());

// Shorter ones are between tries of a request on loopback, and are part of what is measured.
const SHORTEST_MS = 1000;
const realSleep = timers.setTimeout;
const sleep: typeof realSleep = (ms = 0, value, options) => {
  if (ms < SHORTEST_MS) return realSleep(ms, value, options);
  clock.advance(ms);
  return realSleep(0, value, options);
};
Object.assign(timers, { setTimeout: sleep });
syncBuiltinESMExports();

const created = z.object({ request: z.object({ path: z.string() }) });
subscribe('undici:request:create', (message) => {
  const told = created.safeParse(message);
  const path = told.success ? told.data.request.path : '';
  if (path.includes('/auditLog/queries')) clock.advance(path.includes('/records') ? PAGE_MS : CALL_MS);
});
