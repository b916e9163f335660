import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { feed } from './feed.ts';
import type { FeedBlob } from './feed-blob.ts';
import { certificates } from './server/certificates.ts';
import { chance, seededGuid } from './server/chance.ts';
import { assertFaults, faultMenu } from './server/faults.ts';
import type { Report } from './server/report.ts';
import { servers } from './server/servers.ts';
import { liveSwitches, type Switches } from './server/switches.ts';
import { tenant } from './tenant/tenant.ts';

/** What to simulate; everything has a default. */
export interface SimulatorOptions {
  /** Same seed, same tenant, records, credentials and choice of faults; default 1. */
  readonly seed?: number | string;
  /** People in the tenant; default 50. */
  readonly users?: number;
  /** Days of content before the start; default 3. */
  readonly days?: number;
  /** Hours of content that become available after the start, as time passes; default 0. */
  readonly aheadHours?: number;
  /** Port of Entra and the feed on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  /** Simulated time at the start, epoch milliseconds; it then passes as real time does. Default: the real time. */
  readonly now?: number;
  /** The simulated clock itself, epoch milliseconds; overrides `now`. */
  readonly clock?: () => number;
  /** Names from the fault menu; an unknown one throws an error that lists the menu. */
  readonly faults?: readonly string[];
  /** These blobs instead of generated ones. */
  readonly blobs?: readonly FeedBlob[];
  /** Entries on a page of a listing; default 100. */
  readonly pageSize?: number;
  readonly switches?: Partial<Switches>;
}

/** A running tenant. */
export interface Simulator {
  /** Origin of Entra and of the Management Activity API. */
  readonly url: string;
  readonly foreignUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM file with key and certificate of the registered application. */
  readonly certificatePath: string;
  /** PEM file of the CA that signed the servers' certificates. */
  readonly caPath: string;
  /** The same CA as text. */
  readonly ca: string;
  /** Environment that points the collector here, with the client secret. */
  readonly env: Readonly<Record<string, string>>;
  /** The same with a managed identity instead. */
  readonly managedIdentityEnv: Readonly<Record<string, string>>;
  /** The same with the certificate instead. */
  readonly certificateEnv: Readonly<Record<string, string>>;
  readonly blobs: readonly FeedBlob[];
  /** What clients did so far; ids are expected that were visible at `asOfMs`, by default now on the simulated clock. */
  report(asOfMs?: number): Report;
  /** Stops within a second, destroys open connections and deletes the temporary files. */
  close(): Promise<void>;
}

const hourMs = 3_600_000;

/** Starts a simulated Microsoft 365 tenant and its APIs on loopback. */
export async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { seed = 1, users = 50, days = 3, aheadHours = 0, faults = [] } = options;
  assertFaults(faults);
  const offsetMs = (options.now ?? Date.now()) - Date.now();
  const clock = options.clock ?? (() => Date.now() + offsetMs);
  const startMs = clock();
  const people = tenant({ seed, users });
  const blobs =
    options.blobs ??
    feed({
      tenant: people,
      seed,
      fromMs: startMs - days * 24 * hourMs,
      toMs: startMs + aheadHours * hourMs,
      faults: faults.filter((name) => faultMenu[name]?.inContent),
    });
  const tenantId = people.id;
  const clientId = seededGuid(seed, 'application');
  const clientSecret = `sim~${chance(seed, 'secret').toString(36).slice(2)}`;
  const identitySecret = seededGuid(seed, 'identity-header');
  const made = await certificates();
  const directory = await mkdtemp(join(tmpdir(), 'simulator-'));
  const [caPath, certificatePath] = [join(directory, 'ca.pem'), join(directory, 'application.pem')];
  await writeFile(caPath, made.ca);
  await writeFile(certificatePath, `${made.application.key}\n${made.application.cert}\n`, { mode: 0o600 });
  const running = await servers({
    tenantId,
    clientId,
    clientSecret,
    identitySecret,
    certificates: made,
    blobs,
    clock,
    port: options.port ?? 0,
    seed,
    faults,
    pageSize: options.pageSize ?? 100,
    switches: { ...liveSwitches, ...options.switches },
  });
  const base = {
    TENANT_ID: tenantId,
    ACTIVITY_FEED_URL: running.url,
    AZURE_AUTHORITY_HOST: running.url,
    NODE_EXTRA_CA_CERTS: caPath,
    AZURE_CLIENT_ID: clientId,
  };
  return {
    url: running.url,
    foreignUrl: running.foreignUrl,
    tenantId,
    clientId,
    clientSecret,
    certificatePath,
    caPath,
    ca: made.ca,
    env: { ...base, AZURE_TENANT_ID: tenantId, AZURE_CLIENT_SECRET: clientSecret },
    managedIdentityEnv: { ...base, IDENTITY_ENDPOINT: running.identityUrl, IDENTITY_HEADER: identitySecret },
    certificateEnv: { ...base, AZURE_TENANT_ID: tenantId, AZURE_CLIENT_CERTIFICATE_PATH: certificatePath },
    blobs,
    report: (asOfMs = clock()) => running.report(asOfMs),
    close: async () => {
      await running.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
