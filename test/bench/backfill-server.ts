/**
 * A simulated tenant whose past audit queries find, in a process of its own, on a clock that the collector moves.
 * Arguments: users, days, file of the clock. Tells the parent where it is, and when asked how many records days hold, or what was done and what is true.
 */
import { z } from 'zod';
import { simulator } from '../../simulator/simulator.ts';
import { past } from '../../simulator/past.ts';
import { tenant } from '../../simulator/tenant/tenant.ts';
import { countOf, truthOf } from './backfill-truth.ts';
import { readClock } from './shared-clock.ts';

const [users = '', days = '', clockPath = ''] = process.argv.slice(2);
const seed = 1;
const clock = readClock(clockPath);
const startMs = clock();
const running = await simulator({
  seed,
  users: Number(users),
  days: 0,
  pastDays: Number(days),
  clock,
  switches: {
    keepReadings: 'counts',
    keepRows: 'ids',
    // Tokens are on the machine's clock, which the collector's leaves behind.
    tokenSeconds: 60 * 86_400,
  },
});

const own = past({
  tenant: tenant({ seed, users: Number(users) }),
  seed,
  fromMs: startMs - Number(days) * 86_400_000,
  toMs: startMs,
});

function report(firstDay: number, lastDay: number): object {
  const { readings, ...auditQueries } = running.report().auditQueries;
  return {
    ...auditQueries,
    readings: readings.length,
    peakMiB: process.resourceUsage().maxRSS / 1024,
    truth: truthOf(own, { firstDay, lastDay, operations: auditQueries.operationsAsked }),
  };
}

const asked = z.object({ what: z.enum(['count', 'report']), firstDay: z.number(), lastDay: z.number() });
process.on('message', (message) => {
  const { what, firstDay, lastDay } = asked.parse(message);
  process.send?.(what === 'count' ? countOf(own, firstDay, lastDay) : report(firstDay, lastDay));
});
process.on('disconnect', () => void running.close().then(() => process.exit(0)));
process.send?.({ env: running.env, caPath: running.caPath, startMs });
