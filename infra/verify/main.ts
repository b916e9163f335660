/** `npm run verify -- --outputs FILE`: looks at a deployment, and says of each part whether it is as it should be. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readContent } from '../content/read-content.ts';
import { azure, type Endpoints, endpointsOf } from './azure.ts';
import { credentialFor } from './credential.ts';
import { byIds, type Deployment, parseOutputs } from './deployment.ts';
import { expectedRules } from './expected-rules.ts';
import { toSummary, toTable } from './report.ts';
import { verify } from './verify.ts';

const PASSED = 0;
const FAILED = 2;

const root = fileURLToPath(new URL('../..', import.meta.url));

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('must be a number above 0');
}

interface Options {
  readonly outputs?: string;
  readonly workspace?: string;
  readonly rule?: string;
  readonly tenant: readonly string[];
  readonly environment: Deployment['environment'];
  readonly config?: string;
  readonly content: string;
  readonly healthMinutes: number;
  readonly auditHours: number;
  readonly timeout: number;
  readonly standIn?: string;
  readonly json?: true;
}

function deploymentOf(options: Options): Deployment {
  const { outputs, workspace, rule, tenant, environment } = options;
  if (outputs !== undefined) return parseOutputs(readFileSync(outputs === '-' ? 0 : outputs, 'utf8'));
  if (workspace === undefined)
    throw new Error(
      'give --outputs FILE with what `pulumi stack output --json` prints, or --workspace with a resource id',
    );
  return byIds({ workspace, ...(rule === undefined ? {} : { rule }), tenants: tenant, environment });
}

function endpointsFor(environment: Deployment['environment'], standIn: string | undefined): Endpoints {
  const endpoints = endpointsOf[environment];
  if (standIn === undefined) return endpoints;
  // Tokens go there: nowhere but to this machine.
  if (!/^https:\/\/(?:127\.0\.0\.1|localhost):\d+$/.test(standIn))
    throw new Error(`--stand-in ${standIn}: must be https on loopback, for tests only`);
  return { ...endpoints, management: standIn, logs: standIn };
}

async function run(options: Options): Promise<number> {
  const deployment = deploymentOf(options);
  const shipped = readContent(options.content);
  const content =
    options.config === undefined
      ? shipped
      : { ...shipped, rules: expectedRules(shipped.rules, readFileSync(options.config, 'utf8')) };
  const endpoints = endpointsFor(deployment.environment, options.standIn);
  const findings = await verify(
    deployment,
    ({ id }) =>
      azure(id, {
        credential: credentialFor(id.subscriptionId, deployment.environment),
        endpoints,
        timeoutMs: options.timeout * 1000,
      }),
    { content, healthMinutes: options.healthMinutes, auditMinutes: options.auditHours * 60 },
  );
  const isGood = findings.every(({ ok }) => ok);
  const page = `${toTable(findings)}\n${toSummary(findings)}`;
  process.stdout.write(`${options.json === true ? JSON.stringify({ ok: isGood, findings }, null, 2) : page}\n`);
  return isGood ? PASSED : FAILED;
}

const command = new Command('npm run verify --')
  .description('Compares a deployment with this folder. Signs in as the Azure CLI is; reads only.')
  .option('--outputs <file>', 'what `pulumi stack output --json` printed; - reads standard input')
  .option('--workspace <id>', 'without --outputs: resource id of the workspace')
  .option('--rule <id>', 'with --workspace: resource id of the data collection rule')
  .option(
    '--tenant <guid>',
    'with --workspace: tenant whose rows must be there; may be given more than once',
    (value: string, all: readonly string[]) => [...all, value],
    [],
  )
  .addOption(
    new Option('--environment <cloud>', 'with --workspace: cloud of Azure')
      .choices(['public', 'usgovernment'])
      .default('public'),
  )
  .option('--config <file>', 'Pulumi.<stack>.yaml: which rules are meant to be off; default: none')
  .addOption(new Option('--content <directory>', 'project that was deployed').default(root, 'this folder'))
  .option('--health-minutes <number>', 'age that the newest heartbeat may have', positive, 120)
  // A weekend, and the Monday until somebody starts.
  .option('--audit-hours <number>', 'age that the newest audit row may have', positive, 72)
  .option('--timeout <seconds>', 'for one request', positive, 30)
  .addOption(new Option('--stand-in <url>').hideHelp())
  .option('--json', 'the findings as JSON')
  .allowExcessArguments(false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? PASSED : FAILED))
  .action(async (options: Options) => {
    process.exitCode = await run(options);
  });

try {
  await command.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = FAILED;
}
