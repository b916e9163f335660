/** A week of a simulated tenant as the real collector leaves it on disk: benign habits, every campaign, enriched. */
import { join } from 'node:path';
import { stories } from '../../simulator/campaigns/campaigns.ts';
import { writeSurroundings } from '../../simulator/write-surroundings.ts';
import { type Scene, scene } from '../e2e/harness.ts';

const DAYS = 7;

/** Collects once; the rows lie in `<directory>/rows`. */
export async function week({ users }: { readonly users: number }): Promise<Scene> {
  const made = await scene({
    users,
    days: DAYS,
    seed: '1',
    habits: 'benign',
    campaigns: stories.map(({ name }) => name),
    switches: { quotaPerMinute: 100_000 },
  });
  const { code, stderr } = await made.collect(['once'], {
    ...made.tenant.env,
    REQUESTS_PER_MINUTE: '100000',
    SOURCES: 'activity-feed,usage-report',
    ENRICH: 'users,labels,agents,files,meetings',
  });
  if (code !== 0) throw new Error(`the collector ended with ${code}: ${stderr}`);
  await writeSurroundings(join(made.directory, 'rows'), made.tenant);
  return made;
}
