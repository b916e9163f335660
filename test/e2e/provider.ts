/** The side of a managed security provider: identities for its collectors, and one endpoint with a rule for each tenant. */
import { productStreams } from '../../simulator/server/streams.ts';
import { certificates } from '../../simulator/server/certificates.ts';
import { seededGuid } from '../../simulator/server/chance.ts';
import { changingFaults } from '../../simulator/server/fault-injector.ts';
import { ingestionTenant } from '../../simulator/server/ingestion-tenant.ts';
import { listener, type Listener } from '../../simulator/server/listener.ts';
import { identityPath, managedIdentity } from '../../simulator/server/managed-identity.ts';
import type { Call, Head } from '../../simulator/server/reply.ts';
import type { StoredRow } from '../../simulator/server/row-intake.ts';
import { liveSwitches } from '../../simulator/server/switches.ts';
import { tokenIssuer } from '../../simulator/server/tokens.ts';
import { exchangeAudience, exchangeIssuer, type Trust } from '../../simulator/server/trust.ts';

/** What the provider has for one customer: an identity, and a data collection rule that no other identity writes through. */
export interface Desk {
  /** Federated credential that lets the customer's application trust this identity. */
  readonly trust: Trust;
  /** Points a collector at identity, endpoint and rule. */
  readonly env: Readonly<Record<string, string>>;
  readonly stored: (table: string) => readonly StoredRow[];
}

/** The provider, with a desk for each name. */
export interface Provider {
  readonly tenantId: string;
  /** CA of the endpoint. */
  readonly ca: string;
  readonly desks: readonly Desk[];
  /** Data collection rules that requests named, in their order, with the answer's status. */
  readonly requests: readonly { readonly rule: string; readonly status: number }[];
  close(): Promise<void>;
}

const RULE = /^\/dataCollectionRules\/(dcr-[0-9a-f]{32})\//;

/** Starts it; `seed` gives ids. */
export async function provider(seed: string, names: readonly string[]): Promise<Provider> {
  const tenantId = seededGuid(seed, 'provider');
  const [tokens, tls] = await Promise.all([tokenIssuer(tenantId), certificates()]);
  const open: Listener[] = [];
  const requests: { rule: string; status: number }[] = [];
  const switches = liveSwitches;
  const wire = { port: 0, dateMs: Date.now, slowMs: 0 };
  const faults = changingFaults({ seed, names: [], blobs: [], nowMs: Date.now(), count: () => undefined });
  const made = names.map((name) => {
    const clientId = seededGuid(seed, `${name} client`);
    const principalId = seededGuid(seed, `${name} principal`);
    const immutableId = `dcr-${seededGuid(seed, `${name} rule`).replaceAll('-', '')}`;
    const rights = {
      objectId: () => principalId,
      // The identity reads nothing: only the customer's application does.
      roles: () => [],
      mayPublish: (objectId: string) => objectId === principalId,
    };
    const azure = ingestionTenant({
      immutableId,
      streams: productStreams(),
      tokens,
      rights,
      switches,
      faults,
      countFault: () => undefined,
      seed,
      blobs: [],
      clock: Date.now,
      workspaceId: seededGuid(seed, 'workspace'),
      ingestionClock: Date.now,
    });
    return { name, clientId, principalId, immutableId, rights, azure };
  });
  const ruleOf = ({ path }: Head): string => RULE.exec(path)?.[1] ?? '';
  const azureOf = (head: Head) => (made.find(({ immutableId }) => immutableId === ruleOf(head)) ?? made[0])?.azure;
  const endpoint = await listener({
    ...wire,
    tls: tls.server,
    handle: async (call: Call) => {
      const reply = await azureOf(call)?.listening.handle(call);
      if (reply === undefined) throw new Error('the provider has no desk');
      requests.push({ rule: ruleOf(call), status: reply.status });
      return reply;
    },
    onHalfBody: (head, half) => azureOf(head)?.listening.onHalfBody?.(head, half) ?? Promise.resolve('read on'),
  });
  open.push(endpoint);
  const desks: Desk[] = [];
  for (const { name, clientId, principalId, immutableId, rights, azure } of made) {
    const secret = seededGuid(seed, `${name} header`);
    // As in Azure: a container is offered its own identity and no other.
    const identity = await listener({
      ...wire,
      handle: managedIdentity({
        tenantId,
        clientId,
        secret,
        tokens,
        rights,
        lifetimeSeconds: () => 3600,
        onIssued: () => undefined,
      }),
    });
    open.push(identity);
    desks.push({
      trust: {
        issuer: exchangeIssuer(tenantId),
        subject: principalId,
        audience: exchangeAudience,
        publicKey: tokens.publicKey,
      },
      env: {
        AZURE_CLIENT_ID: clientId,
        IDENTITY_ENDPOINT: `${identity.origin}${identityPath}`,
        IDENTITY_HEADER: secret,
        INGESTION_URL: endpoint.origin,
        DCR_IMMUTABLE_ID: immutableId,
      },
      stored: azure.stored,
    });
  }
  return {
    tenantId,
    ca: tls.ca,
    desks,
    requests,
    close: async () => {
      await Promise.all(open.map((one) => one.close()));
    },
  };
}
