/** Which deployment is looked at: the outputs of the stack, or ids. */
import { z } from 'zod';
import { workspaceId } from '../configuration-types.ts';
import type { WorkspaceId } from '../types.ts';

/** A workspace of the deployment, and what is known of it. */
export interface Site {
  readonly id: WorkspaceId;
  /** Data collection rules that write here; none: they are not looked at. */
  readonly rules: readonly Rule[];
  /** Tenants that write here; none: whoever wrote counts. */
  readonly tenants: readonly { readonly id: string; readonly name: string }[];
}

/** A data collection rule. */
export interface Rule {
  /** ARM id. */
  readonly id: string;
  /** As the collector knows it; absent: not compared. */
  readonly immutableId: string | undefined;
  /** What the tenant is called whose rows go through it; empty: not known. */
  readonly tenant: string;
}

/** A deployment. */
export interface Deployment {
  readonly environment: 'public' | 'usgovernment';
  readonly sites: readonly Site[];
}

const outputsShape = z.object({
  workspacesWithContent: z.array(z.object({ id: workspaceId, endpoint: z.string() })).min(1),
  tenants: z.record(
    z.string(),
    z.object({ name: z.string(), workspaceId: z.string(), ruleId: z.string(), ruleImmutableId: z.string() }),
  ),
});

const HOW = 'give what `pulumi stack output --json` prints, after `pulumi up`';

/** The deployment of a stack, from the text of `pulumi stack output --json`. @throws Error naming what is missing. */
export function parseOutputs(text: string): Deployment {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`--outputs: no JSON: ${HOW}`, { cause: error });
  }
  const parsed = outputsShape.safeParse(json);
  if (!parsed.success) {
    const where = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
    throw new Error(`--outputs: not the outputs of this program (${where}): ${HOW}`);
  }
  const { workspacesWithContent: found, tenants } = parsed.data;
  const isGovernment = found.some(({ endpoint }) => URL.parse(endpoint)?.hostname.endsWith('.us') === true);
  return {
    environment: isGovernment ? 'usgovernment' : 'public',
    sites: found.map(({ id }) => {
      const own = Object.entries(tenants).filter(([, one]) => one.workspaceId.toLowerCase() === id.id.toLowerCase());
      return {
        id,
        rules: own.map(([, { ruleId, ruleImmutableId, name }]) => ({
          id: ruleId,
          immutableId: ruleImmutableId,
          tenant: name,
        })),
        tenants: own.map(([tenantId, { name }]) => ({ id: tenantId.toLowerCase(), name })),
      };
    }),
  };
}

const RULE_ID =
  /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Insights\/dataCollectionRules\/[^/]+$/i;

/** A deployment with one workspace, by ids. @throws Error naming the option that holds none. */
export function byIds(options: {
  readonly workspace: string;
  readonly rule?: string;
  readonly tenants: readonly string[];
  readonly environment: Deployment['environment'];
}): Deployment {
  const { workspace, rule, tenants, environment } = options;
  const id = workspaceId.safeParse(workspace);
  if (!id.success) throw new Error(`--workspace ${workspace}: ${id.error.issues[0]?.message ?? 'not a resource id'}`);
  if (rule !== undefined && !RULE_ID.test(rule))
    throw new Error(`--rule ${rule}: must be the resource id of a data collection rule, as the Azure portal shows it`);
  const named = tenants.map((tenant) => ({ id: tenant.toLowerCase(), name: tenant }));
  const rules = rule === undefined ? [] : [{ id: rule, immutableId: undefined, tenant: '' }];
  return { environment, sites: [{ id: id.data, rules, tenants: named }] };
}
