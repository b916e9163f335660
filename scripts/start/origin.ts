/** Where the rows of a console come from: a simulated tenant, a real one, or exported logs. */
import type { Mode } from '../../workspace/console/api.ts';
import type { Flags } from './flags.ts';
import { freePort } from './free-port.ts';
import type { Places } from './places.ts';
import { simulatedSources } from './progress-text.ts';
import { simulatedTenant } from './simulated-tenant.ts';
import { compareStored, defectOf } from './stored-records.ts';
import { number } from './summary-table.ts';

// New content comes while the console is open, and is there soon.
const AHEAD_HOURS = 12;
const SIMULATED_POLL_SECONDS = '15';

/** What is to be collected, ready for a collector. */
export interface Feed {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of a collector that answers /metrics. */
  readonly healthPort?: number;
  /** Sources whose first pass is waited for; none: the collector ends by itself. */
  readonly sources: readonly string[];
  /** Records that are there at the start, where that is known. */
  readonly expected?: number;
  /** Compares what is stored with what was there at a time: a sentence, and whether it is as it should be. */
  readonly verify?: (asOfMs: number) => Promise<{ readonly text: string; readonly isGood: boolean }>;
  readonly close: () => Promise<void>;
}

/** A kind of start. */
export interface Origin {
  readonly mode: Mode;
  readonly title: string;
  /** Makes the feed ready; takes seconds for a simulated tenant. */
  readonly open: (places: Places) => Promise<Feed>;
}

const nothing = (): Promise<void> => Promise.resolve();

function simulated({ users, days, seed }: Flags): Origin {
  const open = async ({ rows, env }: Places): Promise<Feed> => {
    console.log(`Simulating ${users} people over ${days} days (seed ${seed}) ...`);
    const tenant = await simulatedTenant({ users, days, seed, aheadHours: AHEAD_HOURS, rows });
    return {
      args: ['run'],
      env: { ...tenant.env, ...env, POLL_SECONDS: SIMULATED_POLL_SECONDS },
      healthPort: await freePort(),
      sources: simulatedSources,
      expected: tenant.expected,
      verify: async (asOfMs) => {
        const found = await compareStored(rows, await tenant.idsAt(asOfMs));
        const defect = defectOf(found);
        const text = `All ${number(found.expected)} Copilot records that were in the tenant are stored, each once.`;
        return { text: defect ?? text, isGood: defect === undefined };
      },
      close: tenant.close,
    };
  };
  return { mode: 'simulated', title: `Simulated tenant, ${users} people, ${days} days`, open };
}

function realTenant(): Origin {
  const open = async ({ env }: Places): Promise<Feed> => ({
    args: ['run'],
    env,
    healthPort: await freePort(),
    sources: (process.env['SOURCES'] ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .concat((process.env['SOURCES'] ?? '').trim() === '' ? ['activity-feed'] : []),
    close: nothing,
  });
  return { mode: 'tenant', title: `Tenant ${process.env['TENANT_ID'] ?? '(TENANT_ID is not set)'}`, open };
}

function exported(files: readonly string[]): Origin {
  const open = ({ env }: Places): Promise<Feed> =>
    Promise.resolve({ args: ['import', ...files], env, sources: [], close: nothing });
  const [first = '', ...more] = files.map((file) => file.replace(/^.*[/\\]/, ''));
  return { mode: 'import', title: `Import of ${first}${more.length > 0 ? ` and ${more.length} more` : ''}`, open };
}

/** The origin that was asked for. */
export function originOf(flags: Flags): Origin {
  if (flags.import !== undefined) return exported(flags.import);
  return flags.tenant === true ? realTenant() : simulated(flags);
}
