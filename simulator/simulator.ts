import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environments, type Environments } from './environment.ts';
import type { Campaign } from './campaigns/campaign.ts';
import { content, type Habits } from './content.ts';
import type { FeedBlob } from './feed-blob.ts';
import { past } from './past.ts';
import type { PlantedItem, PlantedRow } from './planted.ts';
import { certificates, type Certificates } from './server/certificates.ts';
import { chance, seededGuid } from './server/chance.ts';
import { assertFaults, faultMenu } from './server/faults.ts';
import type { FeedMoment, OnIngestion, OnMoment } from './server/moments.ts';
import type { Report } from './server/report.ts';
import type { StoredRow } from './server/row-intake.ts';
import { servers } from './server/servers.ts';
import { assertStreams, productStreams, type Streams } from './server/streams.ts';
import { liveSwitches, type Switches } from './server/switches.ts';
import type { Trust } from './server/trust.ts';
import { tenant } from './tenant/tenant.ts';

/** What to simulate; everything has a default. */
export interface SimulatorOptions {
  /** Same seed, same tenant, records, credentials and choice of faults; default 1. */
  readonly seed?: number | string;
  /** People in the tenant; default 50. */
  readonly users?: number;
  /** Days of content before the start; default 3. */
  readonly days?: number;
  /** Days before those that only audit queries find, made when they are asked for; default 0. */
  readonly pastDays?: number;
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
  /** How the tenant's people behave; default `drawn`. */
  readonly habits?: Habits;
  /** Names of campaigns to plant into the days before the start; nothing else changes by them. */
  readonly campaigns?: readonly string[];
  /** These blobs instead of generated ones. */
  readonly blobs?: readonly FeedBlob[];
  /** Entries on a page of a listing; default 100. */
  readonly pageSize?: number;
  readonly switches?: Partial<Switches>;
  /** Federated credentials of the second application. Default: the tenant's own managed identity. */
  readonly trusts?: readonly Trust[];
  /** Streams that the data collection rule declares; default: the product's. */
  readonly streams?: Streams;
  /**
   * Azure Monitor's clock, epoch milliseconds, for receipt. Default: the machine's, whatever the feed's clock shows,
   * because clients stamp rows with it.
   */
  readonly ingestionClock?: () => number;
  /** Stored rows are also written to `DIR/<Table>/<YYYY-MM-DD>.ndjson`, a line for each. */
  readonly rowsDirectory?: string;
  /** Told the moments of ingestion requests; `n` is the number of the request, from 1. */
  readonly onIngestion?: OnIngestion;
  /** Told the moments of good answers of the feed; `n` counts listings and blobs apart, each from 1. */
  readonly onFeed?: OnMoment<FeedMoment>;
}

/**
 * A running tenant. `env` points the collector here with the client secret, the other sets with another way to sign in;
 * `splitEnv` reads with the second application and writes with the managed identity. `ingestionEnv` is apart, because a
 * collector may write to files instead.
 */
export interface Simulator extends Environments {
  /** Origin of Entra and of the Management Activity API. */
  readonly url: string;
  /** Origin of the data collection endpoint. */
  readonly ingestionUrl: string;
  /** Origin of Microsoft Graph. */
  readonly graphUrl: string;
  /** `dcr-` and 32 hexadecimal digits. */
  readonly immutableId: string;
  readonly foreignUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** PEM file with key and certificate of the registered application. */
  readonly certificatePath: string;
  /** The second application, for clients that read Microsoft 365 as somebody else. */
  readonly sourceClientId: string;
  readonly sourceClientSecret: string;
  readonly sourceCertificatePath: string;
  /** PEM file of the CA that signed the servers' certificates. */
  readonly caPath: string;
  /** The same CA as text. */
  readonly ca: string;
  readonly blobs: readonly FeedBlob[];
  /** What was planted, with the truth about it. */
  readonly campaigns: readonly Campaign[];
  /** Rows of other connectors that belong to the tenant's days: see `writeSurroundings`. */
  readonly rows: readonly PlantedRow[];
  /** Items of watchlists as the tenant's operators keep them. */
  readonly items: readonly PlantedItem[];
  /** Rows of a table such as CopilotAudit_CL in the order of their arrival; throws when the switch keepRows is 'ids'. */
  readonly stored: (table: string) => readonly StoredRow[];
  /** What clients did so far; ids are expected that were visible at `asOfMs`, by default now on the simulated clock. */
  report(asOfMs?: number): Report;
  /**
   * From now on these passing faults of the menu instead of the others, with limits that begin anew. Blobs that are spoilt
   * for good stay so, and what is in the content or holds from the start on (subscriptions, refused rows) stays, too.
   */
  readonly setFaults: (names: readonly string[]) => void;
  /** Stops within a second, destroys open connections and deletes the temporary files. */
  close(): Promise<void>;
}

