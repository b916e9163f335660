/** Runs of the deployment's program that tests share: each configuration is run once in a run of the tests. */
import { createHash } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { inject } from 'vitest';
import { type Plan, planOf, type PlanOptions } from '../../infra/plan/plan.ts';

const runs = new Map<string, Promise<Plan>>();

/** Region of every configuration here. */
export const LOCATION = 'westeurope';
/** A workspace that exists before, in another subscription than the deployer's. */
export const ADOPTED_ID =
  '/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/log-soc';
/** An image pinned by digest. */
export const IMAGE = `registry.contoso.example/collector@sha256:${'0123456789abcdef'.repeat(4)}`;
/** A text that must show up nowhere but where a secret belongs. */
export const SECRET = 'invented-secret-7f3a';
export const TENANT_A = '00000000-0000-4000-8000-0000000000a1';
export const TENANT_B = '00000000-0000-4000-8000-0000000000b2';

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Whether it is this process that runs `claim`'s plan: the first who asks does, and the next if that one is gone. */
async function isOurs(claim: string): Promise<boolean> {
  try {
    await writeFile(claim, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    const owner = await readFile(claim, 'utf8').catch(() => '');
    // Empty for an instant, before its owner is written.
    if (owner !== '' && !isAlive(Number(owner))) await rm(claim, { force: true });
    return false;
  }
}

/** What another test file found out, or a run of the program: it takes seconds, and many files ask for the same. */
async function sharedPlan(key: string, options: PlanOptions): Promise<Plan> {
  const name = createHash('sha256').update(key).digest('hex');
  const path = join(inject('sharedDirectory'), `plan-${name}`);
  const claim = `${path}.claim`;
  for (;;) {
    const known = await readFile(path).catch(() => undefined);
    if (known !== undefined) return deserialize(known) as Plan;
    if (await isOurs(claim)) break;
    await sleep(50);
  }
  try {
    const plan = await planOf(options);
    // Whole or not there: another file may look at any time.
    await writeFile(`${path}.${process.pid}`, serialize(plan));
    await rename(`${path}.${process.pid}`, path);
    return plan;
  } catch (error) {
    await rm(claim, { force: true });
    throw error;
  }
}

/** The plan of a configuration, from the cache when a test asked for it before. */
export function runOf(options: Partial<PlanOptions> = {}): Promise<Plan> {
  const whole = { ...options, config: { 'azure-native:location': LOCATION, ...options.config } };
  const key = JSON.stringify(whole);
  const known = runs.get(key) ?? sharedPlan(key, whole);
  runs.set(key, known);
  return known;
}

/** The plan of a configuration that must succeed: throws with what the program said when it does not. */
export async function planned(options: Partial<PlanOptions> = {}): Promise<Plan> {
  const plan = await runOf(options);
  if (plan.exitCode !== 0) {
    throw new Error(`exit ${plan.exitCode}: ${plan.logs.map(({ message }) => message).join('\n')}\n${plan.printed}`);
  }
  return plan;
}

/** The resource with this name; throws when it is not there. */
export function named<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name} among ${all.map((one) => one.name).join(', ')}`);
  return found;
}