const hourMs = 3_600_000;
// As long as the certificates live.
const federatedTokenSeconds = 30 * 86_400;

/** Starts a simulated Microsoft 365 tenant, its APIs, and Azure Monitor's ingestion on loopback. */
export async function simulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { seed = 1, users = 50, days = 3, aheadHours = 0, faults = [], streams = productStreams() } = options;
  assertFaults(faults);
  assertStreams(streams);
  const offsetMs = (options.now ?? Date.now()) - Date.now();
  const clock = options.clock ?? (() => Date.now() + offsetMs);
  const startMs = clock();
  const people = tenant({ seed, users });
  const { campaigns = [], habits = 'drawn', pastDays = 0 } = options;
  const fromMs = startMs - days * 24 * hourMs;
  const told =
    options.blobs === undefined
      ? content({
          tenant: people,
          seed,
          fromMs,
          toMs: startMs + aheadHours * hourMs,
          habits,
          campaigns,
          faults: faults.filter((name) => faultMenu[name]?.inContent),
        })
      : { blobs: options.blobs, campaigns: [], rows: [], items: [] };
  const { blobs } = told;
  const made = await certificates();
  const secret = (purpose: string): string => `sim~${chance(seed, purpose).toString(36).slice(2)}`;
  const application = {
    principal: 'application',
    clientId: seededGuid(seed, 'application'),
    clientSecret: secret('secret'),
    certificate: made.application.cert,
  } as const;
  const source = {
    principal: 'source-application',
    clientId: seededGuid(seed, 'source-application'),
    clientSecret: secret('source-secret'),
    certificate: made.sourceApplication.cert,
    trusts: options.trusts,
  } as const;
  const identitySecret = seededGuid(seed, 'identity-header');
  const immutableId = `dcr-${seededGuid(seed, 'dcr').replaceAll('-', '')}`;
  const running = await servers({
    tenant: people,
    applications: [application, source],
    identitySecret,
    certificates: made,
    blobs,
    past:
      pastDays === 0
        ? undefined
        : past({ tenant: people, seed, fromMs: fromMs - pastDays * 24 * hourMs, toMs: fromMs }),
    clock,
    port: options.port ?? 0,
    seed,
    faults,
    pageSize: options.pageSize ?? 100,
    switches: { ...liveSwitches, ...options.switches },
    workspaceId: seededGuid(seed, 'workspace'),
    immutableId,
    streams,
    ingestionClock: options.ingestionClock ?? Date.now,
    rowsDirectory: options.rowsDirectory,
    onIngestion: options.onIngestion,
    onFeed: options.onFeed,
  });
  const directory = await mkdtemp(join(tmpdir(), 'simulator-'));
  const [caPath, certificatePath] = [join(directory, 'ca.pem'), join(directory, 'application.pem')];
  const sourceCertificatePath = join(directory, 'source-application.pem');
  const federatedTokenPath = join(directory, 'federated-token');
  const pem = ({ key, cert }: Certificates['application']): string => `${key}\n${cert}\n`;
  await writeFile(caPath, made.ca);
  await writeFile(certificatePath, pem(made.application), { mode: 0o600 });
  await writeFile(sourceCertificatePath, pem(made.sourceApplication), { mode: 0o600 });
  await writeFile(federatedTokenPath, await running.federatedToken(federatedTokenSeconds), { mode: 0o600 });
  const known = {
    url: running.url,
    ingestionUrl: running.ingestionUrl,
    graphUrl: running.graphUrl,
    tenantId: people.id,
    clientId: application.clientId,
    clientSecret: application.clientSecret,
    certificatePath,
    sourceClientId: source.clientId,
    sourceClientSecret: source.clientSecret,
    caPath,
    immutableId,
  };
  return {
    ...known,
    ...environments({ ...known, identityUrl: running.identityUrl, identitySecret, federatedTokenPath }),
    foreignUrl: running.foreignUrl,
    sourceCertificatePath,
    ca: made.ca,
    blobs,
    campaigns: told.campaigns,
    rows: told.rows,
    items: told.items,
    stored: running.stored,
    report: (asOfMs = clock()) => running.report(asOfMs),
    setFaults: running.setFaults,
    close: async () => {
      await running.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
